"""Opening the store's database: settings that make a commit mean what it says."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crawler.store.folder import usable_folder
from crawler.store.migrating import bring_up_to_date
from crawler.store.place import file_url, store_url
from crawler.store.postgres import postgres_engine
from crawler.store.troubles import tell_plainly


def open_engine(data: Path, url: sa.URL | None = None) -> sa.Engine:
    """The database of a data folder: at `url`, else where the environment says, else in a file.

    It is made, or brought up to this version, when it has to be. Raises StoreError when the
    folder or the database can't be used, or a newer version made it.
    """
    usable_folder(data)
    place = url or store_url(data)
    if place.drivername != "sqlite":
        engine = postgres_engine(place)
        bring_up_to_date(engine)
        return engine
    engine = sqlite_engine(data)
    with _alone(data):
        bring_up_to_date(engine)
    return engine


def sqlite_engine(data: Path) -> sa.Engine:
    """The file of a data folder.

    SQLite runs in WAL mode with synchronous=FULL: a commit survives a power cut
    (https://www.sqlite.org/pragma.html#pragma_synchronous).
    """
    engine = sa.create_engine(file_url(data))
    sa.event.listen(engine, "connect", _sqlite_settings)
    tell_plainly(engine)
    return engine


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Let one process at a time make the tables: two that start together would collide."""
    with (data / "setup.lock").open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _sqlite_settings(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    # The patience first: to set the journal's mode needs a lock as well.
    for setting in (
        "busy_timeout=10000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()
