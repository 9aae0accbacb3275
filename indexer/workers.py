"""Analysing and writing many documents in several processes, each making parts of its own."""

from __future__ import annotations

import gc
import multiprocessing
import os
import queue
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from crawler.model import Document
from indexer.analysis import Analyzer
from indexer.engines.choice import engine_named
from indexer.engines.protocol import Part
from indexer.errors import SearchError
from indexer.familiar import Familiar, Kept
from indexer.kazakh.lexicon import load_lexicon
from indexer.place import COUNTS, FAMILIAR, LEXICON
from indexer.schema import row_of
from indexer.sharing import SharedAnalyzer
from indexer.terms import REMEMBERED, TextReader
from indexer.word_counts import load_counts

PROCESSES = 2
CHUNK = 100
PART = 10_000
WORTH_IT = 1_500

Report = Callable[[int], None]
Words = dict[str, dict[str, Kept]]


def analyzer_in(folder: Path) -> Analyzer:
    """The analyzer with the lexicon and the counts of an index; with the base ones where none."""
    path = folder / LEXICON
    lexicon = load_lexicon(path) if path.is_file() else None
    return SharedAnalyzer(lexicon, load_counts(folder / COUNTS))


def reader_in(folder: Path, analyzer: Analyzer, most: int = REMEMBERED) -> TextReader:
    """A reader of texts that knows the words which the index in a folder was made of.

    It remembers `most` other words of a language.
    """
    path = folder / FAMILIAR
    return TextReader(analyzer, Familiar(path) if path.is_file() else None, most)


def make_parts(
    folder: Path, engine: str, documents: Iterable[Document], count: int, report: Report
) -> tuple[list[Part], Words]:
    """Write documents beside the index in a folder; `report` gets numbers of documents done.

    Many documents (`count`) are shared out among processes; raises SearchError when one dies.
    Returns the parts, and the words met with their terms.
    """
    processes = min(PROCESSES, os.cpu_count() or 1)
    if count < WORTH_IT or processes < 2:
        reader = reader_in(folder, analyzer_in(folder))
        return list(_parts(folder, engine, documents, report, reader)), reader.familiar()
    return _Pool(folder, engine, processes, min(PART, count)).run(documents, report)


def _parts(
    folder: Path,
    engine: str,
    documents: Iterable[Document],
    report: Report,
    reader: TextReader,
    size: int = PART,
) -> Iterator[Part]:
    waiting = iter(documents)

    def rows(some: Iterable[Document]) -> Iterator[Any]:
        for document in some:
            yield row_of(document, reader)
            report(1)

    while True:
        part = engine_named(engine).prepare(folder, rows(islice(waiting, size)))
        if part is None:
            return
        yield part


class _Pool:
    """Feeds processes with chunks of documents and gathers the parts they make."""

    def __init__(self, folder: Path, engine: str, processes: int, part: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._work = context.Queue(maxsize=4 * processes)
        self._told = context.Queue()
        self._words: Words = {}
        self._workers = [
            context.Process(
                target=_work, args=(folder, engine, part, self._work, self._told), daemon=True
            )
            for _ in range(processes)
        ]

    def run(self, documents: Iterable[Document], report: Report) -> tuple[list[Part], Words]:
        parts: list[Part] = []
        for worker in self._workers:
            worker.start()
        try:
            waiting = iter(documents)
            while chunk := list(islice(waiting, CHUNK)):
                self._put(chunk, parts, report)
            for _ in self._workers:
                self._put(None, parts, report)
            ended = 0
            while ended < len(self._workers):
                ended += self._take(parts, report, wait=True)
        finally:
            self._work.cancel_join_thread()  # else chunks that nobody takes keep this process
            for worker in self._workers:
                worker.terminate()
                worker.join()
        return parts, self._words

    def _put(self, chunk: list[Document] | None, parts: list[Part], report: Report) -> None:
        while True:
            self._take(parts, report, wait=False)
            try:
                self._work.put(chunk, timeout=0.2)
                return
            except queue.Full:
                self._check()

    def _take(self, parts: list[Part], report: Report, wait: bool) -> int:
        """Hear what workers tell; returns how many have ended."""
        ended = 0
        while True:
            try:
                told = self._told.get(timeout=0.2) if wait else self._told.get_nowait()
            except queue.Empty:
                self._check()
                return ended
            wait = False
            match told:
                case int():
                    report(told)
                case Part():
                    parts.append(told)
                case dict():
                    for language, words in told.items():
                        self._words.setdefault(language, {}).update(words)
                case str():
                    raise SearchError(f"Indexing failed: {told}", "The old index is unharmed.")
                case None:
                    ended += 1

    def _check(self) -> None:
        if any(worker.exitcode not in (None, 0) for worker in self._workers):
            remedy = "Perhaps memory ran out. The old index is unharmed; run it again."
            raise SearchError("A process that indexes has died", remedy)


def _work(folder: Path, engine: str, part: int, work: Any, told: Any) -> None:
    """One process: take chunks until None comes, then end."""

    def documents() -> Iterator[Document]:
        while (chunk := work.get()) is not None:
            yield from chunk
            told.put(len(chunk))

    gc.disable()  # nothing here refers to itself; going through all words met takes a tenth
    try:
        reader = reader_in(folder, analyzer_in(folder))
        for made in _parts(folder, engine, documents(), lambda _: None, reader, part):
            told.put(made)
        told.put(reader.familiar())
        told.put(None)
    except OSError as error:
        told.put(f"{error.filename or folder}: {error.strerror}")
    except SearchError as error:
        told.put(str(error))
