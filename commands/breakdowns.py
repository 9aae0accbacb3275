"""How a worker goes on after something broke down: when, and with which sites."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from crawler.sites import Site

LONGEST_PAUSE = 60.0  # seconds, unless rounds are further apart
LONGEST_REST = 3600.0
RESTS = 10  # how many pauses a site rests that may have brought a crawl down


@dataclass(slots=True)
class Suspect:
    """A site that was under way when a crawl broke down: how often, and until when it rests."""

    times: int
    until: float


@dataclass(slots=True)
class Breakdowns:
    """What broke down lately, for a worker that looks for sites every so many seconds.

    Sites that were under way rest, longer each time, while others are crawled; then each is
    crawled alone, so that the innocent ones are told from the one that brings a crawl down.
    """

    every: float
    clock: Callable[[], float] = time.monotonic
    _number: int = 0
    _said: str = ""
    _suspects: dict[str, Suspect] = field(default_factory=dict)

    def pause(self) -> float:
        """Count a breakdown; the seconds to wait now, twice as many each time in a row."""
        self._number += 1
        return _grown(self.every, self._number, max(self.every, LONGEST_PAUSE))

    def is_news(self, words: str) -> bool:
        """Whether the last breakdown in a row had other words."""
        before, self._said = self._said, words
        return words != before

    def over(self) -> None:
        """Note that a round went well."""
        self._number, self._said = 0, ""

    def suspect(self, ids: Collection[str]) -> None:
        """Let sites rest that were under way."""
        for one in ids:
            if one not in self._suspects or self._suspects[one].until <= self.clock():
                self._rest(one)

    def clear(self, ids: Collection[str]) -> None:
        """Suspect sites no more whose crawl came to its end."""
        for one in ids:
            self._suspects.pop(one, None)

    def chosen(self, sites: Sequence[Site], free: Sequence[Site]) -> list[Site]:
        """Which of the sites to crawl, of which some are free: one suspect, or all others."""
        for site in free:
            suspect = self._suspects.get(site.id)
            if suspect is not None and suspect.until <= self.clock():
                self._rest(site.id)  # if it breaks down again; else it is cleared
                return [site]
        others = [site for site in sites if site.id not in self._suspects]
        return others if any(site.id not in self._suspects for site in free) else []

    def _rest(self, site: str) -> None:
        times = self._suspects[site].times + 1 if site in self._suspects else 1
        rest = _grown(RESTS * self.every, times, LONGEST_REST)
        self._suspects[site] = Suspect(times, self.clock() + rest)


def _grown(first: float, times: int, most: float) -> float:
    """Twice as much each time, up to a bound."""
    return min(first * 2.0 ** min(times - 1, 20), most)
