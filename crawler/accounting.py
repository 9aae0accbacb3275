"""The account of one site's run: every page seen ends in exactly one column."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

from crawler.model import Account

MAX_NOTES = 20


class Verdict(StrEnum):
    """What became of a page that the run saw."""

    STORED = "stored"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    FILTERED = "filtered"
    ROBOTS_DENIED = "robots_denied"


class Ledger:
    """Opens a page when it is seen and settles it once.

    A page that is still open when a run came to its natural end was lost on the way and counts
    as failed; one that an interrupted run did not come to is not counted as seen.
    """

    def __init__(self) -> None:
        self._open: set[str] = set()
        self._settled: dict[str, Verdict] = {}
        self._counts: Counter[Verdict] = Counter()
        self.requests = 0
        self.bytes = 0
        self.reached = False
        self.notes: list[str] = []

    def see(self, url: str) -> None:
        """Open a page."""
        if url not in self._settled:
            self._open.add(url)

    def settle(self, url: str, verdict: Verdict) -> None:
        """Say what became of a page; a page that was never opened is seen by this."""
        if url in self._settled:
            return
        self._open.discard(url)
        self._settled[url] = verdict
        self._counts[verdict] += 1

    def note(self, text: str) -> None:
        """Keep a sentence for the log, each once."""
        if text not in self.notes and len(self.notes) < MAX_NOTES:
            self.notes.append(text)

    def conclude(self, text: str) -> None:
        """Keep a last sentence, however many there are."""
        del self.notes[MAX_NOTES - 1 :]
        self.notes.append(text)

    def close(self, finished: bool) -> list[str]:
        """Settle or take back what is open; returns the pages lost on the way."""
        left, self._open = sorted(self._open), set()
        if not finished:
            if left:
                self.note(f"{len(left)} pages are left for the next run")
            return []
        for url in left:
            self.settle(url, Verdict.FAILED)
        return left

    @property
    def account(self) -> Account:
        """The account so far; open pages are not in it."""
        return Account(
            seen=len(self._settled),
            stored=self._counts[Verdict.STORED],
            updated=self._counts[Verdict.UPDATED],
            unchanged=self._counts[Verdict.UNCHANGED],
            failed=self._counts[Verdict.FAILED],
            filtered=self._counts[Verdict.FILTERED],
            robots_denied=self._counts[Verdict.ROBOTS_DENIED],
            requests=self.requests,
            bytes=self.bytes,
            notes=tuple(self.notes),
        )
