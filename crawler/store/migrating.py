"""The store's tables, made anew or grown from an older version by the steps in `migrations`.

A new store gets the newest tables at once and is stamped with their version; an older one takes
the steps that it lacks (alembic). A store that has the newest version is opened after one look,
without loading alembic, which takes a second.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from crawler.errors import StoreError
from crawler.store.place import told_place
from crawler.store.postgres import Turn, wait_for_turn
from crawler.store.schema import NEWEST, OLDEST, metadata

VERSION_TABLE = "schema_version"
MOVING = "moving"  # instead of a version while another store is moved into this one
FOLDER = Path(__file__).parent / "migrations"

version_table = sa.Table(
    VERSION_TABLE, sa.MetaData(), sa.Column("version_num", sa.String(32), primary_key=True)
)


class UnfitStoreError(StoreError):
    """The database answers, but can't be the store as it is: waiting mends nothing."""


def bring_up_to_date(engine: sa.Engine) -> None:
    """Make the tables or bring them up to this version.

    Raises UnfitStoreError when a newer version or another program made them, or a store is half
    moved there.
    """
    with engine.begin() as connection:
        if version_of(connection) == NEWEST:
            return
        wait_for_turn(connection, Turn.SETUP)
        found = version_of(connection)
        if found == NEWEST:
            return
        _refuse(found, connection)
        if found is None and not _known_tables(connection):
            make_tables(connection, NEWEST)
        else:
            take_steps(connection)


def version_of(connection: sa.Connection) -> str | None:
    """The version of the tables that are there; None when nothing says it."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(sa.select(version_table.c.version_num))
    return found


def make_tables(connection: sa.Connection, version: str) -> None:
    """Make all tables as they are today and note a version, or MOVING."""
    metadata.create_all(connection)
    note_version(connection, version)


def note_version(connection: sa.Connection, version: str) -> None:
    """Say which version the tables have."""
    version_table.create(connection, checkfirst=True)
    connection.execute(version_table.delete())
    connection.execute(version_table.insert().values(version_num=version))


def take_steps(connection: sa.Connection, upto: str = "head") -> None:
    """Take the steps that the tables lack."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, upto)


def _known_tables(connection: sa.Connection) -> set[str]:
    return metadata.tables.keys() & set(sa.inspect(connection).get_table_names())


def _refuse(found: str | None, connection: sa.Connection) -> None:
    place = told_place(connection.engine.url)
    if found == MOVING:
        remedy = "Finish it: `jarshy store move --to ...`, the same command again."
        raise UnfitStoreError(f"{place}: a store is only half moved there", remedy)
    if found is not None and found > NEWEST:
        remedy = "Use the version of Jarshy that made it, or a newer one."
        message = f"{place}: the store has schema {found}, this Jarshy knows {OLDEST} to {NEWEST}"
        raise UnfitStoreError(message, remedy)
    # In SQLite these are the tables of a version that noted none yet: the first step takes them.
    if found is None and connection.dialect.name != "sqlite" and _known_tables(connection):
        names = ", ".join(sorted(_known_tables(connection)))
        message = f"{place}: has tables of another program ({names})"
        raise UnfitStoreError(message, "Make a database for Jarshy alone: createdb NAME.")
