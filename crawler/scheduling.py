"""Which sites are due: each has its own interval."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from crawler.sites import Site
from crawler.store.runs import CLOCKS
from crawler.store.store import Store

# Cron never starts to the second: a run an hour and a half early still counts as a day later.
EARLY = 1 / 16


def due_sites(sites: Iterable[Site], store: Store, now: datetime) -> list[Site]:
    """The sites whose last run began at least their interval ago, or that never ran.

    The longest unseen come first. A run that lies in the future (the clock was wrong) makes a
    site due.
    """
    latest = store.runs.latest(now)
    began = {site.id: latest[site.id].started_at for site in sites if site.id in latest}
    due = [site for site in sites if _is_due(site, began.get(site.id), now)]
    return sorted(due, key=lambda site: began[site.id].timestamp() if site.id in began else 0.0)


def is_due(site: Site, store: Store, now: datetime) -> bool:
    """Whether one site is due, as its latest run says at this moment."""
    latest = store.runs.of_site(site.id, 1, now)
    return _is_due(site, latest[0].started_at if latest else None, now)


def _is_due(site: Site, began: datetime | None, now: datetime) -> bool:
    if began is None or began > now + CLOCKS:
        return True
    return now - began >= timedelta(hours=site.interval_hours) * (1 - EARLY)
