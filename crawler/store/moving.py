"""Moving a store from the file in its data folder into a PostgreSQL database.

Rows go over in batches, in the order of their keys; how far a table has come is noted in the
transaction of its batch, so that a move that was killed goes on where it was. At the end the rows
of both sides are counted and hashed, and only then does the target become a store. The WARC files
stay where they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from crawler.errors import StoreError
from crawler.store.migrating import (
    MOVING,
    bring_up_to_date,
    make_tables,
    note_version,
    version_of,
    version_table,
)
from crawler.store.place import told_place
from crawler.store.postgres import Turn, in_turn, plain_text
from crawler.store.putting import put
from crawler.store.schema import NEWEST, articles, meta, metadata

BATCH = 1000
BEGUN = "move"  # key of meta: what the source was when the move began
MOVED = "moved"  # key of meta: what the source was when it had been moved here
AFRESH = "Say --afresh to empty the database and begin again; the file is left as it is."
NEW = "Name a new database: createdb NAME."
# Notes of the file alone, from before its steps were counted.
LEFT = ("schema", "shape")

Progress = Callable[[int, int], None]


class MovedError(StoreError):
    """The store is in the target already: nothing is left to do."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What a table holds: how many rows, and the sum of their SHA-256 in hex, in any order."""

    table: str
    count: int
    digest: str


def move(
    source: sa.Engine, target: sa.Engine, progress: Progress | None = None, afresh: bool = False
) -> list[Rows]:
    """Copy everything that the source holds; what each table has now, the same on both sides.

    The caller holds the lock of the source. `afresh` empties a target that an earlier move left
    half full. Raises MovedError for a target to which this very source was moved, StoreError for
    one that holds something else, for a source that has changed since the move began, and when
    the two sides differ.
    """
    if version_in(target) == MOVING:
        _go_on(source, target, afresh)
    else:
        _begin(source, target)
    tables = [table for table in metadata.sorted_tables if table is not meta]
    total = sum(_count(source, table) for table in tables)
    done = 0
    for table in tables:
        for number in _copied(source, target, table):
            done += number
            if progress is not None:
                progress(done, total)
    moved = [_compared(source, target, table) for table in tables]
    _finish(source, target)
    return moved


def version_in(target: sa.Engine) -> str | None:
    """The version of the tables in a database, or MOVING; None where there are none."""
    with target.connect() as connection:
        return version_of(connection)


def _begin(source: sa.Engine, target: sa.Engine) -> None:
    bring_up_to_date(target)
    with in_turn(target, Turn.MOVE) as connection:
        for table in metadata.sorted_tables:
            if table is not meta and connection.scalar(sa.select(table.c[0]).limit(1)) is not None:
                raise _is_full(source, target, connection, table)
        connection.execute(meta.delete())
        _start(source, connection)


def _is_full(
    source: sa.Engine, target: sa.Engine, connection: sa.Connection, table: sa.Table
) -> StoreError:
    place, was = told_place(target.url), _note(connection, MOVED)
    if was == _state(source):
        return MovedError(f"{place}: the store was moved there already")
    if was is not None:
        message = f"{place}: a store was moved there, and the file is not as it was then"
        return StoreError(message, f"Use the database, not the file; or: {NEW}")
    number = _count(target, articles)
    return StoreError(f"{place}: is not empty ({number} articles, rows in {table.name})", NEW)


def _start(source: sa.Engine, connection: sa.Connection) -> None:
    note_version(connection, MOVING)
    put(connection, meta, {"key": BEGUN, "value": _state(source)})


def _go_on(source: sa.Engine, target: sa.Engine, afresh: bool) -> None:
    with in_turn(target, Turn.MOVE) as connection:
        if afresh:
            metadata.drop_all(connection)
            version_table.drop(connection)
            make_tables(connection, MOVING)
            _start(source, connection)
        elif _note(connection, BEGUN) != _state(source):
            place = told_place(target.url)
            message = f"{place}: is half full, and the file has changed since the move began"
            raise StoreError(message, AFRESH)


