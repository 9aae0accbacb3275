"""Sorted terms in one blob of bytes, looked up without unpacking them."""

from __future__ import annotations

import bisect
from functools import cached_property
from itertools import pairwise

import numpy as np

from indexer.engines.arrays import Array

# Every so many terms one is kept unpacked: looking among those takes no time.
STEP = 16


class Terms:
    """The sorted terms of a field; numbered from 0."""

    def __init__(self, blob: Array, ends: Array) -> None:
        self._blob = memoryview(np.ascontiguousarray(blob).data)
        self._ends = memoryview(np.ascontiguousarray(ends).data)

    @cached_property
    def _steps(self) -> list[bytes]:
        ends = self._ends[::STEP].tolist()
        starts = [0, *self._ends[STEP - 1 :: STEP].tolist()]
        return [bytes(self._blob[start:end]) for start, end in zip(starts, ends, strict=False)]

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> bytes:
        if number >= len(self._ends):
            raise IndexError(number)
        start = self._ends[number - 1] if number else 0
        return bytes(self._blob[start : self._ends[number]])

    def at_or_after(self, term: bytes) -> int:
        """The number of the first term not below `term`."""
        after = bisect.bisect_left(self._steps, term) * STEP
        return bisect.bisect_left(self, term, max(after - STEP, 0), min(after, len(self)))

    def find(self, term: bytes) -> int:
        """The number of a term, -1 when it is not there."""
        number = self.at_or_after(term)
        return number if number < len(self) and self[number] == term else -1

    def beginning(self, prefix: bytes) -> tuple[int, int]:
        """The numbers of the terms with a beginning: first and one past the last."""
        end = prefix.rstrip(b"\xff")
        after = end[:-1] + bytes([end[-1] + 1]) if end else b""
        last = self.at_or_after(after) if after else len(self)
        return self.at_or_after(prefix), last

    def texts(self, first: int = 0, last: int | None = None) -> list[str]:
        """The terms of those numbers (all without), in order."""
        ends = self._ends[first:last].tolist()
        base = self._ends[first - 1] if first else 0
        if not ends:
            return []
        whole = bytes(self._blob[base : ends[-1]])
        starts = [0, *(end - base for end in ends)]
        return [whole[start:end].decode() for start, end in pairwise(starts)]
