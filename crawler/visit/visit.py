"""Steers one site's part of a run: what to fetch, whether the budget allows it, how it ended."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from crawler.accounting import Ledger, Verdict
from crawler.discover.judge import ASKED, Action, Decision
from crawler.discover.memory import UNSETTLED
from crawler.discover.plan import Plan
from crawler.discover.steps import Step
from crawler.enrich.registry import Registry
from crawler.model import Capture, Link
from crawler.recall import recall, site_key
from crawler.sites import Site
from crawler.store.captures import Resource
from crawler.store.runs import ENDED_EARLY, SiteRun
from crawler.store.store import Store
from crawler.visit.fetched import Fetched
from crawler.visit.pages import Pages, resource_of

VERDICTS = {
    Action.UNCHANGED: Verdict.UNCHANGED,
    Action.FAILED: Verdict.FAILED,
    Action.FILTERED: Verdict.FILTERED,
}


class Visit:
    """Joins the stages for one site; the spider and (by its `pages`) the pipelines call it."""

    def __init__(
        self,
        site: Site,
        store: Store,
        run_id: int,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        registry: Registry | None = None,
    ) -> None:
        self.site = site
        self.store = store
        self.run_id = run_id
        self.now = clock
        self.started = clock()
        self._begun = time.monotonic()
        self._registry = registry
        self.ledger = Ledger()
        self.pages = Pages(site, store, self.ledger, clock)
        self.sources = store.captures.resources(site.id, "source")
        self.plan = Plan(site, recall(site, store, self.started), self.started)
        self.budget_hit = False
        self._planned = 0
        self.ending: str | None = None

    @property
    def plan(self) -> Plan:
        """What steers the visit."""
        return self._plan

    @plan.setter
    def plan(self, plan: Plan) -> None:
        self._plan = plan
        self.pages.begin(plan, self._registry)

    # Steering

    def admit(self, step: Step) -> list[Link]:
        """Account for the decisions of a step; the pages that are to be fetched."""
        links = []
        for decision in step.decisions:
            self.ledger.see(decision.link.url)
            if decision.page:
                self.pages.addresses.moved(decision.link.url, decision.page, self.now())
            if decision.action in ASKED:
                links.append(decision.link)
            else:
                self._settle_unasked(decision)
        return links

    def rechecks(self) -> list[Link]:
        """Pages whose turn it is though no source named them: vanished, old, failed before."""
        memory = self.plan.memory
        urls = [*self.plan.vanished(), *memory.due, *memory.retry]
        return self.admit(Step(tuple(self.plan.judge.check(urls))))

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
        known = self.pages.known.get(url) or self.sources.get(url)
        return (known.etag, known.last_modified) if known else (None, None)

    def fail(self, url: str, reason: str, capture_id: int | None = None) -> None:
        """A page broke the reader: it is noted, and tried again later."""
        self.pages.fail(url, reason, capture_id)

    def source_answered(self, capture: Capture) -> None:
        """Note the validators of a source document; kept for the next run if this one ends well."""
        if capture.status == 200:
            self.sources[capture.url] = resource_of(self.site, capture, "source")
        elif capture.status == 304 and capture.url in self.sources:
            known = self.sources[capture.url]
            self.sources[capture.url] = replace(known, checked_at=capture.fetched_at)

    def _settle_unasked(self, decision: Decision) -> None:
        self.ledger.settle(decision.link.url, VERDICTS[decision.action])

    # Begin and end

    def read_kept(self) -> None:
        """Read the pages that a killed run had kept but not come to read."""
        for capture_id in self.store.captures.unread_ids(self.site.id):
            # Should reading it kill this run too, it is not tried a third time.
            self.store.captures.settle(capture_id, "failed")
            found = self.store.captures.read(capture_id)
            if found is None or not self.plan.judge.meet(found[1].url):
                continue
            url = found[1].url
            self.ledger.see(url)
            page = self.pages.addresses.page_of(url) or url
            fetched = self.pages.read(Fetched(url, found[1], (), capture_id, page))
            if fetched is not None:
                self.pages.store(fetched)

    def finish(self, reason: str) -> SiteRun:
        """Close the account and keep what the next run needs."""
        finished = reason == "finished" and not self.budget_hit
        for url in self.ledger.close(finished):
            self.store.captures.fail(url, self.site.id, "lost on the way", self.now())
        for note in self.plan.notes:
            self.ledger.note(note)
        if reason != "finished":
            self.ledger.conclude(f"{ENDED_EARLY}{reason}")
        if finished:
            self._remember()
        seconds = time.monotonic() - self._begun
        told = (self.started, seconds, self.ledger.account, self.ledger.reached)
        run = SiteRun(self.run_id, self.site.id, *told)
        self.store.runs.add_site(run)
        return run

    def _remember(self) -> None:
        unsettled = self.pages.unsettled
        for url, state in self.plan.states.items():
            marks = {
                page: UNSETTLED if page in unsettled else mark for page, mark in state.marks.items()
            }
            answered = self.sources.get(url)
            if answered is not None:
                told = replace(state, marks=marks).to_json()
                self.store.captures.note(replace(answered, state=told))
        silent = {kind: when.isoformat() for kind, when in self.plan.silent.items()}
        site_state = json.dumps({"whole": self.plan.whole, "silent": silent})
        mark = Resource(site_key(self.site), self.site.id, "site", 200, self.started)
        self.store.captures.note(replace(mark, state=site_state))
