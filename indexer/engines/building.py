"""Making the arrays of a segment from rows."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from indexer.engines.arrays import Array
from indexer.engines.layout import (
    LoosePostings,
    Made,
    Numbers,
    ValueLists,
    field_arrays,
    word_arrays,
)
from indexer.engines.protocol import TEXT_FIELDS, VALUE_FIELDS
from indexer.engines.segment import QUARTERS
from indexer.rows import Row

MOST = 255
LAST_PLACE = 65_000
GAP = 50


class _Occurrences:
    """Every place of every term of a field, in the order of the documents."""

    def __init__(self) -> None:
        self.terms = Numbers({"": 0})
        self.numbers = array("I")
        self.places = array("H")
        self._zones: list[tuple[int, int, int]] = []

    def add(self, doc: int, terms: Iterable[str], places: Sequence[int], weight: int) -> None:
        """One zone's words."""
        numbers = self.terms
        self.numbers.extend([numbers[term] for term in terms])
        self.places.extend(places)
        self._zones.append((doc, len(places), weight))

    def arrays(self) -> tuple[Array, Array, Array, Array]:
        """Term, document, weight and place of each occurrence; empty terms are left out."""
        docs, counts, weights = np.array(self._zones or [(0, 0, 0)], np.int64).T
        numbers = np.frombuffer(self.numbers, np.uint32)
        kept = numbers > 0
        return (
            numbers[kept],
            np.repeat(docs.astype(np.uint32), counts)[kept],
            np.repeat(weights.astype(np.uint8), counts)[kept],
            np.frombuffer(self.places, np.uint16)[kept],
        )


class SegmentBuilder:
    """Gathers rows; `finish` gives the arrays."""

    def __init__(self, zones: Mapping[str, float]) -> None:
        self._zones = {name: round(weight * QUARTERS) for name, weight in zones.items()}
        self._fields = {name: _Occurrences() for name in TEXT_FIELDS}
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
            self._fields["stem"].add(doc, zone.stems, places, weight)
            self._fields["prefix"].add(doc, zone.prefixes, places, weight)
            self._fields["folded"].add(doc, zone.folded, places, weight)
            self._words.add(doc, zone.words, places, weight)
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
        for name, occurrences in self._fields.items():
            arrays |= field_arrays(name, _postings(occurrences), places=name == "stem")
        arrays |= word_arrays(*_document_counts(self._words))
        names: dict[str, list[str]] = {}
        for name, lists in self._values.items():
            names[name] = list(lists.names)
            arrays |= lists.arrays(name)
        return Made(arrays, {"fields": list(TEXT_FIELDS), "values": names})


def _postings(found: _Occurrences) -> LoosePostings:
    """Occurrences brought together to postings."""
    numbers, docs, marks, places = found.arrays()
    order = np.argsort(numbers, kind="stable")
    numbers, docs = numbers[order], docs[order]
    starts = np.flatnonzero(_changes(numbers, docs))
    counts = np.diff(np.append(starts, len(numbers)))
    weights = marks[order].astype(np.int64)
    sums = np.add.reduceat(weights, starts) if len(starts) else weights
    return LoosePostings(
        terms=list(found.terms),
        numbers=numbers[starts],
        docs=docs[starts],
        counts=np.minimum(counts, MOST).astype(np.uint8),
        weights=np.minimum(sums, MOST).astype(np.uint8),
        place_starts=starts,
        places=places[order],
    )


def _document_counts(found: _Occurrences) -> tuple[list[str], Array]:
    """The words and in how many documents each stands."""
    numbers, docs, _, _ = found.arrays()
    order = np.argsort(numbers, kind="stable")
    numbers, docs = numbers[order], docs[order]
    counts = np.bincount(numbers[_changes(numbers, docs)], minlength=len(found.terms))
    return list(found.terms)[1:], counts[1:].astype(np.uint32)


def _changes(numbers: Array, docs: Array) -> Array:
    """Where a new pair of term and document begins."""
    new = np.ones(len(numbers), bool)
    new[1:] = (numbers[1:] != numbers[:-1]) | (docs[1:] != docs[:-1])
    return new
