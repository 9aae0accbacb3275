"""The state of the collection in plain words: every site's health, and the index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.numbers import format_decimal

from crawler.health import SiteHealth, site_health
from crawler.sites import Site
from crawler.store.store import Store
from indexer.errors import SearchError
from indexer.model import IndexStatus
from searchui.dates import moment
from searchui.health_words import health_words
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


@dataclass(frozen=True, slots=True)
class _SitesTold:
    """Every site's health in the order of the config; by site the articles new this week."""

    healths: tuple[SiteHealth, ...]
    new_this_week: Mapping[str, int]


def status_view(services: Services, labels: Labels) -> StatusView:
    """Everything the status page shows, out of store and index."""
    store, now = services.archive.store, services.now()
    status = _index_status(services)
    told = _sites_told(services, status)
    lines = [_line(one, told.new_this_week.get(one.site, 0), labels) for one in told.healths]
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


def _line(health: SiteHealth, new_this_week: int, labels: Labels) -> SiteLine:
    say = labels.wording
    return SiteLine(
        id=health.site,
        name=labels.library(health.site),
        href=f"/?site={health.site}",
        last_run=moment(health.last_run, say) if health.last_run else None,
        articles=health.articles,
        new_this_week=new_this_week,
        health=health.state,
        health_label=say(f"health.{health.state}"),
        reason=health_words(health, say),
    )


def healths(services: Services) -> tuple[SiteHealth, ...]:
    """The health of every configured site."""
    return _sites_told(services, _index_status(services)).healths


def _sites_told(services: Services, status: IndexStatus | None) -> _SitesTold:
    """What the store says of the sites, looked up again after every change and every hour."""
    store, now = services.archive.store, services.now()
    sites = services.sites.values()
    if store is None:
        waiting = ((site, "waiting" if site.enabled else "off") for site in sites)
        named = (SiteHealth(site.id, site.name.kk, 0, None, state) for site, state in waiting)
        return _SitesTold(tuple(named), {})

    def looked_up() -> _SitesTold:
        new = {site.id: _new_this_week(site, store, now) for site in sites}
        return _SitesTold(tuple(site_health(sites, store, now)), new)

    if status is None:
        return looked_up()
    runs = tuple(sorted((key, run.run_id) for key, run in store.runs.latest(now).items()))
    hour = now.replace(minute=0, second=0, microsecond=0)
    key = ("status", store.articles.last_sequence(), runs, hour)
    return services.memory.recall(status, key, looked_up)


def _new_this_week(site: Site, store: Store, now: datetime) -> int:
    runs = store.runs.of_site(site.id, RUNS_READ, now)
    return sum(run.account.stored for run in runs if now - run.started_at < WEEK)


def _index_facts(status: IndexStatus, release: str, labels: Labels) -> tuple[tuple[str, str], ...]:
    say = labels.wording
    size = format_decimal(status.bytes / 1e6, format="#,##0.0", locale=say.locale)
    rows = [
        (say("status.articles"), say.number(status.documents)),
        (say("status.built"), moment(status.built_at, say)),
        (say("status.size"), say("status.megabytes", size=size)),
        (say("status.engine"), f"{status.engine} {status.version}".strip()),
        (say("status.version"), f"Jarshy {release}"),
    ]
    if status.behind:
        rows.append((say("status.pending"), say.number(status.behind)))
    return tuple(rows)
