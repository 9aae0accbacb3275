"""Rows of made articles on the disk, analysed once, so that every engine gets the same ones.

The analysis is the real one (`row_of`, with a lexicon learned from the first articles as in every
rebuild); it takes longer than most engines do, so it is done once for all sizes and engines: the
first n articles of a larger collection are those of the smaller one.

    rows/lexicon.tsv, words.tsv     what was learned
    rows/00012.rows                 rows 120,001 to 130,000, pickled in lists of a thousand
    rows/familiar-<process>         the words met with their terms
"""

from __future__ import annotations

import gc
import pickle
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import corpus

from crawler.model import Document
from indexer.familiar import keep_familiar
from indexer.lexicon import MOST_DOCUMENTS, learn
from indexer.place import COUNTS, FAMILIAR, LEXICON
from indexer.rows import Row
from indexer.schema import row_of
from indexer.workers import Words, analyzer_in, reader_in

PIECE = 10_000
CHUNK = 1_000
PROCESSES = 2
SHIFT = 3  # days from one copy of the rows to the next

Source = list[tuple[str, list[str]]]


def documents(source: Source, count: int) -> Iterator[Document]:
    """The made articles as the store would give them."""
    for number, (article, event) in enumerate(corpus.made_articles(count, source), 1):
        yield Document(number, 1, number, article, event, corpus.SEEN, corpus.SEEN)


def piece_of(folder: Path, number: int) -> Path:
    """The file of a piece."""
    return folder / f"{number:05}.rows"


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a piece."""
    with path.open("rb") as stream:
        for _ in range(PIECE // CHUNK):
            yield from pickle.load(stream)


def moved_rows(folder: Path, number: int) -> Iterator[Row]:
    """The rows of a piece; beyond those analysed, copies of them with other numbers and days."""
    there = len(list(folder.glob("*.rows")))
    copy, piece = divmod(number, there)
    numbers, days = copy * there * PIECE, copy * SHIFT
    for row in read_rows(piece_of(folder, piece)):
        yield replace(
            row,
            id=row.id + numbers,
            sequence=row.sequence + numbers,
            first_day=row.first_day - days,
            last_day=row.last_day - days,
        )


def make_rows(folder: Path, source: Source, count: int, seconds: float) -> None:
    """Analyse what is not there yet, for at most so long; prints how fast."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / COUNTS).exists():
        started = time.perf_counter()
        learn(folder, documents(source, MOST_DOCUMENTS))
        print(f"learned from {MOST_DOCUMENTS} articles in {time.perf_counter() - started:.0f} s")
    missing = [n for n in range(count // PIECE) if not piece_of(folder, n).exists()]
    if missing:
        until = time.time() + seconds
        started = time.perf_counter()
        with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
            shares = (set(missing[one::PROCESSES]) for one in range(PROCESSES))
            work = [pool.submit(_analysed, folder, source, share, until) for share in shares]
            told = [one.result() for one in work]
        taken = time.perf_counter() - started
        done, busy = sum(one for one, _ in told), sum(one for _, one in told)
        print(
            f"analysis     {done} articles, {done / max(busy, 1e-6):.0f} docs/s a core,"
            f" {done / taken:.0f} docs/s in all with two processes, making the articles included",
            flush=True,
        )
    _join_familiar(folder)


def _analysed(folder: Path, source: Source, wanted: set[int], until: float) -> tuple[int, float]:
    """One process: the pieces wanted; how many articles, and the processor time of the analysis."""
    gc.disable()
    reader = reader_in(folder, analyzer_in(folder))
    made = documents(source, (max(wanted, default=-1) + 1) * PIECE)
    done, busy = 0, 0.0
    for number in range(max(wanted, default=-1) + 1):
        some = list(islice(made, PIECE))
        if number not in wanted:
            continue
        path = piece_of(folder, number)
        with path.with_suffix(".new").open("wb") as stream:
            for at in range(0, PIECE, CHUNK):
                started = time.process_time()
                rows = [row_of(document, reader) for document in some[at : at + CHUNK]]
                busy += time.process_time() - started
                pickle.dump(rows, stream, pickle.HIGHEST_PROTOCOL)
        path.with_suffix(".new").rename(path)
        done += PIECE
        if time.time() > until:
            break
    name = folder / f"familiar-{min(wanted, default=0)}"
    name.write_bytes(pickle.dumps(reader.familiar()))
    return done, busy


def _join_familiar(folder: Path) -> None:
    words: Words = {}
    for path in sorted(folder.glob("familiar-*")):
        for language, kept in pickle.loads(path.read_bytes()).items():
            words.setdefault(language, {}).update(kept)
    keep_familiar(folder / FAMILIAR, words)


LEARNED = (LEXICON, COUNTS, FAMILIAR)
