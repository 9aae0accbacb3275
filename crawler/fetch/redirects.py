"""Redirects: followed inside the site, a few times, never in a circle; none goes unnoticed."""

from __future__ import annotations

from typing import Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from w3lib.url import safe_url_string

from crawler.fetch.reasons import Refused
from crawler.sites import Site

MOVED = (301, 302, 303, 307, 308)
MOST = 5
LONGEST = 2000  # characters of an address; PostgreSQL's index takes 2,700 bytes


class RedirectMiddleware:
    """Follows redirects that stay on the site; refuses the others, saying why."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For the site that the spider crawls."""
        return cls(getattr(crawler.spider, "site"))  # noqa: B009

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The answer itself, or the request that it leads to."""
        location = response.headers.get("Location")
        if response.status not in MOVED or not location:
            return response
        target = _target(request.url, location)
        chain = [*request.meta.get("redirects", []), request.url]
        trouble = self._trouble(request.url, target, chain)
        if trouble:
            raise Refused(trouble)
        follow = request.replace(url=target, dont_filter=True)
        follow.meta["redirects"] = chain
        for name in ("If-None-Match", "If-Modified-Since"):
            follow.headers.pop(name, None)
        return follow

    def _trouble(self, url: str, target: str, chain: list[str]) -> str | None:
        if target in chain:
            return "the address redirects in a circle"
        if len(chain) > MOST:
            return f"more than {MOST} redirects"
        if len(target) > LONGEST:
            return "redirects to an address that is too long"
        if not self._site.covers(target):
            return f"redirects away from the site, to {target[:200]}"
        if urlsplit(url).scheme == "https" and urlsplit(target).scheme == "http":
            return "redirects from an encrypted address to an open one"
        return None


def _target(url: str, location: bytes) -> str:
    told = location.decode("utf-8", "surrogateescape")
    try:
        return str(safe_url_string(urljoin(url, told.strip()))).partition("#")[0]
    except (ValueError, UnicodeError):
        raise Refused("redirects to something that is no address") from None
