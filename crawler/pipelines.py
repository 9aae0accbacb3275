"""Item pipelines: each calls one step of the visit; what is dropped is accounted for there."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from crawler.visit import Fetched, Visit


class _Step:
    def __init__(self, visit: Visit) -> None:
        self.visit = visit

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """One for each site's crawl."""
        return cls(getattr(crawler.spider, "visit"))  # noqa: B009


class CapturePipeline(_Step):
    """Raw page to the disk first."""

    def process_item(self, item: Fetched) -> Fetched:
        """The page with the id of its capture."""
        return _or_drop(self.visit.pages.keep(item))


class ReadPipeline(_Step):
    """Capture to article and event."""

    def process_item(self, item: Fetched) -> Fetched:
        """The page with its reading."""
        return _or_drop(self.visit.pages.read(item))


class StorePipeline(_Step):
    """Article and event to the store."""

    def process_item(self, item: Fetched) -> Fetched:
        """The page, stored."""
        self.visit.pages.store(item)
        return item


def _or_drop(item: Fetched | None) -> Fetched:
    if item is None:
        raise DropItem("accounted for", log_level="DEBUG")
    return item
