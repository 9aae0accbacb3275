"""Counts what a site's crawl asks and receives, as sent over the line."""

from __future__ import annotations

from typing import Any, Protocol, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http.headers import Headers


class Counted(Protocol):
    """What is counted into."""

    requests: int
    bytes: int
    reached: bool


class Meter:
    """Adds requests and received bytes (headers and packed bodies) to the spider's ledger."""

    def __init__(self, ledger: Counted) -> None:
        self._ledger = ledger

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """One for each site's crawl."""
        meter = cls(getattr(crawler.spider, "ledger"))  # noqa: B009
        crawler.signals.connect(meter.asked, signal=signals.request_reached_downloader)
        crawler.signals.connect(meter.answered, signal=signals.headers_received)
        crawler.signals.connect(meter.received, signal=signals.bytes_received)
        return meter

    def asked(self) -> None:
        """A request went out."""
        self._ledger.requests += 1

    def answered(self, headers: Headers) -> None:
        """A server answered."""
        self._ledger.reached = True
        self._ledger.bytes += len(headers.to_string())

    def received(self, data: bytes, **_: Any) -> None:
        """A piece of a body came."""
        self._ledger.bytes += len(data)
