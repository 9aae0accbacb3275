"""How the sites are: what an administrator should look at, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crawler.sites import Site
from crawler.store.runs import SiteRun
from crawler.store.store import Store

UNREACHABLE_RUNS = 3


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


def site_health(sites: Iterable[Site], store: Store) -> list[SiteHealth]:
    """The health of every site, in their order."""
    return [_health(site, store) for site in sites]


def _health(site: Site, store: Store) -> SiteHealth:
    runs = store.runs.of_site(site.id, UNREACHABLE_RUNS)
    articles = store.articles.count(site.id)
    reasons = tuple(_reasons(runs, articles)) if site.enabled else ()
    last = runs[0].started_at if runs else None
    return SiteHealth(site.id, site.name.kk, articles, last, reasons)


def _reasons(runs: list[SiteRun], articles: int) -> Iterable[str]:
    if not runs:
        return
    latest = runs[0].account
    if not runs[0].reachable:
        down = next((n for n, run in enumerate(runs) if run.reachable), len(runs))
        yield (
            f"not reachable in the last {down} runs"
            if down > 1
            else "not reachable in the last run"
        )
    elif articles == 0:
        yield "yields no articles"
    if latest.failed and latest.failed * 2 > latest.stored + latest.updated + latest.failed:
        yield f"{latest.failed} pages failed in the last run"
