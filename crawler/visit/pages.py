"""From a fetched page to the store: kept raw, read, stored; each settled in the account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from crawler.accounting import Ledger, Verdict
from crawler.discover.directives import kept_out
from crawler.discover.plan import Plan
from crawler.enrich.registry import Registry
from crawler.errors import ExtractionError
from crawler.model import Capture
from crawler.reading import at_address, read_all
from crawler.recall import is_told_here, repeated_texts
from crawler.sites import Site
from crawler.store.articles import Outcome
from crawler.store.captures import Resource, digest
from crawler.store.store import Store
from crawler.visit.addresses import AddressBook, number_address
from crawler.visit.fetched import GONE, Fetched

# What a page came to whose articles came to different things: the first of these.
OUTCOMES = (
    (Outcome.STORED, Verdict.STORED),
    (Outcome.UPDATED, Verdict.UPDATED),
    (Outcome.UNCHANGED, Verdict.UNCHANGED),
    (Outcome.SUPPRESSED, Verdict.FILTERED),
)


class Pages:
    """The pages of one visit; `unsettled` are stored ones that changed but could not be had."""

    def __init__(
        self, site: Site, store: Store, ledger: Ledger, now: Callable[[], datetime]
    ) -> None:
        self._site = site
        self._store = store
        self._ledger = ledger
        self._now = now
        self._repeated = repeated_texts(site.id, store)
        self._failed = {one.url for one in store.captures.failures(site.id)}
        self.known = store.captures.resources(site.id, "page")
        self.unsettled: set[str] = set()

    def begin(self, plan: Plan, registry: Registry | None) -> None:
        """Say what is planned and which libraries are known."""
        self._plan = plan
        self._registry = registry
        self.addresses = AddressBook(self._site, self._store, plan.memory.kept_as)

    def keep(self, fetched: Fetched) -> Fetched | None:
        """Put the raw page on the disk; None when there is nothing in it to read."""
        capture, url = fetched.capture, fetched.asked
        if url != capture.url and not self._plan.may_be_article(capture.url):
            self._leads_nowhere(fetched)
            return None
        fetched = replace(fetched, page=self._page_of(fetched))
        if capture.status in GONE:
            self._missing(fetched)
        elif self._is_unchanged(fetched):
            self._unchanged(fetched)
        elif capture.status != 200:
            self.fail(url, f"the server answers {capture.status}")
        elif self._is_met_by_redirect(fetched):
            self._ledger.settle(url, Verdict.FILTERED)
        else:
            resource = resource_of(self._site, capture)
            headers = fetched.request_headers
            capture_id = self._store.captures.add(capture, self._site.id, headers, resource)
            return replace(fetched, capture_id=capture_id)
        return None

    def read(self, fetched: Fetched) -> Fetched | None:
        """Read a kept page; None when it is no article or can't be read."""
        reason = _no_page(fetched.capture)
        if reason is not None:
            self._set_aside(fetched, reason)
            return None
        try:
            found = read_all(fetched.capture, self._site, self._repeated, self._registry)
        except ExtractionError as error:
            self.fail(fetched.asked, str(error), fetched.capture_id, fetched.capture.url)
            return None
        told = at_address(found, fetched.page, self._site.id)
        here = tuple(one for one in told if self._is_told_here(one.article.url, fetched))
        if not here:
            self._set_aside(fetched, "tells only what pages of their own tell")
            return None
        return replace(fetched, readings=here)

    def _is_told_here(self, url: str, fetched: Fetched) -> bool:
        return is_told_here(url, fetched.page, self._store)

    def store(self, fetched: Fetched) -> None:
        """Store what was read: one article, or the several that a page tells."""
        capture, page, articles = fetched.capture, fetched.page, self._store.articles
        told = (capture.fetched_at, fetched.capture_id)
        outcomes = {articles.save(one.article, one.event, *told) for one in fetched.readings}
        kept = [one.article.url for one in fetched.readings]
        if set(articles.on_page(page)) - set(kept):
            articles.retire_others(page, kept, capture.fetched_at)
        number = number_address(capture, self._site)
        if number is not None:
            self.addresses.number(number, page, capture.fetched_at)
        self.addresses.moved(capture.url, page, capture.fetched_at)
        self._succeed(fetched)
        self._ledger.settle(fetched.asked, next(v for o, v in OUTCOMES if o in outcomes))

    def fail(
        self, url: str, reason: str, capture_id: int | None = None, kept: str | None = None
    ) -> None:
        """A page could not be had or read: it is noted, and tried again later."""
        self._store.captures.fail(kept or url, self._site.id, reason, self._now(), capture_id)
        if url in self._plan.memory.stored:
            # Its source said that it changed: that must not be forgotten.
            self.unsettled.add(url)
        self._ledger.settle(url, Verdict.FAILED)

    def deny(self, url: str, reason: str) -> None:
        """robots.txt does not allow a page."""
        if "so nothing" in reason:
            self._ledger.note(reason)
        self._ledger.settle(url, Verdict.ROBOTS_DENIED)

    def _page_of(self, fetched: Fetched) -> str:
        """The address that the page is stored under: of several, the first it ever had."""
        capture, asked, stored = fetched.capture, fetched.asked, self._plan.memory.stored
        for known in (self.addresses.page_of(asked) or asked, asked):
            if known in stored and (asked == capture.url or capture.url not in stored):
                return known
        if capture.url in stored or capture.status != 200:
            return capture.url
        number = number_address(capture, self._site)
        moved = number if number in stored else self.addresses.page_of(number)
        if moved and moved in stored and not self._plan.judge.has_met(moved):
            return moved
        return capture.url

    def _is_unchanged(self, fetched: Fetched) -> bool:
        capture = fetched.capture
        if capture.status not in (200, 304) or not self._store.articles.on_page(fetched.page):
            return False
        known = self.known.get(capture.url)
        same = known is not None and known.digest == digest(capture.body)
        return capture.status == 304 or same

    def _is_met_by_redirect(self, fetched: Fetched) -> bool:
        """Whether a redirect led to a page that this run met before."""
        capture, url = fetched.capture, fetched.asked
        if url == capture.url:
            return False
        if fetched.page != url:
            moved = Resource(url, self._site.id, "page", 301, capture.fetched_at)
            self._store.captures.note(replace(moved, state=f"leads to {capture.url}"))
        return not self._plan.judge.meet(capture.url)

    def _leads_nowhere(self, fetched: Fetched) -> None:
        """A redirect to the front page or a list: what was asked for is there no more."""
        if fetched.asked in self._plan.memory.stored:
            self._missing(replace(fetched, page=fetched.asked))
            return
        capture = fetched.capture
        aside = Resource(fetched.asked, self._site.id, "page", 301, capture.fetched_at)
        told = f"leads to {capture.url}, which is no article"
        self._store.captures.note(replace(aside, state=told))
        self._ledger.settle(fetched.asked, Verdict.FILTERED)

    def _unchanged(self, fetched: Fetched) -> None:
        self._store.articles.touch(fetched.page, fetched.capture.fetched_at)
        self._succeed(fetched)
        self._ledger.settle(fetched.asked, Verdict.UNCHANGED)

    def _succeed(self, fetched: Fetched) -> None:
        """Forget earlier failures of the page, under whatever address."""
        for url in {fetched.asked, fetched.capture.url, fetched.page} & self._failed:
            self._store.captures.succeed(url)

    def _missing(self, fetched: Fetched) -> None:
        capture = fetched.capture
        if self._store.articles.mark_missing(fetched.page, capture.fetched_at):
            self._succeed(fetched)
            self._ledger.settle(fetched.asked, Verdict.UPDATED)
            return
        gone = capture.status in GONE
        led = f"it leads to {capture.url}"
        self.fail(fetched.asked, f"the server answers {capture.status}" if gone else led)
        self.unsettled.discard(fetched.asked)

    def _set_aside(self, fetched: Fetched, reason: str) -> None:
        resource = resource_of(self._site, fetched.capture)
        self._store.captures.note(replace(resource, state=reason))
        if fetched.capture_id is not None:
            self._store.captures.settle(fetched.capture_id, "filtered")
        self._succeed(fetched)
        self._ledger.settle(fetched.asked, Verdict.FILTERED)


def _no_page(capture: Capture) -> str | None:
    """Why an answer is no page to be read; None when it is one."""
    kind = (capture.header("Content-Type") or "text/html").lower()
    if reason := kept_out(capture):
        return reason
    return None if "html" in kind or "text/plain" in kind else f"no page but {kind[:60]}"


def resource_of(site: Site, capture: Capture, role: str = "page") -> Resource:
    """What an answer says of its address, for the next conditional request."""
    return Resource(
        url=capture.url,
        site=site.id,
        role=role,
        status=capture.status,
        checked_at=capture.fetched_at,
        etag=capture.header("ETag"),
        last_modified=capture.header("Last-Modified"),
        digest=digest(capture.body),
    )
