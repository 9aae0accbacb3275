"""One connection to a site, never faster than told, slower when the server is slow."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.http import Response

SLOT = "site"
MAX_DELAY = 60.0
LONGEST_WAIT = 120.0
BUSY = (429, 503)


class Politeness:
    """Keeps the delay between requests to a site.

    It is the largest of the site's own, robots.txt's Crawl-delay and half of what the server
    needs (as Scrapy's AutoThrottle reckons it); a Retry-After pauses the site, and one beyond
    two minutes ends its run.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._least = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._ending: asyncio.Future[None] | None = None
        crawler.signals.connect(self._answered, signal=signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """One for each site's crawl."""
        return cls(crawler)

    def demand(self, seconds: float) -> None:
        """Never ask faster than this from now on."""
        self._least = max(self._least, seconds)
        slot = self._slot()
        if slot is not None:
            slot.delay = max(slot.delay, self._least)

    def _slot(self) -> Slot | None:
        engine = self._crawler.engine
        return engine.downloader.slots.get(SLOT) if engine is not None else None

    def _answered(self, response: Response, request: Request) -> None:
        slot = self._slot()
        if slot is None:
            return
        latency = float(request.meta.get("download_latency") or 0.0)
        wanted = (slot.delay + latency) / 2
        if response.status >= 400:
            wanted = max(wanted, slot.delay)
        slot.delay = max(self._least, min(MAX_DELAY, wanted))
        if response.status in BUSY:
            self._pause(slot, response)

    def _pause(self, slot: Slot, response: Response) -> None:
        told = (response.headers.get("Retry-After") or b"").decode("latin-1")
        seconds = wait_told(told, datetime.now(UTC))
        if seconds is None:
            slot.delay = min(MAX_DELAY, max(slot.delay * 2, self._least))
        elif seconds <= LONGEST_WAIT:
            slot.delay = max(slot.delay, 0.01)
            slot.lastseen = time.monotonic() + seconds - slot.delay
        elif self._crawler.engine is not None:
            reason = f"the server asks to wait {seconds:.0f} s"
            ending = self._crawler.engine.close_spider_async(reason=reason)
            self._ending = asyncio.ensure_future(ending)


def wait_told(told: str, now: datetime) -> float | None:
    """The seconds of a Retry-After header, in either of its forms; None if it says nothing."""
    if told.isascii() and told.isdigit():
        return float(told[:9])
    try:
        when = parsedate_to_datetime(told)
    except (ValueError, TypeError, IndexError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())
