"""The one spider: it fetches what the plan asks for and hands on what came. Flow only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.discover.documents import read_source
from crawler.discover.found import SourceError
from crawler.discover.steps import SourceAsk, Step
from crawler.discover.urls import canonical_url
from crawler.fetch.reasons import RobotsDenied, reason_of
from crawler.fetch.requests import capture_from, headers_sent, request_for
from crawler.model import Link
from crawler.visit import GONE, Fetched, Visit

# Pages before further lists: what is found is stored before more is looked for.
PAGE_PRIORITY = 10


class LibrarySpider(Spider):
    """Crawls the site of one visit."""

    name = "library"

    def __init__(self, visit: Visit, **told: Any) -> None:
        super().__init__(**told)
        self.visit = visit
        self.site = visit.site
        self.ledger = visit.ledger
        self.allowed_domains = list(self.site.allowed_hosts)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **told: Any) -> Self:
        """A spider that looks again at old pages once its sources are through."""
        spider = super().from_crawler(crawler, *args, **told)
        crawler.signals.connect(spider.look_again, signal=signals.spider_idle)
        return spider

    def look_again(self) -> None:
        """When all that the sources named is done: the pages whose turn it is."""
        requests = list(self._pages(self.visit.rechecks()))
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def closed(self, reason: str) -> None:
        """Why the crawl ended; the visit's account is closed by who began it."""
        self.visit.ending = reason

    async def start(self) -> AsyncIterator[Request]:
        """The first source documents; pages that a killed run left unread come before."""
        self.visit.read_kept()
        for request in self._follow(self.visit.plan.begin()):
            yield request

    def parse_source(self, response: Response, ask: SourceAsk) -> Iterator[Request]:
        """A source document came."""
        capture = capture_from(response, ask.url, self.visit.now())
        self.visit.source_answered(capture)
        plan = self.visit.plan
        if capture.status not in (200, 304):
            reason = f"the server answers {capture.status}"
            yield from self._follow(plan.lost(ask, reason, capture.status in GONE))
            return
        try:
            found = None
            if capture.status == 200:
                found = read_source(ask.source, capture, self.site, ask.page)
        except SourceError as error:
            yield from self._follow(plan.lost(ask, error.message.removeprefix(f"{ask.url}: ")))
            return
        validated = bool(capture.header("ETag") or capture.header("Last-Modified"))
        yield from self._follow(plan.read(ask, found, len(capture.body), validated))

    def source_failed(self, failure: Failure) -> Iterator[Request]:
        """A source document did not come."""
        assert failure.value is not None
        ask = failure.request.cb_kwargs["ask"]  # type: ignore[attr-defined]
        yield from self._follow(self.visit.plan.lost(ask, reason_of(failure.value)))

    def parse_page(self, response: Response, link: Link) -> Iterator[Fetched]:
        """A page came."""
        url = link.url
        if response.request is not None and response.request.meta.get("redirects"):
            url = canonical_url(response.url, self.site)
        capture = capture_from(response, url, self.visit.now())
        yield Fetched(link.url, capture, headers_sent(response))

    def page_failed(self, failure: Failure) -> None:
        """A page did not come."""
        assert failure.value is not None
        link = failure.request.cb_kwargs["link"]  # type: ignore[attr-defined]
        if isinstance(failure.value, RobotsDenied):
            self.visit.pages.deny(link.url, str(failure.value))
        else:
            self.visit.pages.fail(link.url, reason_of(failure.value))

    def _follow(self, step: Step) -> Iterator[Request]:
        yield from self._pages(self.visit.admit(step))
        for ask in step.asks:
            if self.visit.may_ask():
                known = self.visit.validators(ask.url) if ask.conditional else (None, None)
                yield request_for(ask.url, self.parse_source, self.source_failed, known, ask=ask)

    def _pages(self, links: Iterable[Link]) -> Iterator[Request]:
        for link in links:
            if self.visit.may_ask():
                known = self.visit.validators(link.url)
                yield request_for(
                    link.url, self.parse_page, self.page_failed, known, PAGE_PRIORITY, link=link
                )
