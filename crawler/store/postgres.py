"""What is PostgreSQL's own: the engine, what its texts can't hold, writers that take turns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any

import sqlalchemy as sa

from crawler.errors import StoreError
from crawler.store.place import told_place
from crawler.store.troubles import tell_plainly

OLDEST = 13
# After so many seconds a silent transaction is ended, where nobody has said otherwise: a lease's.
SILENCE_SECONDS = 300.0
SILENCE = "silence_seconds"
LOCK_SPACE = 0x6A617273  # "jars": other programs in the database have locks of their own
MISSING = ".venv/bin/pip install --require-hashes --no-deps -r requirements-postgres.lock"


class Turn(IntEnum):
    """What only one transaction at a time may do, on however many machines."""

    SETUP = 1
    CHANGES = 2
    GROUPS = 3
    MOVE = 4


def postgres_engine(url: sa.URL) -> sa.Engine:
    """An engine for a PostgreSQL database; the first connection tells what is wrong with it.

    Connections that a restart of the server cut are replaced before they are used. Raises
    StoreError where psycopg is not installed.
    """
    patience = {} if "connect_timeout" in url.query else {"connect_timeout": 10}
    named = {"application_name": "jarshy", "client_encoding": "utf8"}
    try:
        engine = sa.create_engine(
            url,
            pool_pre_ping=True,
            use_native_hstore=False,
            connect_args={**named, **patience},
        )
    except ModuleNotFoundError:
        message = f"{told_place(url)}: psycopg is not installed"
        raise StoreError(message, f"Install it: {MISSING}") from None
    tell_plainly(engine)
    sa.event.listen(engine, "connect", lambda raw, _: _greet(raw, told_place(url)))
    sa.event.listen(engine, "connect", lambda raw, _: _bound_waits(raw, _silence(engine)))
    return engine


def cut_off_after(engine: sa.Engine, seconds: float) -> None:
    """Have the server end transactions in which this process is silent for so long.

    A process that is stopped in the middle of one would keep all others waiting. What this one
    waits for itself is given up, as StoreError, after twice that: a silent one is cut off before.
    """
    if _silence(engine) != seconds:
        engine.update_execution_options(**{SILENCE: seconds})
        engine.dispose()


def _silence(engine: sa.Engine) -> float:
    return float(engine.get_execution_options().get(SILENCE, SILENCE_SECONDS))


def _bound_waits(connection: Any, seconds: float) -> None:
    # The driver's own commit: SQLAlchemy would roll the settings back with the first transaction.
    silence = f"SET idle_in_transaction_session_timeout = {seconds * 1000:.0f}"
    connection.execute(f"{silence}; SET lock_timeout = {seconds * 2000:.0f}")
    connection.commit()


def _greet(connection: Any, place: str) -> None:
    """Refuse a server that can't be used, and teach the connection what text it takes."""
    number = connection.info.server_version // 10_000
    if number < OLDEST:
        message = f"{place}: the server is PostgreSQL {number}"
        raise StoreError(message, f"Upgrade it to {OLDEST} or newer.")
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        message = f"{place}: the database is made for {encoding}, not UTF8"
        raise StoreError(
            message, "Make it anew: createdb --encoding=UTF8 --template=template0 NAME"
        )
    connection.adapters.register_dumper(str, _text_dumper())


def _text_dumper() -> Any:
    from psycopg.types.string import StrDumperUnknown

    class PlainText(StrDumperUnknown):
        """Text as PostgreSQL takes it; pages may have any character in their headers."""

        def dump(self, obj: str) -> bytes:
            return plain_text(obj).encode("utf-8", "replace")

    return PlainText


def plain_text(text: str) -> str:
    """A text without NUL, which PostgreSQL can't hold: U+FFFD stands in its place."""
    return text.replace("\0", "\ufffd")


def wait_for_turn(connection: sa.Connection, turn: Turn) -> None:
    """Hold a turn to the end of the transaction; SQLite lets one write at a time anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK_SPACE, int(turn))))


@contextmanager
def in_turn(engine: sa.Engine, turn: Turn) -> Iterator[sa.Connection]:
    """A transaction that others of the same kind wait for, on however many machines.

    Numbers of changes are drawn in turn: PostgreSQL gives a sequence's numbers out before their
    commit, so that a reader could see 8 before 7 and never ask for 7 again. The lock is let go
    after the commit can be seen (CommitTransaction in PostgreSQL's xact.c).
    """
    with engine.begin() as connection:
        wait_for_turn(connection, turn)
        yield connection
