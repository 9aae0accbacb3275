"""What a process does that takes part in indexing: it answers tasks, then makes parts of documents.

Who starts and feeds such processes is `crew.py`.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from multiprocessing import parent_process
from pathlib import Path
from threading import Thread
from typing import Any

from crawler.model import Document
from indexer.analysis import Analyzer, default_analyzer
from indexer.engines.choice import engine_named
from indexer.engines.protocol import Part
from indexer.errors import SearchError
from indexer.familiar import AtHand, Familiar, Kept
from indexer.kazakh.lexicon import load_lexicon
from indexer.place import COUNTS, FAMILIAR, LEXICON
from indexer.schema import row_of
from indexer.sharing import SharedAnalyzer
from indexer.terms import REMEMBERED, TextReader
from indexer.word_counts import load_counts

PART = 10_000

Report = Callable[[int], None]
Words = dict[str, dict[str, Kept]]


def analyzer_in(folder: Path) -> Analyzer:
    """The analyzer with the lexicon and the counts of an index; with the base ones where none."""
    path = folder / LEXICON
    lexicon = load_lexicon(path) if path.is_file() else None
    return SharedAnalyzer(lexicon, load_counts(folder / COUNTS))


def reader_in(
    folder: Path,
    analyzer: Analyzer,
    most: int = REMEMBERED,
    familiar: type[Familiar] = Familiar,
) -> TextReader:
    """A reader of texts that knows the words which the index in a folder was made of.

    It remembers `most` other words of a language.
    """
    path = folder / FAMILIAR
    return TextReader(analyzer, familiar(path) if path.is_file() else None, most)


def parts_of(
    folder: Path,
    engine: str,
    documents: Iterable[Document],
    report: Report,
    reader: TextReader,
    size: int = PART,
) -> Iterator[Part]:
    """Write documents beside the index in a folder, so many in a part."""
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


@dataclass(frozen=True, slots=True)
class Unexplained:
    """The task to say which normalised words have a stem that the shipped lexicon has not."""

    words: tuple[str, ...]

    def answer(self, _: Path) -> set[str]:
        """The words without a known stem."""
        return unexplained_among(self.words)


@dataclass(frozen=True, slots=True)
class Reading:
    """The task to find the terms of words, which are plain and in small letters."""

    language: str
    words: tuple[str, ...]

    def answer(self, folder: Path) -> Words:
        """The words with their terms, as the index in the folder has them."""
        reader = TextReader(_analyzer(folder))
        for word in self.words:
            reader.word(word, self.language)
        return reader.familiar()


Task = Unexplained | Reading


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a task."""

    value: Any


def unexplained_among(words: Iterable[str]) -> set[str]:
    """The normalised words whose Kazakh stems the shipped lexicon does not have."""
    analyzer = default_analyzer()
    return {word for word in words if analyzer.stem_of(word, "kk") not in analyzer.lexicon}


@cache
def _analyzer(folder: Path) -> Analyzer:
    """The analyzer of the index that this process works for."""
    return analyzer_in(folder)


def work(folder: Path, engine: str, part: int, whole: bool, tasks: Any, told: Any) -> None:
    """One process: answer tasks, then take chunks of documents until None comes, then end.

    Both come from one queue, documents when all tasks are answered: their analysis may rest
    on the answers. Tasks come for a `whole` collection: most of its words are familiar then.
    """

    def documents(chunk: Any) -> Iterator[Document]:
        while chunk is not None:
            yield from chunk
            told.put(len(chunk))
            chunk = tasks.get()

    Thread(target=_end_with_parent, daemon=True).start()
    gc.disable()  # nothing here refers to itself; going through all words met takes a tenth
    try:
        if whole:
            unexplained_among(("кітапхана",))  # the first question of all is answered slowly
        while isinstance(task := tasks.get(), Task):
            told.put(Answer(task.answer(folder)))
        familiar = AtHand if whole else Familiar
        reader = reader_in(folder, _analyzer(folder), familiar=familiar)
        for made in parts_of(folder, engine, documents(task), lambda _: None, reader, part):
            told.put(made)
        told.put(reader.familiar())
        told.put(None)
    except OSError as error:
        told.put(f"{error.filename or folder}: {error.strerror}")
    except SearchError as error:
        told.put(str(error))


def _end_with_parent() -> None:
    """Wait for the process that gives work to end, and end: nobody else will say that it has."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
