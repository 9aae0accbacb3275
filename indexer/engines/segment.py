"""One segment of an index as arrays: sorted terms, their postings, values and days of documents.

For each text field the terms stand in one blob in byte order, and the postings in the order
of the terms, so that all terms with one beginning own one stretch of postings.

    terms, ends      the blob; where each term ends in it
    first            where each term's postings begin (one more than terms)
    docs             document numbers inside the segment, rising within a term
    counts           how often the term stands in the document, at most 255
    weights          the same, each place weighted by its zone, in quarters, at most 255
    places_first     where each term's places begin; places: word numbers (`stem` alone)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from indexer.engines.arrays import Array, read_arrays
from indexer.engines.terms import Terms

QUARTERS = 4
MOST = 255  # that a count, weighted or not, is told as
GAP = 50  # between the last place of a zone and the first of the next
COLUMNS = 4  # values of a facet that most documents have no more of


class Postings(NamedTuple):
    """The documents of one term (or of one beginning, then with repeats)."""

    docs: Array
    weights: Array


class Field:
    """One text field of a segment."""

    def __init__(self, name: str, arrays: Mapping[str, Array]) -> None:
        self.terms = Terms(arrays[f"{name}.terms"], arrays[f"{name}.ends"])
        self.first = arrays[f"{name}.first"]
        self.docs = arrays[f"{name}.docs"]
        self.counts = arrays[f"{name}.counts"]
        self.weights = arrays[f"{name}.weights"]
        self.places_first = arrays.get(f"{name}.places_first")
        self.places = arrays.get(f"{name}.places")

    def postings(self, term: str) -> Postings:
        """The documents of a term."""
        return self.stretch(*self.span(term))

    def span(self, term: str) -> tuple[int, int]:
        """Where the postings of a term begin and end."""
        number = self.terms.find(term.encode())
        return (int(self.first[number]), int(self.first[number + 1])) if number >= 0 else (0, 0)

    def span_of_beginning(self, prefix: str) -> tuple[int, int]:
        """Where the postings of all terms with a beginning begin and end."""
        first, last = self.terms.beginning(prefix.encode())
        return int(self.first[first]), int(self.first[max(first, last)])

    def stretch(self, start: int, end: int) -> Postings:
        """The postings of a span; of several terms a document may come several times."""
        return Postings(self.docs[start:end], self.weights[start:end])

    def standing(self, term: str, wanted: Array) -> tuple[Array, Array]:
        """Where a term stands in the `wanted` documents (rising numbers).

        Returns two arrays: indices into `wanted`, and word numbers, sorted by both.
        """
        return self.standing_in(*self.span(term), wanted)

    def standing_in(self, start: int, end: int, wanted: Array) -> tuple[Array, Array]:
        """The same for a term whose postings begin and end there."""
        if start == end or self.places is None or self.places_first is None:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        at = np.searchsorted(self.first, self.first.dtype.type(start), side="right")
        number = int(at) - 1
        docs = self.docs[start:end]
        wanted = wanted.astype(docs.dtype)  # of one type, else searchsorted copies all postings
        at = np.searchsorted(docs, wanted)
        at[at == len(docs)] = 0
        which = np.flatnonzero(docs[at] == wanted)
        if not len(which):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        chosen = at[which]
        ends = np.cumsum(self.counts[start:end], dtype=np.int64)[chosen]
        counts = self.counts[start:end][chosen].astype(np.int64)
        index = spans(ends - counts + int(self.places_first[number]), counts)
        return np.repeat(which, counts), self.places[index].astype(np.int64)


def spans(starts: Array, counts: Array) -> Array:
    """The numbers of all stretches `start .. start + count - 1`, one after the other."""
    total = int(counts.sum())
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(total)


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a facet: `codes[starts[d]:starts[d + 1]]` are document d's, into `names`."""

    names: tuple[str, ...]
    starts: Array
    codes: Array

    def owners(self) -> Array:
        """The document of each code."""
        return np.repeat(np.arange(len(self.starts) - 1), self._counts())

    def columns(self) -> tuple[Array, ...]:
        """The first, second, ... code of each document, `len(names)` where it has no more.

        Nothing where a document has more values than COLUMNS.
        """
        counts = self._counts()
        if counts.max(initial=0) > COLUMNS:
            return ()
        made = []
        for number in range(max(int(counts.max(initial=0)), 1)):
            column = np.full(len(counts), len(self.names), np.intp)
            has = counts > number
            column[has] = self.codes[self.starts[:-1][has].astype(np.int64) + number]
            made.append(column)
        return tuple(made)

    def _counts(self) -> Array:
        return np.diff(self.starts.astype(np.int64))


class Segment:
    """One segment, its file kept open through mmap; nothing in it changes."""

    def __init__(self, path: Path) -> None:
        self.arrays, self.told = read_arrays(path)
        self.ids = self.arrays["ids"]
        self.first_days = self.arrays["first_days"]
        self.last_days = self.arrays["last_days"]
        self.lengths = self.arrays["lengths"]
        self.fields = {name: Field(name, self.arrays) for name in self.told["fields"]}
        self.values = {
            name: Values(
                tuple(names), self.arrays[f"{name}.value_starts"], self.arrays[f"{name}.codes"]
            )
            for name, names in self.told["values"].items()
        }

    def __len__(self) -> int:
        return len(self.ids)

    def word_counts(self, begin: str = "") -> Iterator[tuple[str, int]]:
        """Every word form with a beginning and the number of documents it stands in."""
        words = Terms(self.arrays["word.terms"], self.arrays["word.ends"])
        first, last = words.beginning(begin.encode())
        counts = self.arrays["word.frequencies"][first:last].tolist()
        yield from zip(words.texts(first, last), counts, strict=True)
