"""The crawling process: reads one line of JSON, crawls, prints accounts as JSON lines."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import threading
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from twisted.python.failure import Failure

from crawler.discover.look import Look
from crawler.enrich.registry import Registry
from crawler.errors import LeaseLostError, StoreError
from crawler.fetch.leased import LEASE
from crawler.fetch.robots import SHELF
from crawler.options import CrawlOptions
from crawler.parentage import die_with_parent, peak_memory, stop_with_parent
from crawler.settings import process_settings, site_settings
from crawler.sharing import Assignment, Listed, Share, Shared, Sites
from crawler.sites import Site
from crawler.spiders.library import LibrarySpider
from crawler.store.robots import RobotsShelf
from crawler.store.runs import LEASE_LOST, STOPPED, STORE_BROKE
from crawler.store.store import Store
from crawler.visit import Fetched, Visit

TELL_EVERY_SECONDS = 0.25
# How often it is seen whether a site was lost, or has become free.
LOOK_EVERY_SECONDS = 1.0


class SideBySide:
    """Starts the sites' crawls, a limited number at once, and tells how they get on."""

    def __init__(self, told: dict[str, Any], store: Store) -> None:
        self._store = store
        self._options = CrawlOptions.model_validate(told["options"])
        names = told.get("registry") or {}
        self._registry = Registry({key: tuple(names[key]) for key in names})
        known = [Site.model_validate(one) for one in told["sites"]]
        self._settings = process_settings(known, self._options)
        self._process = AsyncCrawlerProcess(self._settings)
        self._look = tuple(told.get("look", ()))
        self._shift = _shift(told["now"])
        self._sites = self._shared_out(known, told)
        self._running: dict[str, tuple[Assignment, Crawler]] = {}
        self._last_told: dict[str, float] = {}
        self._endings: list[asyncio.Future[None]] = []
        self.error: StoreError | None = None

    def _shared_out(self, known: list[Site], told: dict[str, Any]) -> Sites:
        run_id = int(told["run_id"])
        if told.get("share"):
            return Shared(known, self._store, run_id, Share(**told["share"]), self._now)
        return Listed(known, self._store, run_id)

    def _now(self) -> datetime:
        return datetime.now(UTC) + self._shift

    def run(self) -> None:
        """Crawl all sites; returns when the last one is done or a signal ended them."""
        try:
            self._start_more()
            if self._running:
                asyncio.get_event_loop().call_later(LOOK_EVERY_SECONDS, self._look_around)
                self._process.start()
        finally:
            # A signal ends the running crawls; those not begun have no account.
            self._sites.close()

    def _look_around(self) -> None:
        """End what was lost, begin what has become free."""
        for assignment, crawler in list(self._running.values()):
            if assignment.is_lost:
                self._end(crawler, LEASE_LOST)
        try:
            self._start_more()
        except StoreError as error:
            self._broken(error)
        asyncio.get_event_loop().call_later(LOOK_EVERY_SECONDS, self._look_around)

    def _start_more(self) -> None:
        while len(self._running) < self._options.sites_at_once:
            assignment = self._sites.next()
            if assignment is None:
                return
            self._start(assignment)

    def _start(self, assignment: Assignment) -> None:
        site, store = assignment.site, assignment.store
        visit = Visit(site, store, assignment.run_id, self._now, self._registry)
        if self._look:
            visit.plan = Look(visit.plan, self._look)
        crawler = Crawler(LibrarySpider, self._settings)
        # Scrapy lays the process's settings over a crawler's; what the site says must win.
        crawler.settings.update(site_settings(site), priority="cmdline")
        setattr(crawler, SHELF, RobotsShelf(store.captures, site.id, self._now))
        setattr(crawler, LEASE, assignment.lease)
        self._listen(crawler, visit, assignment)
        self._running[site.id] = (assignment, crawler)
        task = self._process.crawl(crawler, visit=visit)
        asyncio.get_event_loop().call_later(
            self._options.hours * 3600, self._end, crawler, "the time for this run is over"
        )
        task.add_done_callback(lambda done: self._done(assignment, visit, done))

    def _listen(self, crawler: Crawler, visit: Visit, assignment: Assignment) -> None:
        """Hear how pages get on. Functions, as Scrapy's signals can't call a `partial`."""

        def item_broke(item: Fetched, failure: Failure) -> None:
            if not self._store_broke(crawler, assignment, failure):
                reason = f"reading broke down: {failure.value!r}"[:300]
                visit.fail(item.asked, reason, item.capture_id)

        def source_broke(failure: Failure) -> None:
            if not self._store_broke(crawler, assignment, failure):
                visit.ledger.note(f"reading a list broke down: {failure.value!r}"[:300])

        def scraped() -> None:
            self._tell(visit)

        crawler.signals.connect(scraped, signal=signals.item_scraped, weak=False)
        crawler.signals.connect(item_broke, signal=signals.item_error, weak=False)
        crawler.signals.connect(source_broke, signal=signals.spider_error, weak=False)

    def _store_broke(self, crawler: Crawler, assignment: Assignment, failure: Failure) -> bool:
        """Whether it is the store that failed: that ends the run, and is no fault of the page."""
        error = failure.value
        if isinstance(error, LeaseLostError | StoreError) and assignment.is_lost:
            self._end(crawler, LEASE_LOST)
            return True
        if not isinstance(error, StoreError):
            return False
        self._broken(error)
        self._end(crawler, STORE_BROKE)
        return True

    def _broken(self, error: StoreError) -> None:
        if self.error is None:
            self.error = error
            self._sites.end()

    def _end(self, crawler: Crawler, reason: str) -> None:
        if crawler.crawling and crawler.engine is not None:
            closing = crawler.engine.close_spider_async(reason=reason)
            self._endings.append(asyncio.ensure_future(closing))

    def _done(self, assignment: Assignment, visit: Visit, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        del self._running[visit.site.id]
        if visit.ending == STOPPED:
            self._sites.end()
        try:
            if error is not None:
                visit.ledger.note(f"the crawl broke down: {error!r}"[:300])
            visit.finish(self._ending(visit, error))
            self._sites.done(assignment)
        except (LeaseLostError, StoreError) as broken:
            if assignment.is_lost:
                visit.ledger.note(LEASE_LOST)
            elif isinstance(broken, StoreError):
                self._broken(broken)
        self._tell(visit, last=True)
        try:
            self._start_more()
        except StoreError as broken:
            self._broken(broken)

    def _ending(self, visit: Visit, error: BaseException | None) -> str:
        """Why a visit ended. A page that a full disk kept from being stored did not fail."""
        if self.error is not None and visit.ending in ("finished", None):
            return STORE_BROKE
        # A signal may come before the first page is asked for.
        return visit.ending or ("broken" if error is not None else STOPPED)

    def _tell(self, visit: Visit, last: bool = False) -> None:
        now = time.monotonic()
        if not last and now - self._last_told.get(visit.site.id, 0.0) < TELL_EVERY_SECONDS:
            return
        self._last_told[visit.site.id] = now
        line = {"site": visit.site.id, "account": asdict(visit.ledger.account), "last": last}
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
        share = Share(**told["share"]) if told.get("share") else None
        with Store.open(Path(told["data"]), writer=share.worker if share else "") as store:
            if share is not None:
                store.cut_off_after(share.seconds)
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