def _state(source: sa.Engine) -> str:
    """What changes with every crawl, import or removal: the numbers given out so far."""
    with source.connect() as connection:
        given = connection.execute(sa.text("SELECT name, seq FROM sqlite_sequence ORDER BY name"))
        return json.dumps([NEWEST, *(list(row) for row in given)])


def _copied(source: sa.Engine, target: sa.Engine, table: sa.Table) -> Iterator[int]:
    """Copy a table batch by batch; gives how many rows were there already, then each batch's."""
    yield _count(target, table)
    while True:
        number = _copy_batch(source, target, table)
        yield number
        if number < BATCH:
            return


def _copy_batch(source: sa.Engine, target: sa.Engine, table: sa.Table) -> int:
    key = f"{BEGUN} {table.name}"
    with in_turn(target, Turn.MOVE) as connection:
        told = _note(connection, key)
        rows = _rows_after(source, table, json.loads(told) if told else None)
        if rows:
            connection.execute(table.insert(), [dict(row._mapping) for row in rows])
            last = [rows[-1]._mapping[column.name] for column in table.primary_key]
            put(connection, meta, {"key": key, "value": json.dumps(last)})
        return len(rows)


def _rows_after(
    source: sa.Engine, table: sa.Table, last: Sequence[Any] | None
) -> Sequence[sa.Row[Any]]:
    keys = list(table.primary_key)
    query = sa.select(table).order_by(*keys).limit(BATCH)
    if last is not None:
        query = query.where(sa.tuple_(*keys) > sa.tuple_(*last))
    with source.connect() as connection:
        return connection.execute(query).all()


def _compared(source: sa.Engine, target: sa.Engine, table: sa.Table) -> Rows:
    one, two = _rows_in(source, table), _rows_in(target, table)
    if one != two:
        place = told_place(target.url)
        told = f"{one.count} rows, sum {one.digest[:12]}; {two.count} rows, sum {two.digest[:12]}"
        raise StoreError(f"{place}: {table.name} differs from the file ({told})", AFRESH)
    return two


def _rows_in(engine: sa.Engine, table: sa.Table) -> Rows:
    """Count and hash a table; the hashes are added up, as databases order texts differently."""
    count = total = 0
    with engine.connect() as connection:
        found = connection.execution_options(yield_per=BATCH).execute(sa.select(table))
        for row in found:
            told = repr([plain_text(one) if isinstance(one, str) else one for one in row])
            total += int.from_bytes(hashlib.sha256(told.encode()).digest())
            count += 1
    return Rows(table.name, count, f"{total % 2**256:064x}")


def _finish(source: sa.Engine, target: sa.Engine) -> None:
    """Take over notes and numbers given out, and make the target a store, all in one step."""
    with source.connect() as connection:
        notes = connection.execute(sa.select(meta).where(meta.c.key.not_in(LEFT))).all()
        numbers = connection.execute(sa.text("SELECT name, seq FROM sqlite_sequence")).all()
    with in_turn(target, Turn.MOVE) as connection:
        connection.execute(meta.delete())
        for note in notes:
            put(connection, meta, dict(note._mapping))
        put(connection, meta, {"key": MOVED, "value": _state(source)})
        for name, number in numbers:
            (key,) = metadata.tables[name].primary_key
            sequence = sa.func.pg_get_serial_sequence(name, key.name)
            connection.execute(sa.select(sa.func.setval(sequence, max(number, 1), number > 0)))
        note_version(connection, NEWEST)
        connection.execute(sa.text("ANALYZE"))


def _note(connection: sa.Connection, key: str) -> str | None:
    found: str | None = connection.scalar(sa.select(meta.c.value).where(meta.c.key == key))
    return found


def _count(engine: sa.Engine, table: sa.Table) -> int:
    with engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
