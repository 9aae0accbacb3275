"""The words of an index with their numbers of documents, in files beside the pointer.

A cluster could be asked for them, but every question needs some, a misspelt one thousands. Each
part that is written brings a file (sorted terms and counts of every field), and so do documents
that were replaced or deleted, with counts below 0: the sum is of the documents that count. Files
are joined when there are many (`joining.py`).
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from indexer.engines.arrays import Array, read_arrays, write_arrays
from indexer.engines.opensearch.encoding import safe
from indexer.engines.protocol import TEXT_FIELDS, Prefix, Term
from indexer.engines.terms import Terms

FIELDS = (*TEXT_FIELDS, "word")
COUNT = np.dtype(np.int32)
MOST_SHORT = 2**32 - 1

Counts = Mapping[str, Mapping[str, int]]


class Counting:
    """Counts the terms of documents as they go by, as the cluster has them (`safe`)."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = {name: Counter() for name in FIELDS}

    def add(self, terms: Mapping[str, Iterable[str]]) -> None:
        """Count every term of a document once; `terms` are its different ones by field."""
        for name, told in terms.items():
            self.counts[name].update(told if name == "word" else set(map(safe, told)))

    def take(self, terms: Mapping[str, Iterable[str]]) -> None:
        """Take a document off the counts; its terms are as the cluster has them."""
        for name, told in terms.items():
            self.counts[name].subtract(told)


def file_name(part: str) -> str:
    """The name of the dictionary of a part."""
    return f"terms-{part}"


def type_of_ends(size: int) -> np.dtype[Any]:
    """The type of places in a blob of so many bytes: 4 bytes each up to 4 GB, 8 beyond."""
    return np.dtype(np.uint32 if size <= MOST_SHORT else np.uint64)


def write_dictionary(path: Path, counts: Counts) -> None:
    """Write a new file of the terms of each field and their counts."""
    arrays: dict[str, Array] = {}
    for name, known in counts.items():
        order = sorted((term.encode(), count) for term, count in known.items())
        arrays[f"{name}.terms"] = np.frombuffer(b"".join(term for term, _ in order), np.uint8)
        ends = np.cumsum(np.array([len(term) for term, _ in order], np.int64))
        arrays[f"{name}.ends"] = ends.astype(type_of_ends(int(ends[-1]) if order else 0))
        arrays[f"{name}.counts"] = np.array([count for _, count in order], COUNT)
    write_arrays(path, arrays, {})


class Dictionary:
    """The files of one state of an index, read through mmap."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._files = [read_arrays(path)[0] for path in paths]
        self._terms = {
            name: [Terms(one[f"{name}.terms"], one[f"{name}.ends"]) for one in self._files]
            for name in FIELDS
        }

    def frequency(self, term: Term | Prefix) -> int:
        """In how many documents a term stands; of a beginning, the sum over its terms."""
        total = 0
        text = (term.text if term.field == "word" else safe(term.text)).encode()
        for terms, counts in zip(self._terms[term.field], self._counts(term.field), strict=True):
            if isinstance(term, Prefix):
                first, last = terms.beginning(text)
                total += int(counts[first:last].sum())
            elif (number := terms.find(text)) >= 0:
                total += int(counts[number])
        return max(total, 0)  # below 0 only where an older version wrote terms differently

    def counts(self, name: str, begin: str = "") -> dict[str, int]:
        """The terms of a field with a beginning, and their counts."""
        found: Counter[str] = Counter()
        for terms, counts in zip(self._terms[name], self._counts(name), strict=True):
            first, last = terms.beginning(begin.encode())
            told = zip(terms.texts(first, last), counts[first:last].tolist(), strict=True)
            found.update(dict(told))
        return dict(found)

    def _counts(self, name: str) -> list[Array]:
        return [one[f"{name}.counts"] for one in self._files]


def most_frequent(counts: Mapping[str, int], limit: int) -> list[str]:
    """The terms that stand in most documents, equal ones in the order of letters."""
    return heapq.nsmallest(limit, counts, key=lambda term: (-counts[term], term))
