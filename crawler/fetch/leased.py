"""The last look before a request goes out: is the site still this worker's?

A request may wait for its turn longer than the lease lasts, when the process was stopped or the
machine slept. Scrapy's middlewares are asked before that wait, its download handler after it.
"""

from __future__ import annotations

from typing import Protocol

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.fetch.reasons import Refused

LEASE = "site_lease"


class Hold(Protocol):
    """What says whether the site may be asked."""

    @property
    def is_alive(self) -> bool:
        """Whether it still holds."""


class LeasedHandler(HTTP11DownloadHandler):
    """Scrapy's own handler, for as long as the lease of its crawl holds."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._lease: Hold | None = getattr(crawler, LEASE, None)

    async def download_request(self, request: Request) -> Response:
        """The answer; raises Refused when the site has gone to another worker."""
        if self._lease is not None and not self._lease.is_alive:
            raise Refused("the site has gone to another worker")
        return await super().download_request(request)
