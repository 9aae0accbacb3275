"""Reading stored pages again beside workers that crawl: one site at a time, each held meanwhile."""

from __future__ import annotations

import time
from collections.abc import Sequence

from commands.holding import alone_at
from commands.progress import progress
from commands.session import Session, say
from crawler.corrections import load_corrections
from crawler.errors import LockedError
from crawler.reprocessing import ReprocessReport, reprocess
from crawler.store.store import Store


def reread(
    session: Session, store: Store, ids: Sequence[str], wait: float
) -> tuple[ReprocessReport, list[str]]:
    """Read the pages of these sites (all when none is named) again; what came, what was left out.

    A site that a worker holds is tried again when the others are done, for `wait` seconds in all.
    """
    sites, corrections = session.sites(), load_corrections(session.config)
    with progress("Reading again") as report:
        if not store.is_shared:
            return reprocess(store, sites, ids or None, report, corrections), []
        done = ReprocessReport()
        waiting = list(dict.fromkeys(ids)) or store.articles.sites()
        for patience in (0.0, wait):
            until = time.monotonic() + patience
            held: list[str] = []
            for site in waiting:
                try:
                    left = max(until - time.monotonic(), 0.0)
                    with alone_at(session, store, [site], left) as mine:
                        done += reprocess(mine, sites, [site], report, corrections)
                except LockedError as error:
                    say(f"! {error.message}")
                    held.append(site)
            waiting = held
        return done, waiting
