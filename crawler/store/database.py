"""Opening the store's database: settings that make a commit mean what it says."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError, ProgrammingError

from crawler.errors import StoreError
from crawler.store.folder import usable_folder
from crawler.store.upgrade import upgrade

DATABASE = "store.sqlite"


def open_engine(data: Path, url: str | None = None) -> sa.Engine:
    """The database of a data folder (made when missing), or the one at `url`.

    SQLite runs in WAL mode with synchronous=FULL: a commit survives a power cut
    (https://www.sqlite.org/pragma.html#pragma_synchronous). Raises StoreError when the
    folder or the file can't be used, or a newer version made it.
    """
    usable_folder(data)
    engine = sa.create_engine(url or f"sqlite:///{data / DATABASE}")
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _sqlite_settings)
    place = str(data / DATABASE) if url is None else engine.url.render_as_string()
    sa.event.listen(engine, "handle_error", lambda context: _told_plainly(context, place))
    with _alone(data), engine.begin() as connection:
        upgrade(connection, data)
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


REMEDIES = {
    "full": "Free some disk space; everything stored before is safe.",
    "disk I/O": "Look at the disk's space and health; everything stored before is safe.",
    "malformed": "Restore store.sqlite from a back-up; `jarshy doctor` says more.",
    "not a database": "Move the file away or point --data at another folder.",
    "readonly": "Give the user the right to write to the data folder.",
    "unable to open": "Give the user the right to read and write the data folder.",
}


def _told_plainly(context: sa.ExceptionContext, place: str) -> None:
    """Turn the database's own errors (full disk, damaged file, ...) into a StoreError."""
    error = context.original_exception
    if not isinstance(context.sqlalchemy_exception, OperationalError | DatabaseError):
        return
    if isinstance(context.sqlalchemy_exception, IntegrityError | ProgrammingError):
        return
    remedy = next((text for key, text in REMEDIES.items() if key in str(error)), "")
    raise StoreError(f"{place}: {error}", remedy) from error
