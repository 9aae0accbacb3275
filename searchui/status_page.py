"""The state of the collection in plain words: every site's health, and the index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.numbers import format_decimal

from crawler.sites import Site
from crawler.store.runs import SiteRun
from crawler.store.store import Store
from indexer.errors import SearchError
from indexer.model import IndexStatus
from searchui.dates import moment
from searchui.labels import Labels, sorting_key
from searchui.services import Services

WEEK = timedelta(days=7)
STALE_AFTER = timedelta(hours=36)
RUNS_READ = 60
ORDER = ("down", "failing", "stale", "waiting", "ok", "off")


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One site: `health` is ok, failing, down, stale, waiting or off; `reason` in plain words."""

    id: str
    name: str
    href: str
    last_run: str | None
    articles: int
    new_this_week: int
    health: str
    health_label: str
    reason: str


@dataclass(frozen=True, slots=True)
class StatusView:
    """The status page; `index` is None while there is no fit index."""

    sites: tuple[SiteLine, ...]
    healthy: str
    last_run: str | None
    stale_days: int | None
    index: tuple[tuple[str, str], ...]
    documents: int | None


def status_view(services: Services, labels: Labels) -> StatusView:
    """Everything the status page shows, out of store and index."""
    store, now = services.archive.store, services.now()
    latest = store.runs.latest() if store else {}
    status = _index_status(services)
    counts = _counts(services, store, latest, status)
    lines = [
        _line(site, latest.get(key), counts.get(key, (0, 0)), now, labels)
        for key, site in services.sites.items()
    ]
    lines.sort(key=lambda line: (ORDER.index(line.health), sorting_key(line.name)))
    finished = store.runs.last_finished() if store else None
    counted = [line for line in lines if line.health != "off"]
    fine = sum(line.health == "ok" for line in counted)
    return StatusView(
        sites=tuple(lines),
        healthy=f"{fine} / {len(counted)}",
        last_run=moment(finished, labels.wording) if finished else None,
        stale_days=_stale_days(finished, now),
        index=_index_facts(status, services.release, labels) if status else (),
        documents=status.documents if status else None,
    )


def _index_status(services: Services) -> IndexStatus | None:
    try:
        return services.archive.searcher.status()
    except SearchError:
        return None


def _stale_days(finished: datetime | None, now: datetime) -> int | None:
    """Whole days since the last run, once it is over a day and a half ago."""
    if finished is None or now - finished < STALE_AFTER:
        return None
    return max(1, (now - finished).days)


def _line(
    site: Site, run: SiteRun | None, counts: tuple[int, int], now: datetime, labels: Labels
) -> SiteLine:
    health, reason = health_of(site, run, now, labels)
    return SiteLine(
        id=site.id,
        name=labels.library(site.id),
        href=f"/?site={site.id}",
        last_run=moment(run.started_at, labels.wording) if run else None,
        articles=counts[0],
        new_this_week=counts[1],
        health=health,
        health_label=labels.wording(f"health.{health}"),
        reason=reason,
    )


def _counts(
    services: Services,
    store: Store | None,
    latest: Mapping[str, SiteRun],
    status: IndexStatus | None,
) -> Mapping[str, tuple[int, int]]:
    """By site the articles stored and those new this week, counted again after every change."""
    if store is None:
        return {}
    now = services.now()

    def counted() -> Mapping[str, tuple[int, int]]:
        return {
            site.id: (store.articles.count(site.id), _new_this_week(site, store, now))
            for site in services.sites.values()
        }

    if status is None:
        return counted()
    runs = tuple(sorted((key, run.run_id) for key, run in latest.items()))
    key = (
        "status",
        store.articles.last_sequence(),
        runs,
        now.replace(minute=0, second=0, microsecond=0),
    )
    return services.memory.recall(status, key, counted)


def _new_this_week(site: Site, store: Store, now: datetime) -> int:
    runs = store.runs.of_site(site.id, RUNS_READ)
    return sum(run.account.stored for run in runs if now - run.started_at < WEEK)


def health_of(site: Site, run: SiteRun | None, now: datetime, labels: Labels) -> tuple[str, str]:
    """A site's state and the reason for it in the reader's language."""
    say = labels.wording
    if not site.enabled:
        return "off", say("health.off_reason")
    if run is None:
        return "waiting", say("health.waiting_reason")
    if not run.reachable:
        return "down", say("health.down_reason")
    if run.account.robots_denied and run.account.robots_denied == run.account.seen:
        return "down", say("health.robots_reason")
    if not run.account.seen:
        return "failing", say("health.empty_reason")
    if run.account.failed:
        text = say("health.failing_reason", n=run.account.failed, seen=say.number(run.account.seen))
        return "failing", text
    overdue = timedelta(hours=site.interval_hours) + STALE_AFTER
    if now - run.started_at > overdue:
        return "stale", say("health.stale_reason", when=moment(run.started_at, say))
    return "ok", say("health.ok_reason")


def _index_facts(status: IndexStatus, release: str, labels: Labels) -> tuple[tuple[str, str], ...]:
    say = labels.wording
    size = format_decimal(status.bytes / 1e6, format="#,##0.0", locale=say.locale)
    rows = [
        (say("status.articles"), say.number(status.documents)),
        (say("status.built"), moment(status.built_at, say)),
        (say("status.size"), f"{size} MB"),
        (say("status.engine"), f"{status.engine} {status.version}".strip()),
        (say("status.version"), f"Jarshy {release}"),
    ]
    if status.behind:
        rows.append((say("status.pending"), say.number(status.behind)))
    return tuple(rows)
