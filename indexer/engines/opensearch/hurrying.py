"""Asking for a page: a reader is better told within two seconds than kept waiting.

No answer in time means one of two things. A node is away, then another one is asked at once. Or
the cluster is slow, then it gets more time. A look at all nodes tells which: telling its name takes
a node no time. When none answers, the cluster is away, and this is remembered (a circuit breaker,
after Nygard, "Release It!", 2007): until a look finds a node again every question is refused at
once, and one thread at a time looks.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar

from indexer.engines.opensearch.errors import BusyError, SilentError
from indexer.engines.opensearch.nodes import LOOK, Node, Nodes
from indexer.engines.opensearch.settings import ClusterSettings

Answer = TypeVar("Answer")
FIRST_TRY = 1.0  # seconds
SLOWEST_FIRST = 3.0  # of a cluster whose answers take long
MORE = 3.0  # times as long the next try may take
FORGET = 0.9  # of how slow the cluster was, what is left after one more answer
FIRST_WAIT = 0.1
BESIDE = 0.25  # seconds to wait for the look of another thread: refusals are known sooner


@dataclass
class Hurrying:
    """What the pages of one process know of the cluster."""

    settings: ClusterSettings
    nodes: Nodes
    _away: SilentError | None = None
    _weary: bool = False  # it answers, but a whole patience with refusals: patience won't help
    _slow: float = 0.0  # seconds that answers took of late
    _looking: Lock = field(default_factory=Lock)

    def asked(self, ask: Callable[[Node, float], Answer]) -> Answer:
        """The answer; raises BusyError when there is none soon."""
        if self._away is not None:
            self._look_again()
        begun = time.monotonic()
        seconds = min(self.settings.timeout, max(FIRST_TRY, min(MORE * self._slow, SLOWEST_FIRST)))
        wait, tries = FIRST_WAIT, 0
        while True:
            tries += 1
            try:
                return self._timed(ask, seconds)
            except SilentError as error:
                # Who was refused at once has more time left to look than who has waited.
                self._look(error, max(LOOK, FIRST_TRY + LOOK - (time.monotonic() - begun)))
                if time.monotonic() - begun > self.settings.timeout:
                    raise
                seconds = min(MORE * seconds, self.settings.timeout)
            except BusyError:
                if tries < len(self.nodes.nodes):
                    continue
                if self._is_enough(time.monotonic() + wait - begun):
                    raise
                time.sleep(wait)
                wait = 2 * wait

    def _timed(self, ask: Callable[[Node, float], Answer], seconds: float) -> Answer:
        begun = time.monotonic()
        answer = ask(self.nodes.next(), seconds)
        self._slow = max(time.monotonic() - begun, FORGET * self._slow)
        self._weary = False
        return answer

    def _is_enough(self, waited: float) -> bool:
        if waited > self.settings.search_patience:
            self._weary = True
        return self._weary

    def _look(self, error: SilentError, seconds: float = LOOK) -> None:
        """Whether another node is to be asked; raises the error when there is none."""
        if not self.nodes.any_there(seconds):
            self._away = error
            raise error

    def _look_again(self) -> None:
        """Raise what was told before unless a node is back, or another thread is looking."""
        away = self._away
        if not self._looking.acquire(timeout=BESIDE):
            if away is not None and self._away is not None:
                raise SilentError(away.message, away.remedy)
            return
        try:
            if self._away is not None:
                self._look(SilentError(self._away.message, self._away.remedy))
                self._away = None
        finally:
            self._looking.release()
