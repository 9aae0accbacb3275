"""robots.txt before every host's first page; where it can't be read, nothing is fetched.

Scrapy's own middleware crawls on when robots.txt answers 503 or never; RFC 9309 (section
2.3.1.4) says that such a site must be taken as wholly disallowed.
"""

from __future__ import annotations

import asyncio
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK

from crawler.fetch.politeness import SLOT, Politeness
from crawler.fetch.reasons import Refused, RobotsDenied, reason_of
from crawler.fetch.robotstxt import ALLOW_ALL, DENY_ALL, Robots, parse_robots

AGENT = "jarshy"


class RobotsMiddleware:
    """Asks for robots.txt once a host and run, and refuses what it forbids."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
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
            self._rules[root] = asyncio.ensure_future(self._fetch(f"{root}/robots.txt"))
        rules, trouble = await asyncio.shield(self._rules[root])
        if trouble:
            raise RobotsDenied(trouble)
        if not rules.allows(request.url):
            raise RobotsDenied("robots.txt forbids it")

    async def _fetch(self, url: str) -> tuple[Robots, str]:
        """The rules, and what was wrong with robots.txt if it can't be obeyed."""
        assert self._crawler.engine is not None
        request = Request(
            url, meta={"robots": True, "download_slot": SLOT}, callback=NO_CALLBACK, priority=1000
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except Refused:
            # Redirects without end or to another site: as if there were none (RFC 9309, 2.3.1.2).
            return ALLOW_ALL, ""
        except Exception as error:
            return DENY_ALL, f"robots.txt: {reason_of(error)}, so nothing may be fetched"
        if response.status >= 500 or response.status == 429:
            return DENY_ALL, f"robots.txt answers {response.status}, so nothing may be fetched"
        if response.status != 200:
            return ALLOW_ALL, ""
        rules = parse_robots(response.body, AGENT)
        politeness = self._crawler.get_extension(Politeness)
        if politeness is not None and rules.crawl_delay:
            politeness.demand(rules.crawl_delay)
        return rules, ""
