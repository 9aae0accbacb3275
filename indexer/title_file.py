"""Titles with their words and topics in one file, read through mmap: only what is asked for.

A row is an article; rows stand in the order of its id, so that a higher row is a newer article.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.engines.arrays import Array, read_arrays, write_arrays
from indexer.engines.terms import Terms
from indexer.kazakh.letters import fold

LONGEST_WORD = 100  # letters of a word that are kept; no one types more
MOST_LOOKED_UP = 3  # words of a question: a hundred of one letter each would take a second
_NO_WORD = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """A text as it is compared: small letters, Kazakh as Russian ones, a space before words."""
    return " " + fold(_NO_WORD.sub(" ", text.lower())).strip()


@dataclass(frozen=True, slots=True)
class Heading:
    """What suggestions need of an article."""

    id: int
    title: str
    topics: tuple[str, ...] = ()


def write_titles(path: Path, headings: Iterable[Heading]) -> None:
    """Write a new file; no id may come twice."""
    rows = sorted(headings, key=lambda one: one.id)
    arrays = {
        "ids": np.array([one.id for one in rows], np.int64),
        **_packed("titles", [_bytes(one.title) for one in rows]),
        **_listed("words", ({one[:LONGEST_WORD] for one in _words(row)} for row in rows)),
        **_listed("topics", (dict.fromkeys(row.topics) for row in rows)),
    }
    write_arrays(path, arrays, {})


def _words(row: Heading) -> list[str]:
    return plain(row.title).split()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _packed(name: str, texts: Sequence[bytes]) -> dict[str, Array]:
    ends = np.cumsum(np.array([len(one) for one in texts], np.int64), dtype=np.int64)
    return {name: np.frombuffer(b"".join(texts), np.uint8), f"{name}.ends": ends}


def _listed(name: str, texts: Iterable[Iterable[str]]) -> dict[str, Array]:
    """The sorted texts of all rows; of each the rows that have it, rising, from `starts` on."""
    known: dict[bytes, int] = {}
    numbers, rows = array("I"), array("I")
    for row, some in enumerate(texts):
        for text in some:
            numbers.append(known.setdefault(_bytes(text), len(known)))
            rows.append(row)
    order = sorted(known)
    places = np.zeros(len(known), np.uint32)
    places[[known[text] for text in order]] = np.arange(len(known), dtype=np.uint32)
    placed = places[np.array(numbers, np.uint32)]
    starts = np.zeros(len(known) + 1, np.int64)
    starts[1:] = np.cumsum(np.bincount(placed, minlength=len(known)))
    listed = np.array(rows, np.uint32)[np.argsort(placed, kind="stable")]
    return {**_packed(name, order), f"{name}.starts": starts, f"{name}.rows": listed}


class _Listed:
    """Texts and the rows that have them."""

    def __init__(self, arrays: dict[str, Array], name: str) -> None:
        self.texts = Terms(arrays[name], arrays[f"{name}.ends"])
        self._starts, self._rows = arrays[f"{name}.starts"], arrays[f"{name}.rows"]

    def span(self, text: str, whole: bool) -> tuple[int, int]:
        """The numbers of the texts that begin so (of the one that is so): first, one past last."""
        wanted = _bytes(text[:LONGEST_WORD])
        first, last = self.texts.beginning(wanted)
        if whole:
            last = first + (first < last and self.texts[first] == wanted)
        return first, last

    def count(self, first: int, last: int) -> int:
        """How many rows there are for some numbers, each as often as it has one of the texts."""
        return int(self._starts[last] - self._starts[first])

    def rows(self, first: int, last: int) -> Array:
        """The rows that have the texts from one number up to another."""
        found: Array = self._rows[self._starts[first] : self._starts[last]]
        return found


class TitleFile:
    """One file; nothing of it changes."""

    def __init__(self, path: Path) -> None:
        arrays, _ = read_arrays(path)
        self.name = path.name
        self.ids = arrays["ids"]
        self._titles = Terms(arrays["titles"], arrays["titles.ends"])
        self._words, self._topics = (_Listed(arrays, name) for name in ("words", "topics"))

    def __len__(self) -> int:
        return len(self.ids)

    def title(self, row: int) -> str:
        """The title as its article has it."""
        return self._titles[row].decode()

    def having(self, words: Sequence[str], whole: int, live: Array) -> Array:
        """The rows of `live` that have a word with each beginning; the first `whole` are words.

        Only the rarest of the words are looked up: whoever asks looks at the titles anyway.
        """
        spans = {self._words.span(word, number < whole) for number, word in enumerate(words)}
        found = live
        for first, last in sorted(spans, key=lambda one: self._words.count(*one))[:MOST_LOOKED_UP]:
            here = np.zeros(len(self), bool)
            here[self._words.rows(first, last)] = True
            found = found & here
        return np.flatnonzero(found)

    def topics(self, live: Array) -> Iterator[tuple[str, Array]]:
        """The topics, each with those of its rows that are `live`."""
        for number, topic in enumerate(self._topics.texts.texts()):
            rows = self._topics.rows(number, number + 1)
            if len(rows := rows[live[rows]]):
                yield topic, rows

    def headings(self, live: Array) -> Iterator[Heading]:
        """The rows that are `live`."""
        told: dict[int, list[str]] = {}
        for topic, rows in self.topics(live):
            for row in rows.tolist():
                told.setdefault(row, []).append(topic)
        for row in np.flatnonzero(live).tolist():
            yield Heading(int(self.ids[row]), self.title(row), tuple(told.get(row, ())))
