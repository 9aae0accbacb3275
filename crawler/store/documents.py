"""Reading what is stored: documents, their versions, their changes since a number."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crawler.model import Article, Document, Event
from crawler.store.codec import article_from_json, event_from_json
from crawler.store.schema import articles, changes, suppressed, versions

BATCH = 500
ROWS = 5_000  # of a few numbers each, that the database sends at once
HEADINGS = 20_000  # at once: short transactions, and no million of rows in memory


@dataclass(frozen=True, slots=True)
class Change:
    """The latest change of one article; `document` is None when it was removed."""

    sequence: int
    article_id: int
    document: Document | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the crawl needs of a stored article: when it was seen, since when it is missing."""

    url: str
    last_seen: datetime
    missing_since: datetime | None
    gone_since: datetime | None


@dataclass(frozen=True, slots=True)
class Version:
    """A text as it once was, from when it was stored, with the event read from it."""

    number: int
    stored: datetime
    article: Article
    event: Event


class DocumentReader:
    """The reading half of the article table."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def document(self, article_id: int) -> Document | None:
        """The current version of an article, gone ones too; None for an unknown id."""
        return next(iter(self.documents([article_id])), None)

    def document_at(self, url: str) -> Document | None:
        """The current version of the article of that canonical URL."""
        with self._engine.connect() as connection:
            found = connection.scalar(sa.select(articles.c.id).where(articles.c.url == url))
        return None if found is None else self.document(found)

    def documents(self, ids: Iterable[int]) -> Iterator[Document]:
        """The current versions of the articles of those ids, in the order of the ids."""
        wanted = list(ids)
        for start in range(0, len(wanted), BATCH):
            part = wanted[start : start + BATCH]
            with self._engine.connect() as connection:
                rows = connection.execute(_OF_IDS, {"ids": part}).all()
            by_id = {row.id: _document(row) for row in rows}
            yield from (by_id[one] for one in part if one in by_id)

    def headings(self) -> Iterator[tuple[int, str, list[str]]]:
        """The id, title and event's topics of every article that has a title, by id.

        Read by the database itself: decoding whole articles takes twenty times as long.
        """
        here = (versions.c.article_id == articles.c.id) & (versions.c.version == articles.c.version)
        title = self._json(versions.c.article)["title"].as_string()
        topics = self._json(versions.c.event)["topics"].as_json()
        query = sa.select(articles.c.id, title, topics).join(versions, here)
        query, last = query.order_by(articles.c.id).limit(HEADINGS), 0
        while True:
            with self._engine.connect() as connection:
                rows = connection.execute(query.where(articles.c.id > last)).all()
            yield from ((number, told, listed or []) for number, told, listed in rows if told)
            if len(rows) < HEADINGS:
                return
            last = rows[-1][0]

    def _json(self, column: sa.Column[str]) -> sa.ColumnElement[Any]:
        """A column of JSON text as JSON, which PostgreSQL wants to be told."""
        if self._engine.dialect.name == "sqlite":
            return sa.type_coerce(column, sa.JSON)
        # NUL, which stands in a record's JSON escaped, can't come out of PostgreSQL as text.
        return sa.cast(sa.func.replace(column, r"\u0000", r"\ufffd"), sa.JSON)

    def versions(self, article_id: int) -> list[Version]:
        """Every version of an article, oldest first."""
        query = sa.select(versions).where(versions.c.article_id == article_id)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(versions.c.version)).all()
        return [
            Version(
                row.version,
                row.created_at,
                article_from_json(row.article),
                event_from_json(row.event),
            )
            for row in rows
        ]

    def changes_after(self, sequence: int) -> Iterator[Change]:
        """The latest change of every article that changed after `sequence`, oldest first."""
        latest = sa.func.max(changes.c.sequence).label("sequence")
        query = sa.select(changes.c.article_id, latest).where(changes.c.sequence > sequence)
        query = query.group_by(changes.c.article_id).order_by(latest)
        ids, numbers = array("q"), array("q")  # all of one moment: 16 MB a million
        with self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=ROWS).execute(query):
                ids.append(row.article_id)
                numbers.append(row.sequence)
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH].tolist()
            found = {doc.id: doc for doc in self.documents(part)}
            for number, one in zip(numbers[start : start + BATCH], part, strict=True):
                yield Change(number, one, found.get(one))

    def changed_after(self, sequence: int) -> int:
        """How many articles changed after `sequence`, removed ones among them."""
        told = sa.func.count(changes.c.article_id.distinct())
        with self._engine.connect() as connection:
            query = sa.select(told).where(changes.c.sequence > sequence)
            return connection.scalar(query) or 0

    def last_sequence(self) -> int:
        """The number of the latest change; 0 for an empty store."""
        with self._engine.connect() as connection:
            return connection.scalar(sa.select(sa.func.max(changes.c.sequence))) or 0

    def count(self, site: str | None = None) -> int:
        """How many articles are stored, of one site or of all."""
        query = sa.select(sa.func.count()).select_from(articles)
        if site is not None:
            query = query.where(articles.c.site == site)
        with self._engine.connect() as connection:
            return connection.scalar(query) or 0

    def newest(self, site: str, limit: int) -> list[Document]:
        """A site's articles that were stored last, the newest first; gone ones are left out."""
        query = sa.select(articles.c.id).where(
            articles.c.site == site, articles.c.gone_since.is_(None)
        )
        with self._engine.connect() as connection:
            found = connection.scalars(query.order_by(articles.c.id.desc()).limit(limit)).all()
        return list(self.documents(found))

    def latest(self, site: str, limit: int) -> list[Document]:
        """A site's articles with the latest dates (the day found, where there is none).

        The newest first; gone ones are left out.
        """
        told = sa.func.coalesce(articles.c.published, articles.c.first_seen)
        query = sa.select(articles.c.id).where(
            articles.c.site == site, articles.c.gone_since.is_(None)
        )
        query = query.order_by(told.desc(), articles.c.id.desc()).limit(limit)
        with self._engine.connect() as connection:
            found = connection.scalars(query).all()
        return list(self.documents(found))

    def changed_at(self, above: int, upto: int) -> list[tuple[int, datetime]]:
        """Ids above one number up to another, each with when its current text was stored."""
        here = (versions.c.article_id == articles.c.id) & (versions.c.version == articles.c.version)
        query = sa.select(articles.c.id, versions.c.created_at).join(versions, here)
        query = query.where(articles.c.id > above, articles.c.id <= upto)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(articles.c.id)).all()
        return [(row.id, row.created_at) for row in rows]

    def last_id(self) -> int:
        """The highest id given to an article that is still stored; 0 for an empty store."""
        with self._engine.connect() as connection:
            return connection.scalar(sa.select(sa.func.max(articles.c.id))) or 0

    def last_published(self, site: str) -> datetime | None:
        """The date of a site's latest dated article."""
        query = sa.select(sa.func.max(articles.c.published)).where(articles.c.site == site)
        with self._engine.connect() as connection:
            found: datetime | None = connection.scalar(query)
        return found

    def known(self, site: str) -> list[Known]:
        """Every stored article of a site, the longest unseen first."""
        columns = (articles.c[name] for name in Known.__dataclass_fields__)
        query = sa.select(*columns).where(articles.c.site == site).order_by(articles.c.last_seen)
        with self._engine.connect() as connection:
            return [Known(**row._mapping) for row in connection.execute(query)]

    def known_urls(self, site: str) -> dict[str, datetime]:
        """The URLs of a site's stored articles, each with when it was last seen."""
        return {one.url: one.last_seen for one in self.known(site)}

    def on_page(self, url: str) -> list[str]:
        """The addresses of the articles that a page told: its own, or its own with fragments."""
        with self._engine.connect() as connection:
            return list(connection.scalars(sa.select(articles.c.url).where(of_page(url))))

    def suppressed_urls(self) -> set[str]:
        """The URLs that were taken down."""
        with self._engine.connect() as connection:
            return set(connection.scalars(sa.select(suppressed.c.url)))


def of_page(url: str) -> sa.ColumnElement[bool]:
    """The article of a page, or the several whose addresses are the page's with a fragment.

    As a span from `#` up to the sign after it, for which both databases use the index.
    """
    parts = (articles.c.url >= f"{url}#") & (articles.c.url < f"{url}$")
    return (articles.c.url == url) | parts


def _current() -> sa.Select[tuple[object, ...]]:
    here = (versions.c.article_id == articles.c.id) & (versions.c.version == articles.c.version)
    told = (articles.c[name] for name in _TOLD)
    return sa.select(*told, versions.c.article, versions.c.event).join(versions, here)


# What a document tells besides its article and event. Made once: building the query took as long
# as the database's answer.
_TOLD = ("id", "version", "sequence", "first_seen", "last_seen", "gone_since")
_OF_IDS = _current().where(articles.c.id.in_(sa.bindparam("ids", expanding=True)))


def _document(row: sa.Row[tuple[object, ...]]) -> Document:
    return Document(
        id=row.id,
        version=row.version,
        sequence=row.sequence,
        article=article_from_json(row.article),
        event=event_from_json(row.event),
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        gone_since=row.gone_since,
    )
