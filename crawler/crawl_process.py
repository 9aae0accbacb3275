"""The crawling process: reads one line of JSON, crawls, prints accounts as JSON lines."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import threading
import time
from collections import deque
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from twisted.python.failure import Failure

from crawler.discover.look import Look
from crawler.enrich.registry import Registry
from crawler.errors import StoreError
from crawler.fetch.robots import SHELF
from crawler.options import CrawlOptions
from crawler.parentage import die_with_parent, peak_memory, stop_with_parent
from crawler.settings import process_settings, site_settings
from crawler.sites import Site
from crawler.spiders.library import LibrarySpider
from crawler.store.robots import RobotsShelf
from crawler.store.store import Store
from crawler.visit import Fetched, Visit

TELL_EVERY_SECONDS = 0.25
STORE_BROKE = "the store cannot be written"


class SideBySide:
    """Starts the sites' crawls, a limited number at once, and tells how they get on."""

    def __init__(self, told: dict[str, Any], store: Store) -> None:
        self._store = store
        self._run_id = int(told["run_id"])
        self._options = CrawlOptions.model_validate(told["options"])
        self._sites = [Site.model_validate(one) for one in told["sites"]]
        names = told.get("registry") or {}
        self._registry = Registry({key: tuple(names[key]) for key in names})
        self._waiting = deque(self._sites)
        self._settings = process_settings(self._sites, self._options)
        self._process = AsyncCrawlerProcess(self._settings)
        self._look = tuple(told.get("look", ()))
        self._shift = _shift(told["now"])
        self._last_told: dict[str, float] = {}
        self._endings: list[asyncio.Future[None]] = []
        self.error: StoreError | None = None

    def _now(self) -> datetime:
        return datetime.now(UTC) + self._shift

    def run(self) -> None:
        """Crawl all sites; returns when the last one is done or a signal ended them."""
        for _ in range(self._options.sites_at_once):
            self._start_next()
        self._process.start()
        # A signal ends the running crawls; those not begun have no account.
        self._waiting.clear()

    def _start_next(self) -> None:
        if not self._waiting:
            return
        site = self._waiting.popleft()
        visit = Visit(site, self._store, self._run_id, self._now, self._registry)
        if self._look:
            visit.plan = Look(visit.plan, self._look)
        crawler = Crawler(LibrarySpider, self._settings)
        # Scrapy lays the process's settings over a crawler's; what the site says must win.
        crawler.settings.update(site_settings(site), priority="cmdline")
        setattr(crawler, SHELF, RobotsShelf(self._store.captures, site.id, self._now))
        self._listen(crawler, visit)
        task = self._process.crawl(crawler, visit=visit)
        asyncio.get_event_loop().call_later(
            self._options.hours * 3600, self._end, crawler, "the time for this run is over"
        )
        task.add_done_callback(lambda done: self._done(visit, done))

    def _listen(self, crawler: Crawler, visit: Visit) -> None:
        """Hear how pages get on. Functions, as Scrapy's signals can't call a `partial`."""

        def item_broke(item: Fetched, failure: Failure) -> None:
            if not self._store_broke(crawler, failure):
                reason = f"reading broke down: {failure.value!r}"[:300]
                visit.fail(item.asked, reason, item.capture_id)

        def source_broke(failure: Failure) -> None:
            if not self._store_broke(crawler, failure):
                visit.ledger.note(f"reading a list broke down: {failure.value!r}"[:300])

        def scraped() -> None:
            self._tell(visit)

        crawler.signals.connect(scraped, signal=signals.item_scraped, weak=False)
        crawler.signals.connect(item_broke, signal=signals.item_error, weak=False)
        crawler.signals.connect(source_broke, signal=signals.spider_error, weak=False)

    def _store_broke(self, crawler: Crawler, failure: Failure) -> bool:
        """Whether it is the store that failed: that ends the run, and is no fault of the page."""
        error = failure.value
        if not isinstance(error, StoreError):
            return False
        self._broken(error)
        self._end(crawler, STORE_BROKE)
        return True

    def _broken(self, error: StoreError) -> None:
        if self.error is None:
            self.error = error
            self._waiting.clear()

    def _end(self, crawler: Crawler, reason: str) -> None:
        if crawler.crawling and crawler.engine is not None:
            closing = crawler.engine.close_spider_async(reason=reason)
            self._endings.append(asyncio.ensure_future(closing))

    def _done(self, visit: Visit, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        try:
            if error is not None:
                visit.ledger.note(f"the crawl broke down: {error!r}"[:300])
            visit.finish(self._ending(visit))
        except StoreError as broken:
            self._broken(broken)
        self._tell(visit, last=True)
        self._start_next()

    def _ending(self, visit: Visit) -> str:
        """Why a visit ended. A page that a full disk kept from being stored did not fail."""
        if self.error is not None and visit.ending == "finished":
            return STORE_BROKE
        return visit.ending or "broken"

    def _tell(self, visit: Visit, last: bool = False) -> None:
        now = time.monotonic()
        if not last and now - self._last_told.get(visit.site.id, 0.0) < TELL_EVERY_SECONDS:
            return
        self._last_told[visit.site.id] = now
        line = {"site": visit.site.id, "account": asdict(visit.ledger.account)}
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _shift(now: str | None) -> timedelta:
    return datetime.fromisoformat(now) - datetime.now(UTC) if now else timedelta()


def main() -> None:
    """Crawl what the first line of the input says."""
    die_with_parent()
    told = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=stop_with_parent, daemon=True).start()
    try:
        with Store.open(Path(told["data"])) as store:
            crawl = SideBySide(told, store)
            crawl.run()
            error = crawl.error
    except StoreError as broken:
        error = broken
    if error is not None:
        print(json.dumps({"error": error.message, "remedy": error.remedy}), flush=True)
    line = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} run ended: {peak_memory()} MB at most\n"
    # Past the buffer: on a full disk it would fail once more when the program ends.
    with contextlib.suppress(OSError):
        os.write(sys.stderr.fileno(), line.encode())


if __name__ == "__main__":
    main()
