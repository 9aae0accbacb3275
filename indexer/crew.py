"""Indexing many documents in several processes, few of them in this one.

Words are shared out before documents: most words of a collection stand in the documents of every
process, and a word met for the first time costs as much as some fifty that are known.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from crawler.model import Document
from indexer.engines.protocol import Part
from indexer.errors import SearchError
from indexer.workers import (
    PART,
    Answer,
    Reading,
    Report,
    Task,
    Unexplained,
    Words,
    analyzer_in,
    parts_of,
    reader_in,
    unexplained_among,
    work,
)

PROCESSES = 2
CHUNK = 100
WORTH_IT = 1_500
SHARE = 2_000  # words of a task


class Crew(Protocol):
    """Whoever does the work for one index."""

    def unexplained(self, words: Sequence[str]) -> set[str]:
        """The normalised words whose Kazakh stems the shipped lexicon does not have."""

    def read(self, words: Mapping[str, Sequence[str]]) -> Words:
        """Terms of plain words in small letters, by language, worth finding beforehand."""

    def parts(self, documents: Iterable[Document], report: Report) -> tuple[list[Part], Words]:
        """Write documents beside the index; the words met come with their terms.

        `report` gets numbers of documents done. The last that a crew does; raises SearchError
        when a process dies.
        """


@contextmanager
def crew_for(folder: Path, engine: str, count: int, whole: bool = False) -> Iterator[Crew]:
    """A crew for so many documents of the index in a folder; for the `whole` collection or not."""
    processes = min(PROCESSES, os.cpu_count() or 1)
    if count < WORTH_IT or processes < 2:
        yield _Alone(folder, engine)
        return
    pool = _Pool(processes, folder, engine, min(PART, count), whole)
    try:
        yield pool
    finally:
        pool.end()


class _Alone:
    """The process that asks, by itself."""

    def __init__(self, folder: Path, engine: str) -> None:
        self._folder, self._engine = folder, engine

    def unexplained(self, words: Sequence[str]) -> set[str]:
        return unexplained_among(words)

    def read(self, _words: Mapping[str, Sequence[str]]) -> Words:
        return {}  # words are read once anyway

    def parts(self, documents: Iterable[Document], report: Report) -> tuple[list[Part], Words]:
        reader = reader_in(self._folder, analyzer_in(self._folder))
        made = list(parts_of(self._folder, self._engine, documents, report, reader))
        return made, reader.familiar()


class _Pool:
    """Feeds processes with tasks and chunks of documents, gathers answers and parts."""

    def __init__(self, processes: int, *about: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self._work = context.Queue(maxsize=4 * processes)
        self._told = context.Queue()
        self._words: Words = {}
        self._answers: list[Any] = []
        self._parts: list[Part] = []
        self._report: Report = lambda _: None
        self._workers = [
            context.Process(target=work, args=(*about, self._work, self._told))
            for _ in range(processes)
        ]
        for worker in self._workers:
            worker.daemon = True
            worker.start()

    def unexplained(self, words: Sequence[str]) -> set[str]:
        return set().union(*self._ask([Unexplained(share) for share in _shares(words)]))

    def read(self, words: Mapping[str, Sequence[str]]) -> Words:
        found: Words = {}
        tasks = [Reading(name, share) for name, some in words.items() for share in _shares(some)]
        for told in self._ask(tasks):
            _join(found, told)
        return found

    def parts(self, documents: Iterable[Document], report: Report) -> tuple[list[Part], Words]:
        self._report = report
        waiting = iter(documents)
        while chunk := list(islice(waiting, CHUNK)):
            self._put(chunk)
        for _ in self._workers:
            self._put(None)
        ended = 0
        while ended < len(self._workers):
            ended += self._take(wait=True)
        return self._parts, self._words

    def end(self) -> None:
        """Let no process outlive the work, whatever has become of it."""
        self._work.cancel_join_thread()  # else chunks that nobody takes keep this process
        for worker in self._workers:
            worker.terminate()
            worker.join()

    def _ask(self, tasks: Sequence[Task]) -> list[Any]:
        """The answers to all tasks, in any order."""
        self._answers = []
        for task in tasks:
            self._put(task)
        while len(self._answers) < len(tasks):
            self._take(wait=True)
        return self._answers

    def _put(self, chunk: list[Document] | Task | None) -> None:
        while True:
            self._take(wait=False)
            try:
                self._work.put(chunk, timeout=0.2)
                return
            except queue.Full:
                self._check()

    def _take(self, wait: bool) -> int:
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
                    self._report(told)
                case Answer():
                    self._answers.append(told.value)
                case Part():
                    self._parts.append(told)
                case dict():
                    _join(self._words, told)
                case str():
                    raise SearchError(f"Indexing failed: {told}", "The old index is unharmed.")
                case None:
                    ended += 1

    def _check(self) -> None:
        if any(worker.exitcode not in (None, 0) for worker in self._workers):
            remedy = "Perhaps memory ran out. The old index is unharmed; run it again."
            raise SearchError("A process that indexes has died", remedy)


def _shares(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The words dealt out, so many at once."""
    for first in range(0, len(words), SHARE):
        yield tuple(words[first : first + SHARE])


def _join(words: Words, more: Words) -> None:
    for language, told in more.items():
        words.setdefault(language, {}).update(told)
