"""Making the arrays of a segment from rows."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from indexer.engines.arrays import Array
from indexer.engines.layout import (
    LoosePostings,
    Made,
    ValueLists,
    field_arrays,
    word_arrays,
)
from indexer.engines.protocol import TEXT_FIELDS, VALUE_FIELDS
from indexer.engines.segment import GAP, MOST, QUARTERS
from indexer.rows import Row, Zone

LAST_PLACE = 65_000


class _Occurrences:
    """Every word of every zone in the order of the documents; alike words have one number.

    Words are alike whose terms are the same in all fields, so a word costs one look-up, not one
    for each field.
    """

    def __init__(self) -> None:
        self._kinds = _Kinds()
        self._numbers = array("I")
        self._places = array("H")
        self._zones: list[tuple[int, int, int]] = []

    def add(self, doc: int, zone: Zone, places: Sequence[int], weight: int) -> None:
        """One zone's words."""
        kinds = self._kinds
        words = zip(zone.stems, zone.prefixes, zone.folded, zone.words, strict=True)
        self._numbers.extend([kinds[word] for word in words])
        self._places.extend(places)
        self._zones.append((doc, len(places), weight))

    def by_field(self) -> Iterator[_Found]:
        """The occurrences by the terms of each of TEXT_FIELDS, and by the words themselves."""
        docs, counts, weights = np.array(self._zones or [(0, 0, 0)], np.int64).T
        owners = np.repeat(docs.astype(np.uint32), counts)
        marks = np.repeat(weights.astype(np.uint8), counts)
        kinds = np.frombuffer(self._numbers, np.uint32)
        places = np.frombuffer(self._places, np.uint16)
        for column in range(len(TEXT_FIELDS) + 1):
            texts = [kind[column] for kind in self._kinds]
            terms = sorted({"", *texts}, key=str.encode)
            ranks = {term: number for number, term in enumerate(terms)}
            of_kind = np.array([ranks[text] for text in texts], np.uint32)
            numbers = of_kind[kinds] if len(kinds) else kinds
            order = _order(numbers)
            order = order[np.searchsorted(numbers, 1, sorter=order) :]  # empty terms are left out
            yield _Found(terms, numbers[order], owners[order], marks[order], places[order])


class _Kinds(dict[tuple[str, ...], int]):
    """Gives all that is new the next number."""

    def __missing__(self, kind: tuple[str, ...]) -> int:
        number = self[kind] = len(self)
        return number


class _Found(NamedTuple):
    """Terms in the order of their bytes; term, document, weight and place of each occurrence.

    Occurrences are in the order of their terms, those of one term as they stand in the texts.
    """

    terms: list[str]
    numbers: Array
    docs: Array
    weights: Array
    places: Array


def _order(numbers: Array) -> Array:
    """Where the numbers (of 32 bits) stand when sorted, equal ones in their order.

    NumPy's stable sort is a radix sort for 16 bits alone, and six times as fast there.
    """
    order = np.argsort((numbers & 0xFFFF).astype(np.uint16), kind="stable")
    high = (numbers >> 16).astype(np.uint16)
    return order[np.argsort(high[order], kind="stable")] if high.any() else order


class SegmentBuilder:
    """Gathers rows; `finish` gives the arrays."""

    def __init__(self, zones: Mapping[str, float]) -> None:
        self._zones = {name: round(weight * QUARTERS) for name, weight in zones.items()}
        self._words = _Occurrences()
        self._values = {name: ValueLists() for name in VALUE_FIELDS}
        self._columns: dict[str, list[Any]] = {
            "ids": [],
            "sequences": [],
            "first_days": [],
            "last_days": [],
            "lengths": [],
        }

    def __len__(self) -> int:
        return len(self._columns["ids"])

    def add(self, row: Row) -> None:
        """Append a document."""
        doc = len(self)
        length, base = 0, 0
        for zone in row.zones:
            weight = self._zones[zone.name]
            places = [base + place for place in zone.places]
            if places:
                base = places[-1] + GAP
                if base > LAST_PLACE:
                    places = [min(place, LAST_PLACE) for place in places]
            self._words.add(doc, zone, places, weight)
            length += weight * len(places)
        for name, lists in self._values.items():
            lists.add(row.values.get(name, ()))
        told = (row.id, row.sequence, row.first_day, row.last_day, length / QUARTERS)
        for column, value in zip(self._columns.values(), told, strict=True):
            column.append(value)

    def finish(self) -> Made:
        """The arrays of the segment of all rows added."""
        columns = self._columns
        arrays: dict[str, Array] = {
            "ids": np.array(columns["ids"], np.int64),
            "sequences": np.array(columns["sequences"], np.int64),
            "first_days": np.array(columns["first_days"], np.int32),
            "last_days": np.array(columns["last_days"], np.int32),
            "lengths": np.array(columns["lengths"], np.float32),
        }
        *fields, words = self._words.by_field()
        for name, found in zip(TEXT_FIELDS, fields, strict=True):
            arrays |= field_arrays(name, _postings(found), places=name == "stem")
        arrays |= word_arrays(*_document_counts(words))
        names: dict[str, list[str]] = {}
        for name, lists in self._values.items():
            names[name] = list(lists.names)
            arrays |= lists.arrays(name)
        return Made(arrays, {"fields": list(TEXT_FIELDS), "values": names})


def _postings(found: _Found) -> LoosePostings:
    """Occurrences brought together to postings."""
    starts = np.flatnonzero(_changes(found.numbers, found.docs))
    counts = np.diff(np.append(starts, len(found.numbers)))
    weights = found.weights.astype(np.int64)
    sums = np.add.reduceat(weights, starts) if len(starts) else weights
    return LoosePostings(
        terms=found.terms,
        numbers=found.numbers[starts],
        docs=found.docs[starts],
        counts=np.minimum(counts, MOST).astype(np.uint8),
        weights=np.minimum(sums, MOST).astype(np.uint8),
        place_starts=starts,
        places=found.places,
    )


def _document_counts(found: _Found) -> tuple[list[str], Array]:
    """The words and in how many documents each stands."""
    new = _changes(found.numbers, found.docs)
    counts = np.bincount(found.numbers[new], minlength=len(found.terms))
    return found.terms[1:], counts[1:].astype(np.uint32)


def _changes(numbers: Array, docs: Array) -> Array:
    """Where a new pair of term and document begins."""
    new = np.ones(len(numbers), bool)
    new[1:] = (numbers[1:] != numbers[:-1]) | (docs[1:] != docs[:-1])
    return new
