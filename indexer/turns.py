"""One question at a time, first come, first served.

Threads of one Python process that work at once only take each other's time: all are late. So
each waits for its turn; what a question takes is bounded (`caps.py`, `search.py`).
"""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType


class Turns:
    """A context for one thread at a time, entered in the order in which threads came."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._busy = False
        self._waiting: deque[threading.Lock] = deque()

    def __len__(self) -> int:
        """How many threads wait."""
        return len(self._waiting)

    def __enter__(self) -> None:
        with self._guard:
            if not self._busy:
                self._busy = True
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        try:
            mine.acquire()  # until the thread before hands its turn on
        except BaseException:  # Ctrl-C: nobody is to wait for this thread
            self._give_up(mine)
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        self._hand_on()

    def _give_up(self, mine: threading.Lock) -> None:
        with self._guard:
            waits = mine in self._waiting
            if waits:
                self._waiting.remove(mine)
        if not waits:
            self._hand_on()

    def _hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._busy = False
