"""What a site's robots.txt said the last time: kept beside the conditional requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.store.resources import Resource, ResourceTable

ROLE = "robots"


@dataclass(frozen=True, slots=True)
class KeptRobots:
    """An answer for robots.txt: its status, body and validators, and how old it is."""

    status: int
    body: bytes
    etag: str | None
    last_modified: str | None
    age: timedelta


class RobotsShelf:
    """Reads and writes the robots.txt of one site's hosts."""

    def __init__(self, table: ResourceTable, site: str, clock: Callable[[], datetime]) -> None:
        self._table = table
        self._site = site
        self._clock = clock

    def recall(self, url: str) -> KeptRobots | None:
        """The last answer; None when there is none."""
        kept = self._table.resource(url)
        if kept is None or kept.role != ROLE:
            return None
        # Latin-1 gives every byte a letter, so that any body comes back as it was.
        body = (kept.state or "").encode("latin-1")
        age = self._clock() - kept.checked_at
        return KeptRobots(kept.status, body, kept.etag, kept.last_modified, age)

    def keep(
        self, url: str, status: int, body: bytes, etag: str | None, last_modified: str | None
    ) -> None:
        """Remember an answer of this moment."""
        told = body.decode("latin-1").replace("\x00", "")
        self._table.note(
            Resource(url, self._site, ROLE, status, self._clock(), etag, last_modified, state=told)
        )
