"""Which stored articles tell of one event, and what is kept to find that out bit by bit.

crawler.gathering fills these tables; pages read them through `told_by`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from crawler.store.postgres import Turn, in_turn
from crawler.store.putting import put
from crawler.store.schema import (
    articles,
    event_groups,
    meta,
    report_keys,
    report_pairs,
    reports,
)

# Databases take so many values in one statement for sure.
BATCH = 400
# No day and no key is looked up further than this: a hostile site could share one with all.
MOST = 1000
STATE = "gathered"
Pair = tuple[float, int, int]


@dataclass(frozen=True, slots=True)
class StoredReport:
    """What grouping keeps of an article: its days, its report as JSON, its keys."""

    article_id: int
    site: str | None
    language: str
    span: tuple[date, date] | None
    told: str
    keys: frozenset[int]


@dataclass(frozen=True, slots=True)
class Telling:
    """Another article that tells of an event: its id, site and language."""

    article_id: int
    site: str | None
    language: str


class GroupTable:
    """The groups through one database engine."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def told_by(self, ids: Iterable[int]) -> Mapping[int, tuple[Telling, ...]]:
        """The other articles on the event of each of these, by id; none where there is no other.

        Articles that have been removed are left out, those that left their site are not.
        """
        found: dict[int, list[Telling]] = defaultdict(list)
        with self._engine.connect() as connection:
            for row in _rows(connection, _mates(), event_groups.c.article_id, ids):
                found[row.article_id].append(Telling(row.other, row.site, row.language))
        return {one: tuple(rows) for one, rows in found.items()}

    def repeats(self) -> int:
        """How many stored articles tell of an event that one counted before them tells of."""
        group = event_groups.c.group_id
        query = sa.select(sa.func.count() - sa.func.count(group.distinct())).select_from(
            event_groups.join(articles, articles.c.id == event_groups.c.article_id)
        )
        with self._engine.connect() as connection:
            return int(connection.scalar(query) or 0)

    def gathered(self) -> int:
        """The number of the change up to which the groups are made; 0 for none."""
        query = sa.select(meta.c.value).where(meta.c.key == STATE)
        with self._engine.connect() as connection:
            return int(connection.scalar(query) or 0)

    @contextmanager
    def work(self) -> Iterator[GroupWork]:
        """One step of grouping: all of it is kept at the end or, after an error, none."""
        with in_turn(self._engine, Turn.GROUPS) as connection:
            yield GroupWork(connection)


def _mates() -> sa.Select[Any]:
    """Articles and the others of their groups that are still stored."""
    mates = event_groups.alias()
    same = sa.and_(
        mates.c.group_id == event_groups.c.group_id,
        mates.c.article_id != event_groups.c.article_id,
    )
    columns = (event_groups.c.article_id, reports.c.article_id.label("other"))
    return (
        sa.select(*columns, reports.c.site, reports.c.language)
        .select_from(event_groups)
        .join(mates, same)
        .join(reports, reports.c.article_id == mates.c.article_id)
        .join(articles, articles.c.id == mates.c.article_id)
        .order_by(mates.c.article_id)
    )


