"""Runs and what became of every page that they saw."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from crawler.model import Account
from crawler.store.schema import runs, site_runs

# By how much the clocks of machines that share the store may differ.
CLOCKS = timedelta(hours=1)
# Why we end a site's run ourselves, whatever the site is like; kept as a note of its account.
ENDED_EARLY = "ended early: "
STOPPED = "shutdown"  # Scrapy's word for a crawl that a signal ended
STORE_BROKE = "the store cannot be written"
LEASE_LOST = "the site has gone to another worker"
OURS = frozenset(f"{ENDED_EARLY}{why}" for why in (STOPPED, STORE_BROKE, LEASE_LOST))
COUNTS = (
    "seen",
    "stored",
    "updated",
    "unchanged",
    "failed",
    "filtered",
    "robots_denied",
    "requests",
    "bytes",
)


@dataclass(frozen=True, slots=True)
class SiteRun:
    """One site's part of a run; `reachable` is false when its server never answered."""

    run_id: int
    site: str
    started_at: datetime
    seconds: float
    account: Account
    reachable: bool

    @property
    def was_cut_short(self) -> bool:
        """Whether we ended it before it was through: it tells nothing of how the site is."""
        return not OURS.isdisjoint(self.account.notes)

    @property
    def is_down(self) -> bool:
        """Whether the server was given its time and never answered."""
        return not self.reachable and not self.was_cut_short


class RunTable:
    """Reads and writes the log of runs."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def begin(self, command: str, when: datetime) -> int:
        """Open a run; returns its id."""
        with self._engine.begin() as connection:
            made = connection.execute(runs.insert().values(command=command, started_at=when))
        key = made.inserted_primary_key
        assert key is not None
        return int(key[0])

    def add_site(self, site_run: SiteRun) -> None:
        """Keep one site's account."""
        account = site_run.account
        values = {name: getattr(account, name) for name in COUNTS}
        values |= {name: getattr(site_run, name) for name in ("run_id", "site", "started_at")}
        values |= {"seconds": site_run.seconds, "reachable": site_run.reachable}
        values["notes"] = json.dumps(account.notes, ensure_ascii=False)
        with self._engine.begin() as connection:
            connection.execute(site_runs.insert().values(**values))

    def finish(self, run_id: int, when: datetime) -> None:
        """Close a run."""
        with self._engine.begin() as connection:
            connection.execute(runs.update().where(runs.c.id == run_id).values(finished_at=when))

    def of_run(self, run_id: int) -> list[SiteRun]:
        """The accounts of one run, by site."""
        return self._read(sa.select(site_runs).where(site_runs.c.run_id == run_id))

    def of_site(self, site: str, limit: int = 10, now: datetime | None = None) -> list[SiteRun]:
        """A site's latest runs, the newest first; what lies behind `now` last of all.

        Newest is what began last: where several machines crawl, one whose run has the smaller
        number may come to a site after another one whose run has the greater. A run of the
        future was noted by a clock that was wrong.
        """
        query = sa.select(site_runs).where(site_runs.c.site == site)
        order = (_is_past(now), site_runs.c.started_at, site_runs.c.run_id)
        return self._read(query.order_by(*(one.desc() for one in order)).limit(limit))

    def latest(self, now: datetime | None = None) -> dict[str, SiteRun]:
        """Every site's latest run, as `of_site` tells."""
        began = site_runs.c.started_at
        past = sa.func.max(sa.case((_is_past(now), began)))
        newest = sa.func.coalesce(past, sa.func.max(began)).label("began")
        last = sa.select(site_runs.c.site, newest).group_by(site_runs.c.site).subquery()
        same = (site_runs.c.site == last.c.site) & (began == last.c.began)
        query = sa.select(site_runs).join(last, same).order_by(site_runs.c.run_id)
        return {one.site: one for one in self._read(query)}

    def last_finished(self) -> datetime | None:
        """When the latest run ended (UTC)."""
        with self._engine.connect() as connection:
            found: datetime | None = connection.scalar(sa.select(sa.func.max(runs.c.finished_at)))
        return found

    def _read(self, query: sa.Select[tuple[object, ...]]) -> list[SiteRun]:
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [
            SiteRun(
                run_id=row.run_id,
                site=row.site,
                started_at=row.started_at,
                seconds=row.seconds,
                account=Account(
                    **{name: getattr(row, name) for name in COUNTS},
                    notes=tuple(json.loads(row.notes)),
                ),
                reachable=row.reachable,
            )
            for row in rows
        ]


def _is_past(now: datetime | None) -> sa.ColumnElement[bool]:
    """Whether a run began by that moment, as far as clocks agree; without one all did."""
    return sa.literal(True) if now is None else site_runs.c.started_at <= now + CLOCKS
