"""Leases: who may crawl a site now, told by the database that all crawling machines share.

A lease is held under one or several names (`site:karlib`, `host:karlib.kz`) and ends by itself
when it is not renewed. Every taking raises the numbers of its names (a fencing token, after
Kleppmann, "How to do distributed locking", 2016): a write proves in its own transaction that the
numbers are still those of its lease, so that a process which slept past its time stores nothing.
All times are the database's, so that machines whose clocks differ agree.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from crawler.errors import LeaseLostError
from crawler.store.lifelines import Lifeline, Taken, the_dead
from crawler.store.moments import UtcDateTime
from crawler.store.schema import leases

NAME = leases.c.name
NOBODY = dict.fromkeys(("holder", "taken_at", "renewed_at", "expires_at"))


@dataclass(frozen=True, slots=True)
class HeldLease:
    """A name that is held: by whom, since when, last renewed and until when (UTC)."""

    name: str
    holder: str
    taken_at: datetime
    renewed_at: datetime
    expires_at: datetime


class Lease:
    """A hold on some names, with the numbers that they were taken under."""

    def __init__(self, holder: str, tokens: Mapping[str, int], seconds: float) -> None:
        self.holder = holder
        self.tokens = dict(tokens)
        self.seconds = seconds
        self._ends = _now() + seconds
        self._is_lost = False
        self._lifeline: Lifeline | None = None

    @property
    def is_alive(self) -> bool:
        """Whether it still holds, as far as this process can know without asking."""
        return not self._is_lost and _now() < self._ends

    def lose(self) -> None:
        """Note that it is held no more."""
        self._is_lost = True
        if self._lifeline is not None:
            self._lifeline.cut()

    def tie(self, lifeline: Lifeline) -> None:
        """Have this show that its process lives, until it is held no more."""
        self._lifeline = lifeline

    def last_until(self, moment: float) -> None:
        """Note that it was renewed: it holds to that moment of this machine's clock."""
        self._ends = moment

    def prove(self, connection: sa.Connection) -> None:
        """Keep the lease from being taken until the transaction ends; LeaseLostError if it was."""
        if self.is_alive and _locked(connection, self.tokens, share=True):
            return
        self.lose()
        # Not rolled back: after such a sleep the server may have closed it.
        connection.invalidate()
        names = ", ".join(sorted(self.tokens))
        raise LeaseLostError(f"the lease of {names} has ended before it was renewed")


class LeaseTable:
    """Takes, renews and gives back leases; of a PostgreSQL database only.

    In the data folder it shows that the process lives which took one.
    """

    def __init__(self, engine: sa.Engine, data: Path) -> None:
        self._engine = engine
        self._data = data

    def name(self, names: Collection[str]) -> None:
        """Make the rows of names that have none, free."""
        rows = [{"name": name, "token": 0} for name in sorted(set(names))]
        if rows:
            command = postgresql.insert(leases).values(rows).on_conflict_do_nothing()
            with self._engine.begin() as connection:
                connection.execute(command)

    def take(self, names: Collection[str], holder: str, seconds: float) -> Lease | None:
        """Take all of these names; None when one is held, or being taken, by another."""
        wanted = sorted(set(names))
        began = _now()
        with self._engine.begin() as connection:
            free = leases.c.expires_at.is_(None) | (leases.c.expires_at <= _clock())
            rows = sa.select(NAME, leases.c.token).where(NAME.in_(wanted), free).order_by(NAME)
            found = connection.execute(rows.with_for_update(skip_locked=True)).all()
            if len(found) < len(wanted):
                return None
            told = {"holder": holder, "taken_at": _clock(), **_renewed(seconds)}
            raised = leases.update().where(NAME.in_(wanted))
            connection.execute(raised.values(token=leases.c.token + 1, **told))
        lease = Lease(holder, {row.name: row.token + 1 for row in found}, seconds)
        lease.last_until(began + seconds)
        # A disk that is full takes no file: then the lease of the dead ends by its time.
        with suppress(OSError):
            lease.tie(Lifeline(self._data, Taken(holder, lease.tokens)))
        return lease

    def renew(self, held: Sequence[Lease]) -> None:
        """Let leases last on from now; those that ended before, or were taken, are lost."""
        for lease in held:
            began = _now()
            with self._engine.begin() as connection:
                mine = lease.is_alive and _locked(connection, lease.tokens)
                if not mine:
                    lease.lose()
                    continue
                here = NAME.in_(list(lease.tokens))
                connection.execute(leases.update().where(here).values(**_renewed(lease.seconds)))
            lease.last_until(began + lease.seconds)

    def give_back(self, lease: Lease) -> None:
        """Free what a lease held, unless another took it meanwhile."""
        with self._engine.begin() as connection:
            if _locked(connection, lease.tokens):
                here = NAME.in_(list(lease.tokens))
                connection.execute(leases.update().where(here).values(**NOBODY))
        lease.lose()

    def free_the_dead(self) -> None:
        """Free what processes with this data folder held that were killed, or lost the database."""
        for taken in the_dead(self._data):
            its = sa.tuple_(NAME, leases.c.token).in_(list(taken.tokens.items()))
            free = leases.update().where(its, leases.c.holder == taken.holder).values(**NOBODY)
            with self._engine.begin() as connection:
                connection.execute(free)

    def held(self) -> list[HeldLease]:
        """What is held now, by name; leases that have ended are not."""
        columns = (NAME, leases.c.holder, leases.c.taken_at, leases.c.renewed_at)
        query = sa.select(*columns, leases.c.expires_at).order_by(NAME)
        with self._engine.connect() as connection:
            if connection.dialect.name != "postgresql":
                return []
            rows = connection.execute(query.where(leases.c.expires_at > _clock()))
            return [HeldLease(**row._mapping) for row in rows]


def _locked(connection: sa.Connection, tokens: Mapping[str, int], share: bool = False) -> bool:
    """Lock the rows, always in one order, if all still have these numbers and have not ended."""
    mine = sa.tuple_(NAME, leases.c.token).in_(list(tokens.items()))
    query = sa.select(NAME).where(mine, leases.c.expires_at > _clock()).order_by(NAME)
    return len(connection.execute(query.with_for_update(read=share)).all()) == len(tokens)


def _renewed(seconds: float) -> dict[str, sa.ColumnElement[datetime]]:
    more = sa.func.make_interval(0, 0, 0, 0, 0, 0, sa.literal(seconds, sa.Float))
    return {"renewed_at": _clock(), "expires_at": _clock() + more}


def _clock() -> sa.ColumnElement[datetime]:
    """The database's clock, not the beginning of the transaction: that may have waited."""
    return sa.func.timezone("utc", sa.func.clock_timestamp(), type_=UtcDateTime())


def _now() -> float:
    """Seconds of a clock that goes on while the process, or the machine, sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
