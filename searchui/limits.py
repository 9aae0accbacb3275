"""A limit on requests from one address, for installations that the public can reach."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock

from flask import Flask, request

from searchui.errors import BusyError

MAX_CLIENTS = 10_000


class Allowance:
    """A bucket for every client: `per_minute` requests, refilled evenly (a token bucket).

    The clients not seen for longest are forgotten first, so memory is bounded.
    """

    def __init__(self, per_minute: int) -> None:
        self._size = float(per_minute)
        self._rate = per_minute / 60
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, client: str, now: float) -> float:
        """0 when the client may ask now (and has asked), else the seconds until it may."""
        with self._lock:
            left, since = self._buckets.pop(client, (self._size, now))
            left = min(self._size, left + max(0.0, now - since) * self._rate)
            allowed = left >= 1
            self._buckets[client] = (left - 1 if allowed else left, now)
            while len(self._buckets) > MAX_CLIENTS:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._rate


def limit_requests(app: Flask, per_minute: int | None) -> None:
    """Refuse with BusyError what goes beyond the limit; static files and `/healthz` are free."""
    if per_minute is None:
        return
    allowance = Allowance(per_minute)

    @app.before_request
    def _check() -> None:
        # Who watches the server must not take a limit for a fault.
        if request.path.startswith("/static/") or request.path == "/healthz":
            return
        seconds = allowance.wait(request.remote_addr or "", time.monotonic())
        if seconds:
            raise BusyError(int(seconds) + 1)
