"""Answers kept for one state of the index, so that what is asked on every visit is found once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

from indexer.model import IndexStatus

Kept = TypeVar("Kept")
MOST = 256


class Memory:
    """At most `MOST` answers, those used last; another state of the index empties it.

    An answer found while the index changes may be kept under the older state and is then
    forgotten with it: none outlives the state that it is asked for.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._state: Hashable = None
        self._kept: OrderedDict[Hashable, object] = OrderedDict()

    def recall(self, status: IndexStatus, key: Hashable, find: Callable[[], Kept]) -> Kept:
        """The answer for `key`, found by `find` unless it is known for this state of the index."""
        state = (status.built_at, status.sequence, status.documents, status.bytes)
        with self._lock:
            if state != self._state:
                self._state = state
                self._kept.clear()
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(Kept, self._kept[key])
        found = find()
        with self._lock:
            if state == self._state:
                self._kept[key] = found
                while len(self._kept) > MOST:
                    self._kept.popitem(last=False)
        return found
