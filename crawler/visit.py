"""One site's part of a run: what is remembered, planned, fetched, read, stored and accounted."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crawler.accounting import Ledger, Verdict
from crawler.discover.directives import kept_out
from crawler.discover.judge import ASKED, Action, Decision
from crawler.discover.memory import UNSETTLED
from crawler.discover.plan import Plan, Step
from crawler.enrich.registry import Registry
from crawler.errors import ExtractionError
from crawler.model import Capture, Link
from crawler.reading import Reading, at_address, read_all
from crawler.recall import recall, repeated_texts, site_key
from crawler.sites import Site
from crawler.store.articles import Outcome
from crawler.store.captures import Resource, digest
from crawler.store.runs import SiteRun
from crawler.store.store import Store

Headers = tuple[tuple[str, str], ...]
VERDICTS = {
    Action.UNCHANGED: Verdict.UNCHANGED,
    Action.FAILED: Verdict.FAILED,
    Action.FILTERED: Verdict.FILTERED,
}
GONE = (404, 410)
# What a page came to whose articles came to different things: the first of these.
OUTCOMES = (
    (Outcome.STORED, Verdict.STORED),
    (Outcome.UPDATED, Verdict.UPDATED),
    (Outcome.UNCHANGED, Verdict.UNCHANGED),
    (Outcome.SUPPRESSED, Verdict.FILTERED),
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page that the server answered: `asked` is the address that was asked for."""

    asked: str
    capture: Capture
    request_headers: Headers
    capture_id: int | None = None
    readings: tuple[Reading, ...] = ()


