"""The scored postings of terms asked for lately: questions share their common words."""

from __future__ import annotations

import threading
from collections import OrderedDict

from indexer.engines.arrays import Array

Key = tuple[str, str, bool]


class Remembered:
    """At most `limit` postings, those not asked for the longest forgotten first. Thread-safe."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._known: OrderedDict[Key, tuple[Array, Array]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> tuple[Array, Array] | None:
        """The documents and scores of a term; None when not remembered. Not to be changed."""
        with self._lock:
            found = self._known.get(key)
            if found is not None:
                self._known.move_to_end(key)
            return found

    def keep(self, key: Key, docs: Array, scores: Array) -> None:
        """Remember a term, forgetting others where it is too much."""
        with self._lock:
            if key in self._known or len(docs) > self._limit:
                return
            self._known[key] = docs, scores
            self._size += len(docs) + 1
            while self._size > self._limit:
                _, (old, _) = self._known.popitem(last=False)
                self._size -= len(old) + 1
