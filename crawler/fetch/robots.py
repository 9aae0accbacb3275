"""robots.txt before every host's first page; where it can't be read, nothing is fetched.

Scrapy's own middleware crawls on when robots.txt answers 503 or never; RFC 9309 (section
2.3.1.4) says that such a site must be taken as wholly disallowed. What it said is used for up
to 24 hours (section 2.4), then asked for conditionally.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Protocol, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.fetch.politeness import SLOT, Politeness
from crawler.fetch.reasons import Refused, RobotsDenied, reason_of
from crawler.fetch.robotstxt import ALLOW_ALL, DENY_ALL, MAX_BYTES, Robots, parse_robots

AGENT = "jarshy"
FRESH = timedelta(hours=24)
SHELF = "robots_shelf"


class Kept(Protocol):
    """An earlier answer."""

    status: int
    body: bytes
    etag: str | None
    last_modified: str | None
    age: timedelta


class Shelf(Protocol):
    """Where earlier answers are kept."""

    def recall(self, url: str) -> Kept | None:
        """The last answer for an address."""

    def keep(
        self, url: str, status: int, body: bytes, etag: str | None, last_modified: str | None
    ) -> None:
        """Remember an answer."""


class RobotsMiddleware:
    """Asks for robots.txt once a host and run at most, and refuses what it forbids."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._shelf: Shelf | None = getattr(crawler, SHELF, None)
        self._rules: dict[str, asyncio.Task[tuple[Robots, str]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """One for each site's crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let the request pass, or raise RobotsDenied."""
        if request.meta.get("robots"):
            return
        parts = urlsplit(request.url)
        root = f"{parts.scheme}://{parts.netloc}"
        if root not in self._rules:
            self._rules[root] = asyncio.ensure_future(self._known(f"{root}/robots.txt"))
        rules, trouble = await asyncio.shield(self._rules[root])
        if trouble:
            raise RobotsDenied(trouble)
        if not rules.allows(request.url):
            raise RobotsDenied("robots.txt forbids it")

    async def _known(self, url: str) -> tuple[Robots, str]:
        """The rules, and what was wrong with robots.txt if it can't be obeyed."""
        kept = self._shelf.recall(url) if self._shelf is not None else None
        # An age below zero: the clock went back, nobody knows how old it is.
        if kept is not None and timedelta(0) <= kept.age < FRESH:
            return self._obeyed(kept.status, kept.body), ""
        try:
            response = await self._ask(url, kept)
        except Refused:
            # Redirects without end or to another site: as if there were none (RFC 9309, 2.3.1.2).
            return ALLOW_ALL, ""
        except Exception as error:
            why = reason_of(error, encrypted=url.startswith("https:"))
            return DENY_ALL, f"robots.txt: {why}, so nothing may be fetched"
        if response.status >= 500 or response.status == 429:
            return DENY_ALL, f"robots.txt answers {response.status}, so nothing may be fetched"
        status, body = response.status, response.body
        if status == 304 and kept is not None:
            status, body = kept.status, kept.body
        self._keep(url, status, body, response)
        return self._obeyed(status, body), ""

    async def _ask(self, url: str, kept: Kept | None) -> Response:
        assert self._crawler.engine is not None
        headers = {}
        if kept is not None and kept.etag:
            headers["If-None-Match"] = kept.etag
        if kept is not None and kept.last_modified:
            headers["If-Modified-Since"] = kept.last_modified
        return await self._crawler.engine.download_async(
            Request(
                url,
                headers=headers,
                meta={"robots": True, "download_slot": SLOT},
                callback=NO_CALLBACK,
                priority=1000,
            )
        )

    def _keep(self, url: str, status: int, body: bytes, response: Response) -> None:
        if self._shelf is None or status == 304:
            return
        etag, modified = (response.headers.get(name) for name in ("ETag", "Last-Modified"))
        marks = [one.decode("latin-1") if one else None for one in (etag, modified)]
        self._shelf.keep(url, status, body[:MAX_BYTES] if status == 200 else b"", *marks)

    def _obeyed(self, status: int, body: bytes) -> Robots:
        if status != 200:
            return ALLOW_ALL
        rules = parse_robots(body, AGENT)
        politeness = self._crawler.get_extension(Politeness)
        if politeness is not None and rules.crawl_delay:
            politeness.demand(rules.crawl_delay)
        return rules