class GroupWork:
    """Reads and writes what grouping keeps, inside one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def reports(self, ids: Iterable[int]) -> dict[int, str]:
        """The reports of articles as JSON, by id."""
        query = sa.select(reports.c.article_id, reports.c.told)
        rows = _rows(self._connection, query, reports.c.article_id, ids)
        return {row.article_id: row.told for row in rows}

    def keys(self, ids: Iterable[int]) -> dict[int, frozenset[int]]:
        """The keys of articles, by id."""
        found: dict[int, set[int]] = defaultdict(set)
        for row in _rows(self._connection, sa.select(report_keys), report_keys.c.article_id, ids):
            found[row.article_id].add(row.key)
        return {one: frozenset(keys) for one, keys in found.items()}

    def counts(self, keys: Iterable[int]) -> dict[int, int]:
        """How many articles have each of these keys."""
        query = sa.select(report_keys.c.key, sa.func.count().label("number"))
        rows = _rows(self._connection, query.group_by(report_keys.c.key), report_keys.c.key, keys)
        return {row.key: row.number for row in rows}

    def having(self, keys: Iterable[int]) -> set[int]:
        """The articles that have one of these keys."""
        rows = _rows(self._connection, sa.select(report_keys.c.article_id), report_keys.c.key, keys)
        return {row.article_id for row in rows}

    def holders(self, keys: Iterable[int]) -> dict[int, set[int]]:
        """The articles that have each of these keys; keys that more than MOST have are left out."""
        counts = self.counts(keys)
        wanted = [key for key, number in counts.items() if number <= MOST]
        found: dict[int, set[int]] = defaultdict(set)
        for row in _rows(self._connection, sa.select(report_keys), report_keys.c.key, wanted):
            found[row.key].add(row.article_id)
        return found

    def on_days(self, span: tuple[date, date]) -> set[int]:
        """The articles whose event has one of these days, MOST at most."""
        days = sa.and_(reports.c.first_day <= span[1], reports.c.last_day >= span[0])
        query = sa.select(reports.c.article_id).where(days).limit(MOST)
        return set(self._connection.scalars(query))

    def connected(self, ids: Iterable[int]) -> set[int]:
        """These articles and all that pairs or groups connect with them."""
        seen: set[int] = set()
        ahead = set(ids)
        while ahead:
            seen |= ahead
            ahead = self._beside(ahead) - seen
        return seen

    def _beside(self, ids: Collection[int]) -> set[int]:
        one, two = report_pairs.c.one, report_pairs.c.two
        found = {row.two for row in _rows(self._connection, sa.select(two), one, ids)}
        found |= {row.one for row in _rows(self._connection, sa.select(one), two, ids)}
        group = event_groups.c.group_id
        rows = _rows(self._connection, sa.select(group), event_groups.c.article_id, ids)
        groups = {row.group_id for row in rows}
        mates = _rows(self._connection, sa.select(event_groups.c.article_id), group, groups)
        return found | {row.article_id for row in mates}

    def pairs(self, ids: Iterable[int]) -> list[Pair]:
        """The pairs whose first member is one of these articles."""
        rows = _rows(self._connection, sa.select(report_pairs), report_pairs.c.one, ids)
        return [(row.points, row.one, row.two) for row in rows]

    def put(self, changed: Sequence[StoredReport], gone: Collection[int]) -> None:
        """Keep the reports of changed articles, and forget those of removed ones."""
        ids = {one.article_id for one in changed} | set(gone)
        rows = [_row(one) for one in changed]
        keys = [{"key": k, "article_id": one.article_id} for one in changed for k in one.keys]
        for column in (reports.c.article_id, report_keys.c.article_id):
            self._delete(column, ids)
        self._insert(reports, rows)
        self._insert(report_keys, keys)

    def put_pairs(self, ids: Collection[int], pairs: Iterable[Pair]) -> None:
        """Replace every pair of these articles."""
        rows = [{"one": one, "two": two, "points": points} for points, one, two in pairs]
        for column in (report_pairs.c.one, report_pairs.c.two):
            self._delete(column, ids)
        self._insert(report_pairs, rows)

    def put_groups(
        self, ids: Collection[int], groups: Iterable[Collection[int]], sequence: int
    ) -> None:
        """Replace the groups of these articles; now all changes up to `sequence` are done."""
        rows = [
            {"article_id": one, "group_id": min(group)} for group in groups for one in sorted(group)
        ]
        self._delete(event_groups.c.article_id, ids)
        self._insert(event_groups, rows)
        put(self._connection, meta, {"key": STATE, "value": str(sequence)})

    def _delete(self, column: sa.Column[Any], ids: Collection[int]) -> None:
        for part in _parts(ids):
            self._connection.execute(column.table.delete().where(column.in_(part)))

    def _insert(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(table.insert(), rows)


def _rows(
    connection: sa.Connection, query: sa.Select[Any], column: sa.Column[Any], values: Iterable[int]
) -> list[sa.Row[Any]]:
    """The rows of a query whose column has one of these values."""
    found: list[sa.Row[Any]] = []
    for part in _parts(values):
        found.extend(connection.execute(query.where(column.in_(part))))
    return found


def _parts(values: Iterable[int]) -> Iterator[list[int]]:
    rows = sorted(set(values))
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _row(one: StoredReport) -> dict[str, object]:
    first, last = one.span or (None, None)
    told = {"article_id": one.article_id, "site": one.site, "language": one.language}
    return {**told, "first_day": first, "last_day": last, "told": one.told}
