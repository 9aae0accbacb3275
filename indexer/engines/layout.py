"""The layout of a segment's arrays: what building and joining segments have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexer.engines.arrays import Array
from indexer.engines.segment import spans


@dataclass(frozen=True, slots=True)
class Made:
    """The arrays of a segment and what its head tells."""

    arrays: dict[str, Array]
    told: dict[str, Any]


class Numbers(dict[str, int]):
    """Gives every new term the next number."""

    def __missing__(self, term: str) -> int:
        number = self[term] = len(self)
        return number


class ValueLists:
    """The values of a facet, any number a document."""

    def __init__(self) -> None:
        self.names = Numbers()
        self._codes: list[int] = []
        self._starts = [0]

    def add(self, values: Sequence[str]) -> None:
        """Append a document with these values."""
        self._codes.extend(self.names[value] for value in dict.fromkeys(values))
        self._starts.append(len(self._codes))

    def arrays(self, name: str) -> dict[str, Array]:
        """The codes of all documents and where each document's begin."""
        return {
            f"{name}.value_starts": np.array(self._starts, np.uint32),
            f"{name}.codes": np.array(self._codes, np.uint32),
        }


@dataclass(frozen=True, slots=True)
class LoosePostings:
    """Postings in any order of terms, but documents rising within a term."""

    terms: list[str]
    numbers: Array
    docs: Array
    counts: Array
    weights: Array
    place_starts: Array
    places: Array


def field_arrays(name: str, loose: LoosePostings, places: bool) -> dict[str, Array]:
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


def word_arrays(words: list[str], counts: Array) -> dict[str, Array]:
    """Word forms sorted by their bytes, with the number of documents of each."""
    encoded = [word.encode() for word in words]
    order = sorted(range(len(encoded)), key=encoded.__getitem__)
    made = _blob("word", [encoded[number] for number in order])
    return {**made, "word.frequencies": counts[np.array(order, np.int64)]}
