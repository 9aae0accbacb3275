"""Where the store is: a file in the data folder, or a PostgreSQL database that an address names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from crawler.errors import ConfigError

STORE = "JARSHY_STORE"
WARC = "JARSHY_WARC"
DATABASE = "store.sqlite"
SCHEMES = ("postgresql+psycopg", "postgresql", "postgres")
FORM = "Write it as postgresql+psycopg://user@host/database, or nothing for the data folder."
HIDDEN = "Leave it to PGPASSWORD or a file that PGPASSFILE names, or write @ as %40 and / as %2F."


def file_url(data: Path) -> sa.URL:
    """The address of the SQLite file in a data folder."""
    return sa.URL.create("sqlite", database=str(data / DATABASE))


def store_url(data: Path) -> sa.URL:
    """The database that the environment names (JARSHY_STORE), else the data folder's own file.

    Raises ConfigError for an address of another kind.
    """
    told = os.environ.get(STORE, "")
    return database_url(told, f"store ({STORE} or jarshy.toml)") if told else file_url(data)


def warc_address() -> str:
    """Where the environment says that WARC files are kept; nothing for the data folder."""
    return os.environ.get(WARC, "")


def has_store(data: Path) -> bool:
    """Whether a store has been made for a data folder; a database of its own counts as made."""
    return bool(os.environ.get(STORE)) or (data / DATABASE).is_file()


def database_url(told: str, where: str) -> sa.URL:
    """The address of a PostgreSQL database; ConfigError, which tells no password, for another.

    `where` names the option or variable that it was read from.
    """
    try:
        url = sa.make_url(told)
    except (sa.exc.ArgumentError, ValueError):
        raise ConfigError(f"{where}: no address of a database", FORM) from None
    if "@" in f"{url.host}{url.database}" or "password" in url.query:
        raise ConfigError(f"{where}: an address can't have its password like that", HIDDEN)
    if url.drivername not in SCHEMES:
        message = f"{where}: {url.drivername} is no database that can be the store"
        raise ConfigError(message, FORM)
    if not url.database:
        raise ConfigError(f"{where}: names no database", FORM)
    return url.set(drivername=SCHEMES[0])


def told_place(url: sa.URL) -> str:
    """A database as an error names it: the file, or user, host, port and name; no password."""
    if url.drivername == "sqlite":
        return str(url.database)
    host = url.host or url.query.get("host", "this machine")
    port = f":{url.port}" if url.port else ""
    user = f"{url.username}@" if url.username else ""
    return f"PostgreSQL {user}{host}{port}/{url.database}"


@contextmanager
def own_file() -> Iterator[None]:
    """Inside, a store and its WARC files are in the data folder, whatever the config says.

    For folders that are thrown away, and for the demo: nothing of them may come into the
    library's database. Processes that are started inside hold to it as well.
    """
    before = {name: os.environ.get(name) for name in (STORE, WARC)}
    os.environ.update(dict.fromkeys(before, ""))
    try:
        yield
    finally:
        for name, told in before.items():
            if told is None:
                del os.environ[name]
            else:
                os.environ[name] = told
