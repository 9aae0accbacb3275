"""How the sites are: what an administrator should look at, and why.

A library's site breaks silently: it is redesigned and its body selector matches nothing, its
feed stops, its server goes. Each rule below looks at what the store knows and says one sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from crawler.model import Article
from crawler.sites import Site
from crawler.store.runs import SiteRun
from crawler.store.store import Store

RUNS = 3
NEWEST = 12
FEWEST = 6
SILENT = timedelta(days=120)
SHRUNK = 0.35
GENERIC = frozenset(("generic", "text"))


@dataclass(frozen=True, slots=True)
class SiteHealth:
    """A site's state; `reasons` say in words why it is not healthy."""

    site: str
    name: str
    articles: int
    last_run: datetime | None
    reasons: tuple[str, ...] = ()

    @property
    def healthy(self) -> bool:
        """Whether nothing is wrong with the site."""
        return not self.reasons


@dataclass(frozen=True, slots=True)
class Findings:
    """What the rules look at: latest runs and newest articles (both newest first)."""

    site: Site
    runs: Sequence[SiteRun]
    articles: int
    newest: Sequence[Article]
    earlier: Sequence[Article]
    last_published: datetime | None
    now: datetime


def site_health(
    sites: Iterable[Site], store: Store, now: datetime | None = None
) -> list[SiteHealth]:
    """The health of every site, in their order; a site that never ran or is disabled is healthy."""
    return [_health(site, store, now or datetime.now(UTC)) for site in sites]


def _health(site: Site, store: Store, now: datetime) -> SiteHealth:
    runs = store.runs.of_site(site.id, RUNS)
    count = store.articles.count(site.id)
    reasons: tuple[str, ...] = ()
    if runs and site.enabled:
        newest = [one.article for one in store.articles.newest(site.id, 2 * NEWEST)]
        last = store.articles.last_published(site.id)
        found = Findings(site, runs, count, newest[:NEWEST], newest[NEWEST:], last, now)
        reasons = tuple(sentence for rule in RULES for sentence in rule(found))
    return SiteHealth(site.id, site.name.kk, count, runs[0].started_at if runs else None, reasons)


def _unreachable(found: Findings) -> Iterator[str]:
    down = next((n for n, run in enumerate(found.runs) if run.reachable), len(found.runs))
    if down:
        note = next(iter(found.runs[0].account.notes), "")
        runs = "run" if down == 1 else f"{down} runs"
        yield f"not reachable in the last {runs}" + (f" ({note})" if note else "")


def _forbidden(found: Findings) -> Iterator[str]:
    latest = found.runs[0]
    if latest.reachable and any("robots.txt" in note for note in latest.account.notes):
        yield next(note for note in latest.account.notes if "robots.txt" in note)


def _yields_nothing(found: Findings) -> Iterator[str]:
    if found.runs[0].reachable and found.articles == 0:
        yield "yields no articles"
    elif found.runs[0].reachable and found.runs[0].account.seen == 0:
        yield "its sources name no pages any more"


def _pages_fail(found: Findings) -> Iterator[str]:
    latest = found.runs[0].account
    read = latest.stored + latest.updated
    if latest.failed >= 3 and latest.failed > read and latest.failed > latest.unchanged:
        yield f"{latest.failed} of {latest.seen} pages failed in the last run"


def _layout_broken(found: Findings) -> Iterator[str]:
    """The generic extractor may read a page well enough; it must not hide a broken layout."""
    if not found.site.layouts or len(found.newest) < FEWEST:
        return
    generic = sum(one.layout in GENERIC for one in found.newest)
    before = sum(one.layout in GENERIC for one in found.earlier)
    if generic * 2 > len(found.newest) and before * 2 <= len(found.earlier):
        yield f"its layout matches no more: {generic} of the newest {len(found.newest)} pages"


def _text_shrinks(found: Findings) -> Iterator[str]:
    if len(found.newest) < FEWEST or len(found.earlier) < FEWEST:
        return
    new = median(len(one.text) for one in found.newest)
    old = median(len(one.text) for one in found.earlier)
    if new < SHRUNK * old:
        yield f"texts shrink: {new:.0f} characters in the middle, {old:.0f} before"


def _dates_stop(found: Findings) -> Iterator[str]:
    dated = [one.published for one in found.newest if one.published]
    before = sum(one.published is not None for one in found.earlier)
    if len(found.newest) >= FEWEST and not dated and before * 2 > len(found.earlier) > 0:
        yield "the newest articles have no dates any more"
    latest = found.last_published
    if latest and found.now - latest > SILENT and found.site.interval_hours <= 168:
        yield f"nothing new since {latest.date().isoformat()}"


def _doubtful(found: Findings) -> Iterator[str]:
    doubts = [one.suspect for one in found.newest if one.suspect]
    if len(doubts) * 2 > max(FEWEST, len(found.newest)):
        yield f"{len(doubts)} of the newest {len(found.newest)} articles look cut ({doubts[0]})"


RULES: tuple[Callable[[Findings], Iterator[str]], ...] = (
    _unreachable,
    _forbidden,
    _yields_nothing,
    _pages_fail,
    _layout_broken,
    _text_shrinks,
    _dates_stop,
    _doubtful,
)
