"""Making the arrays of a segment, from rows or from other segments."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexer.engines.arrays import Array
from indexer.engines.protocol import TEXT_FIELDS, VALUE_FIELDS
from indexer.engines.segment import QUARTERS, Segment, spans
from indexer.rows import Row

MOST = 255
LAST_PLACE = 65_000
GAP = 50


@dataclass(frozen=True, slots=True)
class Made:
    """The arrays of a segment and what its head tells."""

    arrays: dict[str, Array]
    told: dict[str, Any]


class _Numbers(dict[str, int]):
    """Gives every new term the next number."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class _Occurrences:
    """Every place of every term of a field, in the order of the documents."""

    def __init__(self) -> None:
        self.terms = _Numbers({"": 0})
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
        self._values = {name: _ValueLists() for name in VALUE_FIELDS}
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
            arrays |= _field_arrays(name, _postings(occurrences), places=name == "stem")
        arrays |= _word_arrays(*_document_counts(self._words))
        names: dict[str, list[str]] = {}
        for name, lists in self._values.items():
            names[name] = list(lists.names)
            arrays |= lists.arrays(name)
        return Made(arrays, {"fields": list(TEXT_FIELDS), "values": names})


class _ValueLists:
    """The values of a facet, any number a document."""

    def __init__(self) -> None:
        self.names = _Numbers()
        self._codes: list[int] = []
        self._starts = [0]

    def add(self, values: Sequence[str]) -> None:
        self._codes.extend(self.names[value] for value in dict.fromkeys(values))
        self._starts.append(len(self._codes))

    def arrays(self, name: str) -> dict[str, Array]:
        return {
            f"{name}.value_starts": np.array(self._starts, np.uint32),
            f"{name}.codes": np.array(self._codes, np.uint32),
        }


@dataclass(frozen=True, slots=True)
class _Loose:
    """Postings in any order of terms, but documents rising within a term."""

    terms: list[str]
    numbers: Array
    docs: Array
    counts: Array
    weights: Array
    place_starts: Array
    places: Array


def _postings(found: _Occurrences) -> _Loose:
    """Occurrences brought together to postings."""
    numbers, docs, marks, places = found.arrays()
    order = np.argsort(numbers, kind="stable")
    numbers, docs = numbers[order], docs[order]
    starts = np.flatnonzero(_changes(numbers, docs))
    counts = np.diff(np.append(starts, len(numbers)))
    weights = marks[order].astype(np.int64)
    sums = np.add.reduceat(weights, starts) if len(starts) else weights
    return _Loose(
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


def _field_arrays(name: str, loose: _Loose, places: bool) -> dict[str, Array]:
    """Terms sorted by their bytes, postings in the same order."""
    encoded = [term.encode() for term in loose.terms]
    by_bytes = sorted(range(len(encoded)), key=encoded.__getitem__)
    rank = np.empty(len(encoded), np.int64)
    rank[by_bytes] = np.arange(len(encoded))
    ranks = rank[loose.numbers] if len(encoded) else np.zeros(0, np.int64)
    order = np.argsort(ranks, kind="stable")
    first = np.searchsorted(ranks[order], np.arange(len(encoded) + 1))
    made = _blob(name, [encoded[number] for number in by_bytes])
    made |= {
        f"{name}.first": first.astype(np.uint32),
        f"{name}.docs": loose.docs[order].astype(np.uint32),
        f"{name}.counts": loose.counts[order],
        f"{name}.weights": loose.weights[order],
    }
    if places:
        counts = loose.counts[order].astype(np.int64)
        ends = np.append(0, np.cumsum(counts))
        made[f"{name}.places_first"] = ends[first].astype(np.uint64)
        made[f"{name}.places"] = loose.places[spans(loose.place_starts[order], counts)]
    return made


def _blob(name: str, encoded: list[bytes]) -> dict[str, Array]:
    lengths = np.array([len(term) for term in encoded], np.int64)
    return {
        f"{name}.terms": np.frombuffer(b"".join(encoded), np.uint8),
        f"{name}.ends": np.cumsum(lengths).astype(np.uint32),
    }


def _word_arrays(words: list[str], counts: Array) -> dict[str, Array]:
    encoded = [word.encode() for word in words]
    order = sorted(range(len(encoded)), key=encoded.__getitem__)
    made = _blob("word", [encoded[number] for number in order])
    return {**made, "word.frequencies": counts[np.array(order, np.int64)]}


def merge(segments: Sequence[Segment], kept: Sequence[Array]) -> Made:
    """One segment of several; `kept` says of each which documents stay (booleans)."""
    shifts = _shifts(kept)
    arrays = {
        name: np.concatenate([s.arrays[name][k] for s, k in zip(segments, kept, strict=True)])
        for name in ("ids", "sequences", "first_days", "last_days", "lengths")
    }
    for name in TEXT_FIELDS:
        arrays |= _field_arrays(name, _joined(name, segments, kept, shifts), name == "stem")
    counted: dict[str, int] = {}
    for segment in segments:
        for word, count in segment.word_counts():
            counted[word] = counted.get(word, 0) + count
    arrays |= _word_arrays(list(counted), np.array(list(counted.values()), np.uint32))
    names: dict[str, list[str]] = {}
    for name in VALUE_FIELDS:
        lists = _joined_values(name, segments, kept)
        names[name] = list(lists.names)
        arrays |= lists.arrays(name)
    return Made(arrays, {"fields": list(TEXT_FIELDS), "values": names})


def _shifts(kept: Sequence[Array]) -> list[Array]:
    """For each segment the new number of each of its documents that stay."""
    found, base = [], 0
    for mask in kept:
        found.append(np.cumsum(mask) - 1 + base)
        base += int(mask.sum())
    return found


def _joined(
    name: str, segments: Sequence[Segment], kept: Sequence[Array], shifts: Sequence[Array]
) -> _Loose:
    terms = _Numbers()
    parts: list[list[Array]] = [[], [], [], [], [], []]
    place_base = 0
    for segment, mask, shift in zip(segments, kept, shifts, strict=True):
        field = segment.fields[name]
        numbers = np.array([terms[text] for text in field.terms.texts()], np.int64)
        first = field.first.astype(np.int64)
        sizes = first[1:] - first[:-1]
        stay = mask[field.docs]
        counts = field.counts.astype(np.int64)
        ends = np.cumsum(counts)
        for part, values in zip(
            parts,
            (
                np.repeat(numbers, sizes)[stay],
                shift[field.docs][stay],
                field.counts[stay],
                field.weights[stay],
                (ends - counts + place_base)[stay],
                field.places if field.places is not None else np.zeros(0, np.uint16),
            ),
            strict=True,
        ):
            part.append(values)
        place_base += len(parts[5][-1])
    joined = [np.concatenate(part) for part in parts]
    return _Loose(list(terms), *joined)


def _joined_values(name: str, segments: Sequence[Segment], kept: Sequence[Array]) -> _ValueLists:
    lists = _ValueLists()
    for segment, mask in zip(segments, kept, strict=True):
        values = segment.values[name]
        for doc in np.flatnonzero(mask).tolist():
            start, end = int(values.starts[doc]), int(values.starts[doc + 1])
            lists.add([values.names[code] for code in values.codes[start:end].tolist()])
    return lists
