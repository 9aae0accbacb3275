"""How the sites are: what an administrator should look at, and why.

A library's site breaks silently: it is redesigned and its body selector matches nothing, its
feed stops, its server goes. Each rule below looks at what the store knows and gives reasons as
codes with facts; who shows them has the words (searchui/translations, `[health]`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from statistics import median

from crawler.model import Article
from crawler.sites import Site
from crawler.store.runs import SiteRun
from crawler.store.store import Store

# Unreachable so many runs in a row is a fault, less often bad luck.
RUNS = 3
RUNS_READ = 10
NEWEST = 24
# A redesign is told after this many new pages, so that a site with news once a week is soon known.
STREAK = 3
RECENT = 8
FEWEST = 6
SILENT = timedelta(days=120)
OVERDUE = timedelta(hours=36)
SHRUNK = 0.35
GENERIC = frozenset(("generic", "text"))
DOWN = frozenset(("unreachable", "certificate", "robots", "robots_unreadable"))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a site is not well: a code, the facts that its words name, whether to act on it.

    Facts are numbers, times (UTC) and `detail`, the words of a run's log (English).
    """

    code: str
    facts: Mapping[str, int | str | datetime] = field(default_factory=dict)
    grave: bool = True


@dataclass(frozen=True, slots=True)
class SiteHealth:
    """A site's state and the reasons for it, the worst first.

    `state` is `ok`, `failing`, `down`, `stale` (not crawled when it was due), `waiting` (never
    crawled) or `off` (disabled).
    """

    site: str
    name: str
    articles: int
    last_run: datetime | None
    state: str = "ok"
    reasons: tuple[Reason, ...] = ()

    @property
    def healthy(self) -> bool:
        """Whether there is nothing to act on; a site never read has nothing yet."""
        return not self.grave

    @property
    def grave(self) -> tuple[Reason, ...]:
        """The reasons for which somebody should look at the site."""
        return tuple(reason for reason in self.reasons if reason.grave)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the rules look at: the latest runs and articles (both newest first).

    `runs` are those that came to an end of their own: one that we cut short looks like a site
    without news, or without pages, and is none.
    """

    site: Site
    began: datetime
    runs: Sequence[SiteRun]
    articles: int
    newest: Sequence[Article]
    last_published: datetime | None
    now: datetime

    @property
    def latest(self) -> SiteRun:
        """The last run that was not cut short; the rules of runs are asked where there is one."""
        return self.runs[0]

    @property
    def read(self) -> bool:
        """Whether the last run could ask the site for pages."""
        return not _shut(self.latest)


def site_health(
    sites: Iterable[Site], store: Store, now: datetime | None = None
) -> list[SiteHealth]:
    """The health of every site, in their order."""
    return [_health(site, store, now or datetime.now(UTC)) for site in sites]


def _health(site: Site, store: Store, now: datetime) -> SiteHealth:
    runs = store.runs.of_site(site.id, RUNS_READ, now)
    count = store.articles.count(site.id)
    began = runs[0].started_at if runs else None
    told = (site.id, site.name.kk, count, began)
    whole = [run for run in runs if not run.was_cut_short]
    if not site.enabled or began is None or not (whole or count):
        return SiteHealth(*told, "waiting" if site.enabled else "off")
    newest = [one.article for one in store.articles.latest(site.id, NEWEST)]
    last = store.articles.last_published(site.id)
    found = Findings(site, began, whole, count, newest, last, now)
    rules = RULES if whole else OF_ARTICLES
    reasons = sorted(
        (reason for rule in rules for reason in rule(found)), key=lambda one: not one.grave
    )
    return SiteHealth(*told, _state(reasons), tuple(reasons))


def _state(reasons: Sequence[Reason]) -> str:
    codes = [reason.code for reason in reasons]
    if DOWN.intersection(codes):
        return "down"
    if [code for code in codes if code != "overdue"]:
        return "failing"
    return "stale" if codes else "ok"


def _shut(run: SiteRun) -> str | None:
    """Why a run could ask for no page at all; None when it could."""
    notes = run.account.notes
    unread = next((note for note in notes if "so nothing may be fetched" in note), None)
    if not run.reachable:
        trouble = unread or next(iter(notes), "")
        return "certificate" if "certificate" in trouble else "unreachable"
    if unread:
        return "robots_unreadable"
    forbidden = run.account.robots_denied == run.account.seen
    if forbidden and (run.account.seen or any("robots.txt" in note for note in notes)):
        return "robots"
    return None


def _away(found: Findings) -> Iterator[Reason]:
    why = _shut(found.latest)
    if why is None:
        return
    down = sum(1 for _ in takewhile(_shut, found.runs))
    lasting = down >= RUNS or found.articles == 0 or why == "robots"
    detail = next(iter(found.latest.account.notes), "")
    yield Reason(why, {"n": down, "detail": detail}, lasting)


def _yields_nothing(found: Findings) -> Iterator[Reason]:
    account = found.latest.account
    no_links = any("no source of the site gave a link" in note for note in account.notes)
    if found.read and (account.seen == 0 or no_links):
        yield Reason("empty")
    elif found.read and found.articles == 0:
        yield Reason("nothing")


def _pages_fail(found: Findings) -> Iterator[Reason]:
    account = found.latest.account
    if account.failed:
        read = account.stored + account.updated
        most = account.failed >= 3 and account.failed > max(read, account.unchanged)
        yield Reason("pages", {"n": account.failed, "seen": account.seen}, most)


def _layout_broken(found: Findings) -> Iterator[Reason]:
    """The generic extractor may read a page well enough; it must not hide a broken layout."""
    pages = found.newest
    generic = [one.layout in GENERIC for one in pages]
    streak = sum(1 for _ in takewhile(bool, generic))
    stopped = streak >= STREAK and not all(generic)
    never = len(pages) >= FEWEST and sum(generic) * 2 > len(pages)
    if found.site.layouts and (stopped or never):
        told = streak if stopped else sum(generic)
        yield Reason("layout", {"n": told, "of": told if stopped else len(pages)})


def _text_shrinks(found: Findings) -> Iterator[Reason]:
    recent, earlier = found.newest[:RECENT], found.newest[RECENT:]
    if len(earlier) < FEWEST:
        return
    new = median(len(one.text) for one in recent)
    old = median(len(one.text) for one in earlier)
    if new < SHRUNK * old:
        yield Reason("shrinks", {"new": round(new), "old": round(old)})


def _dates_stop(found: Findings) -> Iterator[Reason]:
    recent, earlier = found.newest[:FEWEST], found.newest[FEWEST:]
    dated = sum(one.published is not None for one in earlier)
    if earlier and not any(one.published for one in recent) and dated * 2 > len(earlier):
        yield Reason("undated", {"n": len(recent)})


def _silent(found: Findings) -> Iterator[Reason]:
    latest = found.last_published
    if latest and found.now - latest > SILENT and found.site.interval_hours <= 168:
        yield Reason("silent", {"when": latest})


def _doubtful(found: Findings) -> Iterator[Reason]:
    recent = found.newest[: NEWEST // 2]
    doubts = [one.suspect for one in recent if one.suspect]
    if len(doubts) * 2 > max(FEWEST, len(recent)):
        yield Reason("cut", {"n": len(doubts), "of": len(recent), "detail": doubts[0]})


def _overdue(found: Findings) -> Iterator[Reason]:
    """Not the site's fault: nobody ran `jarshy run`."""
    patience = timedelta(hours=found.site.interval_hours) + OVERDUE
    if found.now - found.began > patience:
        yield Reason("overdue", {"when": found.began}, grave=False)


Rule = Callable[[Findings], Iterator[Reason]]
RULES: tuple[Rule, ...] = (
    _away,
    _yields_nothing,
    _layout_broken,
    _text_shrinks,
    _dates_stop,
    _silent,
    _doubtful,
    _pages_fail,
    _overdue,
)
# What can be told of a site that was not yet read to its end.
OF_ARTICLES: tuple[Rule, ...] = (_layout_broken, _text_shrinks, _dates_stop, _doubtful, _overdue)
