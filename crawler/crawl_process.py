"""The crawling process: reads one line of JSON, crawls, prints accounts as JSON lines."""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import signal
import sys
import threading
import time
from collections import deque
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
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
from crawler.settings import process_settings, site_settings
from crawler.sites import Site
from crawler.spiders.library import LibrarySpider
from crawler.store.robots import RobotsShelf
from crawler.store.store import Store
from crawler.visit import Fetched, Visit

TELL_EVERY_SECONDS = 0.25


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
        crawler.signals.connect(lambda: self._tell(visit), signal=signals.item_scraped, weak=False)
        broken = partial(self._item_broke, crawler, visit)
        crawler.signals.connect(broken, signal=signals.item_error, weak=False)
        task = self._process.crawl(crawler, visit=visit)
        asyncio.get_event_loop().call_later(
            self._options.hours * 3600, self._end, crawler, "the time for this run is over"
        )
        task.add_done_callback(lambda done: self._done(visit, done))

    def _item_broke(self, crawler: Crawler, visit: Visit, item: Fetched, failure: Failure) -> None:
        """A page that breaks the reader is a failed page; a store that breaks ends the run."""
        error = failure.value
        if isinstance(error, StoreError):
            self._broken(error)
            self._end(crawler, "the store cannot be written")
        else:
            visit.fail(item.asked, f"reading broke down: {error!r}"[:300], item.capture_id)

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
            visit.finish(visit.ending or "broken")
        except StoreError as broken:
            self._broken(broken)
        self._tell(visit, last=True)
        self._start_next()

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


def _die_with_parent() -> None:
    """Ask the kernel for SIGKILL when the parent dies (Linux; prctl(2), PR_SET_PDEATHSIG).

    Where that is not to be had, the end of the input does the same, a little later.
    """
    try:
        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        return


def _stop_with_parent() -> None:
    """Wait for the end of the input, which comes when the parent dies."""
    while os.read(0, 4096):
        pass
    os._exit(1)


def _peak_memory() -> int:
    """The most memory this process had, in MB; 0 where the kernel does not tell."""
    try:
        told = Path("/proc/self/status").read_text("ascii")
    except OSError:
        return 0
    return next((int(row.split()[1]) // 1024 for row in told.splitlines() if "VmHWM" in row), 0)


def main() -> None:
    """Crawl what the first line of the input says."""
    _die_with_parent()
    told = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_stop_with_parent, daemon=True).start()
    try:
        with Store.open(Path(told["data"])) as store:
            crawl = SideBySide(told, store)
            crawl.run()
            error = crawl.error
    except StoreError as broken:
        error = broken
    sys.stderr.write(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} run ended: {_peak_memory()} MB at most\n"
    )
    if error is not None:
        print(json.dumps({"error": error.message, "remedy": error.remedy}), flush=True)


if __name__ == "__main__":
    main()
