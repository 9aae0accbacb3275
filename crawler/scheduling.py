"""Which sites are due: each has its own interval."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from crawler.sites import Site
from crawler.store.runs import CLOCKS, SiteRun
from crawler.store.store import Store

# Cron never starts to the second: a run an hour and a half early still counts as a day later.
EARLY = 1 / 16


def due_sites(sites: Iterable[Site], store: Store, now: datetime) -> list[Site]:
    """The sites whose last run began at least their interval ago, or that never ran.

    The longest unseen come first. A run that lies in the future (the clock was wrong) makes a
    site due, and so does one that we cut short: a shutdown, a store that could not be written.
    """
    latest = store.runs.latest(now)
    due = [site for site in sites if _is_due(site, latest.get(site.id), now)]
    began = {run.site: run.started_at.timestamp() for run in latest.values()}
    return sorted(due, key=lambda site: began.get(site.id, 0.0))


def is_due(site: Site, store: Store, now: datetime) -> bool:
    """Whether one site is due, as its latest run says at this moment."""
    latest = store.runs.of_site(site.id, 1, now)
    return _is_due(site, latest[0] if latest else None, now)


def _is_due(site: Site, last: SiteRun | None, now: datetime) -> bool:
    if last is None or last.was_cut_short or last.started_at > now + CLOCKS:
        return True
    return now - last.started_at >= timedelta(hours=site.interval_hours) * (1 - EARLY)
