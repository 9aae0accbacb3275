"""An older store grows into the newest schema: missing tables, columns and indexes are added.

Nothing stored is rewritten or dropped, so a column that comes later must be nullable or have a
default on the server's side.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import sqlalchemy as sa

from crawler.errors import StoreError
from crawler.store.schema import SCHEMA_VERSION, meta, metadata

VERSION, SHAPE = "schema", "shape"


def upgrade(connection: sa.Connection, data: Path) -> None:
    """Bring the tables up to this version; StoreError when a newer version made them."""
    meta.create(connection, checkfirst=True)
    found = _fact(connection, VERSION)
    if found is not None and int(found) > SCHEMA_VERSION:
        remedy = "Use the version of Jarshy that made it, or a newer one."
        message = f"{data}: the store has schema {found}, this Jarshy knows {SCHEMA_VERSION}"
        raise StoreError(message, remedy)
    shape = _shape()
    if _fact(connection, SHAPE) == shape:
        return
    metadata.create_all(connection)
    seen = sa.inspect(connection)
    for table in metadata.sorted_tables:
        there = {column["name"] for column in seen.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                _add(connection, table, column)
        named = {index["name"] for index in seen.get_indexes(table.name)}
        for index in table.indexes:
            if index.name not in named:
                index.create(connection)
    _keep(connection, VERSION, str(SCHEMA_VERSION))
    _keep(connection, SHAPE, shape)


def _add(connection: sa.Connection, table: sa.Table, column: sa.Column[object]) -> None:
    definition = sa.schema.CreateColumn(column).compile(dialect=connection.dialect)
    name = connection.dialect.identifier_preparer.format_table(table)
    connection.execute(sa.text(f"ALTER TABLE {name} ADD COLUMN {definition}"))


def _shape() -> str:
    """What the tables look like, in short: opening a store that has it already costs one look."""
    rows = [
        f"{table.name} {column.name} {column.index}"
        for table in metadata.sorted_tables
        for column in table.columns
    ]
    rows += [str(index.name) for table in metadata.sorted_tables for index in table.indexes]
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()[:16]


def _fact(connection: sa.Connection, key: str) -> str | None:
    found: str | None = connection.scalar(sa.select(meta.c.value).where(meta.c.key == key))
    return found


def _keep(connection: sa.Connection, key: str, value: str) -> None:
    here = meta.c.key == key
    if connection.execute(meta.update().where(here).values(value=value)).rowcount == 0:
        connection.execute(meta.insert().values(key=key, value=value))