class Visit:
    """Joins the stages for one site; the spider and the pipelines call it."""

    def __init__(
        self,
        site: Site,
        store: Store,
        run_id: int,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        registry: Registry | None = None,
    ) -> None:
        self._registry = registry
        self.site = site
        self.store = store
        self.run_id = run_id
        self.now = clock
        self.started = clock()
        self._begun = time.monotonic()
        self.ledger = Ledger()
        self.resources = store.captures.resources(site.id, "page")
        self.sources = store.captures.resources(site.id, "source")
        self.plan = Plan(site, recall(site, store, self.started), self.started)
        self._repeated = repeated_texts(site.id, store)
        self._unsettled: set[str] = set()
        self.budget_hit = False
        self._planned = 0
        self.ending: str | None = None

    # Steering

    def admit(self, step: Step) -> list[Link]:
        """Account for the decisions of a step; the pages that are to be fetched."""
        links = []
        for decision in step.decisions:
            self.ledger.see(decision.link.url)
            if decision.action in ASKED:
                links.append(decision.link)
            else:
                self._settle_unasked(decision)
        return links

    def rechecks(self) -> list[Link]:
        """Stored pages whose turn it is to be looked at again, though no source named them."""
        found = self.plan.judge.check([*self.plan.vanished(), *self.plan.memory.due])
        return self.admit(Step(tuple(found)))

    def may_ask(self) -> bool:
        """Whether the site's page budget allows another request."""
        # Retries, redirects and robots.txt count when they are made, the rest when planned.
        self._planned += 1
        if max(self._planned, self.ledger.requests) <= self.site.page_budget:
            return True
        if not self.budget_hit:
            self.budget_hit = True
            self.ledger.note(f"budget_hit: {self.site.page_budget} requests; the rest waits")
        return False

    def validators(self, url: str) -> tuple[str | None, str | None]:
        """ETag and Last-Modified of the last answer for a page or source."""
        known = self.resources.get(url) or self.sources.get(url)
        return (known.etag, known.last_modified) if known else (None, None)

    def _settle_unasked(self, decision: Decision) -> None:
        self.ledger.settle(decision.link.url, VERDICTS[decision.action])

    # Pages

    def keep(self, fetched: Fetched) -> Fetched | None:
        """Put the raw page on the disk; None when there is nothing in it to read."""
        capture, url = fetched.capture, fetched.asked
        if capture.status == 304 and self.store.articles.on_page(capture.url):
            self._unchanged(fetched)
            return None
        if capture.status in GONE:
            self._missing(fetched)
            return None
        if capture.status != 200:
            self.fail(url, f"the server answers {capture.status}")
            return None
        known = self.resources.get(capture.url)
        same = known is not None and known.digest == digest(capture.body)
        if same and self.store.articles.on_page(capture.url):
            self._unchanged(fetched)
            return None
        if url != capture.url:
            self._lead(url, capture)
            if not self.plan.judge.meet(capture.url):
                self.ledger.settle(url, Verdict.FILTERED)
                return None
        capture_id = self.store.captures.add(
            capture, self.site.id, fetched.request_headers, self._resource(capture)
        )
        return replace(fetched, capture_id=capture_id)

    def read(self, fetched: Fetched) -> Fetched | None:
        """Read a kept page; None when it is no article or can't be read."""
        kind = (fetched.capture.header("Content-Type") or "text/html").lower()
        reason = kept_out(fetched.capture)
        if reason is None and "html" not in kind and "text/plain" not in kind:
            reason = f"no page but {kind[:60]}"
        if reason is not None:
            self._set_aside(fetched, reason)
            return None
        try:
            readings = read_all(fetched.capture, self.site, self._repeated, self._registry)
        except ExtractionError as error:
            self.fail(fetched.asked, str(error), fetched.capture_id, fetched.capture.url)
            return None
        readings = at_address(readings, fetched.capture.url, self.site.id)
        return replace(fetched, readings=readings)

    def store_article(self, fetched: Fetched) -> None:
        """Store what was read: one article, or the several that a page tells."""
        capture = fetched.capture
        told = (capture.fetched_at, fetched.capture_id)
        save = self.store.articles.save
        outcomes = {save(one.article, one.event, *told) for one in fetched.readings}
        kept = [one.article.url for one in fetched.readings]
        if set(self.store.articles.on_page(capture.url)) - set(kept):
            self.store.articles.retire_others(capture.url, kept, capture.fetched_at)
        self.ledger.settle(fetched.asked, next(v for o, v in OUTCOMES if o in outcomes))

    def fail(
        self, url: str, reason: str, capture_id: int | None = None, kept: str | None = None
    ) -> None:
        """A page could not be had or read: it is noted, and tried again later."""
        self.store.captures.fail(kept or url, self.site.id, reason, self.now(), capture_id)
        if url in self.plan.memory.stored:
            # Its source said that it changed: that must not be forgotten.
            self._unsettled.add(url)
        self.ledger.settle(url, Verdict.FAILED)

    def deny(self, url: str, reason: str) -> None:
        """robots.txt does not allow a page."""
        if "so nothing" in reason:
            self.ledger.note(reason)
        self.ledger.settle(url, Verdict.ROBOTS_DENIED)

    def _unchanged(self, fetched: Fetched) -> None:
        self.store.articles.touch(fetched.capture.url, fetched.capture.fetched_at)
        self.ledger.settle(fetched.asked, Verdict.UNCHANGED)

    def _missing(self, fetched: Fetched) -> None:
        now_gone = self.store.articles.mark_missing(fetched.asked, fetched.capture.fetched_at)
        if now_gone:
            self.ledger.settle(fetched.asked, Verdict.UPDATED)
        else:
            self.fail(fetched.asked, f"the server answers {fetched.capture.status}")
            self._unsettled.discard(fetched.asked)

    def _lead(self, url: str, capture: Capture) -> None:
        moved = Resource(url, self.site.id, "page", 301, capture.fetched_at)
        self.store.captures.note(replace(moved, state=f"leads to {capture.url}"))

    def _set_aside(self, fetched: Fetched, reason: str) -> None:
        self.store.captures.note(replace(self._resource(fetched.capture), state=reason))
        if fetched.capture_id is not None:
            self.store.captures.settle(fetched.capture_id, "filtered")
        self.ledger.settle(fetched.asked, Verdict.FILTERED)

    def _resource(self, capture: Capture, role: str = "page") -> Resource:
        return Resource(
            url=capture.url,
            site=self.site.id,
            role=role,
            status=capture.status,
            checked_at=capture.fetched_at,
            etag=capture.header("ETag"),
            last_modified=capture.header("Last-Modified"),
            digest=digest(capture.body),
        )

    # Begin and end

    def read_kept(self) -> None:
        """Read the pages that a killed run had kept but not come to read."""
        for capture_id in self.store.captures.unread_ids(self.site.id):
            # Should reading it kill this run too, it is not tried a third time.
            self.store.captures.settle(capture_id, "failed")
            found = self.store.captures.read(capture_id)
            if found is None or not self.plan.judge.meet(found[1].url):
                continue
            self.ledger.see(found[1].url)
            fetched = self.read(Fetched(found[1].url, found[1], (), capture_id))
            if fetched is not None:
                self.store_article(fetched)

    def finish(self, reason: str) -> SiteRun:
        """Close the account and keep what the next run needs."""
        finished = reason == "finished" and not self.budget_hit
        for url in self.ledger.close(finished):
            self.store.captures.fail(url, self.site.id, "lost on the way", self.now())
        for note in self.plan.notes:
            self.ledger.note(note)
        if reason != "finished":
            self.ledger.note(f"ended early: {reason}")
        if finished:
            self._remember()
        seconds = time.monotonic() - self._begun
        account = self.ledger.account
        run = SiteRun(
            self.run_id, self.site.id, self.started, seconds, account, self.ledger.reached
        )
        self.store.runs.add_site(run)
        return run

    def _remember(self) -> None:
        for url, state in self.plan.states.items():
            marks = {
                page: UNSETTLED if page in self._unsettled else mark
                for page, mark in state.marks.items()
            }
            answered = self.sources.get(url)
            if answered is not None:
                told = replace(state, marks=marks).to_json()
                self.store.captures.note(replace(answered, state=told))
        if self.plan.whole:
            mark = Resource(site_key(self.site), self.site.id, "site", 200, self.started)
            self.store.captures.note(replace(mark, state=json.dumps({"whole": True})))

    def source_answered(self, capture: Capture) -> None:
        """Note the validators of a source document; kept for the next run if this one ends well."""
        if capture.status == 200:
            self.sources[capture.url] = self._resource(capture, "source")
        elif capture.status == 304 and capture.url in self.sources:
            known = self.sources[capture.url]
            self.sources[capture.url] = replace(known, checked_at=capture.fetched_at)
