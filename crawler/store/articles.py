"""Articles and their versions: nothing is lost, every change has a number."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from crawler.model import Article, Document, Event
from crawler.store.codec import article_from_json, event_from_json, to_json
from crawler.store.schema import articles, changes, suppressed, versions

GONE_AFTER = timedelta(days=7)
BATCH = 500


class Outcome(StrEnum):
    """What saving an article came to."""

    STORED = "stored"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Change:
    """The latest change of one article; `document` is None when it was removed or is gone."""

    sequence: int
    article_id: int
    document: Document | None


def fingerprint(article: Article) -> str:
    """SHA-256 of what makes two captures the same article: all but layout and removals."""
    story = replace(article, removed=(), layout="", suspect=None, modified=None)
    return hashlib.sha256(to_json(story).encode()).hexdigest()


class ArticleTable:
    """Reads and writes articles through one database engine."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def save(
        self,
        article: Article,
        event: Event,
        seen_at: datetime,
        capture_id: int | None = None,
    ) -> Outcome:
        """Keep what a page says now; a changed story becomes a new version.

        The commit is on the disk when this returns.
        """
        with self._engine.begin() as connection:
            if connection.scalar(
                sa.select(suppressed.c.url).where(suppressed.c.url == article.url)
            ):
                return Outcome.SUPPRESSED
            row = connection.execute(
                sa.select(articles).where(articles.c.url == article.url)
            ).first()
            if row is None:
                self._insert(connection, article, event, seen_at, capture_id)
                return Outcome.STORED
            if row.fingerprint == fingerprint(article):
                self._seen(connection, row, seen_at)
                return Outcome.UNCHANGED
            self._add_version(connection, row, article, event, seen_at, capture_id)
            return Outcome.UPDATED

    def revise(self, article: Article, event: Event) -> bool:
        """Replace the current version after a better reading of the same capture.

        Returns whether anything changed; an unknown URL is left alone.
        """
        new = (to_json(article), to_json(event))
        with self._engine.begin() as connection:
            row = connection.execute(
                sa.select(articles).where(articles.c.url == article.url)
            ).first()
            if row is None:
                return False
            here = (versions.c.article_id == row.id) & (
                versions.c.version == row.version
            )
            old = connection.execute(
                sa.select(versions.c.article, versions.c.event).where(here)
            ).one()
            if tuple(old) == new:
                return False
            connection.execute(
                versions.update().where(here).values(article=new[0], event=new[1])
            )
            sequence = _change(connection, row.id, "revised")
            _update(
                connection, row.id, sequence=sequence, fingerprint=fingerprint(article)
            )
            return True

    def touch(self, url: str, seen_at: datetime) -> None:
        """Note that a page was found unchanged (304, or the same bytes)."""
        with self._engine.begin() as connection:
            row = connection.execute(
                sa.select(articles).where(articles.c.url == url)
            ).first()
            if row is not None:
                self._seen(connection, row, seen_at)

    def mark_missing(self, url: str, when: datetime) -> bool:
        """Note a 404 or 410; the second one, a week or more after the first, makes it gone.

        Returns whether the article is gone now. Gone articles are kept.
        """
        with self._engine.begin() as connection:
            row = connection.execute(
                sa.select(articles).where(articles.c.url == url)
            ).first()
            if row is None or row.gone_since is not None:
                return row is not None
            if row.missing_since is None:
                _update(connection, row.id, missing_since=when)
                return False
            if when - row.missing_since < GONE_AFTER:
                return False
            sequence = _change(connection, row.id, "gone")
            _update(connection, row.id, gone_since=when, sequence=sequence)
            return True

    def remove(self, url: str, when: datetime, reason: str) -> bool:
        """Take an article down for good: its text goes, its URL is never stored again.

        Returns whether it was stored.
        """
        with self._engine.begin() as connection:
            known = sa.select(suppressed.c.url).where(suppressed.c.url == url)
            if connection.scalar(known) is None:
                row = {"url": url, "removed_at": when, "reason": reason}
                connection.execute(suppressed.insert().values(**row))
            article_id = connection.scalar(
                sa.select(articles.c.id).where(articles.c.url == url)
            )
            if article_id is None:
                return False
            connection.execute(
                versions.delete().where(versions.c.article_id == article_id)
            )
            connection.execute(articles.delete().where(articles.c.id == article_id))
            _change(connection, article_id, "removed")
            return True

    def document(self, article_id: int) -> Document | None:
        """The current version of an article, gone ones too; None for an unknown id."""
        return next(iter(self.documents([article_id])), None)

    def document_at(self, url: str) -> Document | None:
        """The current version of the article of that canonical URL."""
        with self._engine.connect() as connection:
            found = connection.scalar(
                sa.select(articles.c.id).where(articles.c.url == url)
            )
        return None if found is None else self.document(found)

    def documents(self, ids: Iterable[int]) -> Iterator[Document]:
        """The current versions of the articles of those ids, in the order of the ids."""
        wanted = list(ids)
        for start in range(0, len(wanted), BATCH):
            part = wanted[start : start + BATCH]
            with self._engine.connect() as connection:
                rows = connection.execute(
                    _current().where(articles.c.id.in_(part))
                ).all()
            by_id = {row.id: _document(row) for row in rows}
            yield from (by_id[one] for one in part if one in by_id)

    def versions(self, article_id: int) -> list[tuple[int, datetime, Article]]:
        """Every version of an article, oldest first: number, when it was stored, text."""
        query = sa.select(versions).where(versions.c.article_id == article_id)
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(versions.c.version)).all()
        return [
            (row.version, row.created_at, article_from_json(row.article))
            for row in rows
        ]

    def changes_after(self, sequence: int) -> Iterator[Change]:
        """The latest change of every article that changed after `sequence`, oldest first."""
        latest = sa.func.max(changes.c.sequence).label("sequence")
        query = sa.select(changes.c.article_id, latest).where(
            changes.c.sequence > sequence
        )
        with self._engine.connect() as connection:
            rows = connection.execute(
                query.group_by(changes.c.article_id).order_by(latest)
            ).all()
        for start in range(0, len(rows), BATCH):
            part = rows[start : start + BATCH]
            found = {
                doc.id: doc for doc in self.documents(row.article_id for row in part)
            }
            for row in part:
                yield Change(row.sequence, row.article_id, found.get(row.article_id))

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

    def known_urls(self, site: str) -> dict[str, datetime]:
        """The URLs of a site's stored articles, each with when it was last seen."""
        query = sa.select(articles.c.url, articles.c.last_seen).where(
            articles.c.site == site
        )
        with self._engine.connect() as connection:
            return {row.url: row.last_seen for row in connection.execute(query)}

    def suppressed_urls(self) -> set[str]:
        """The URLs that were taken down."""
        with self._engine.connect() as connection:
            return set(connection.scalars(sa.select(suppressed.c.url)))

    def _insert(
        self,
        connection: sa.Connection,
        article: Article,
        event: Event,
        seen_at: datetime,
        capture_id: int | None,
    ) -> None:
        values = {
            "url": article.url,
            "site": article.site,
            "version": 1,
            "sequence": 0,
            "fingerprint": fingerprint(article),
            "first_seen": seen_at,
            "last_seen": seen_at,
        }
        made = connection.execute(
            articles.insert().values(**values)
        ).inserted_primary_key
        assert made is not None
        _write_version(connection, made[0], 1, article, event, seen_at, capture_id)
        _update(connection, made[0], sequence=_change(connection, made[0], "stored"))

    def _add_version(
        self,
        connection: sa.Connection,
        row: sa.Row[tuple[object, ...]],
        article: Article,
        event: Event,
        seen_at: datetime,
        capture_id: int | None,
    ) -> None:
        number = row.version + 1
        _write_version(connection, row.id, number, article, event, seen_at, capture_id)
        sequence = _change(connection, row.id, "updated")
        now = {
            "version": number,
            "sequence": sequence,
            "fingerprint": fingerprint(article),
        }
        _update(
            connection,
            row.id,
            last_seen=seen_at,
            missing_since=None,
            gone_since=None,
            **now,
        )

    def _seen(
        self,
        connection: sa.Connection,
        row: sa.Row[tuple[object, ...]],
        seen_at: datetime,
    ) -> None:
        values: dict[str, object] = {"last_seen": seen_at, "missing_since": None}
        if row.gone_since is not None:
            values |= {
                "gone_since": None,
                "sequence": _change(connection, row.id, "returned"),
            }
        _update(connection, row.id, **values)


def _write_version(
    connection: sa.Connection,
    article_id: int,
    number: int,
    article: Article,
    event: Event,
    created_at: datetime,
    capture_id: int | None,
) -> None:
    values = {
        "article_id": article_id,
        "version": number,
        "created_at": created_at,
        "capture_id": capture_id,
        "article": to_json(article),
        "event": to_json(event),
    }
    connection.execute(versions.insert().values(**values))


def _change(connection: sa.Connection, article_id: int, what: str) -> int:
    """Number a change; readers of the index follow these numbers."""
    made = connection.execute(changes.insert().values(article_id=article_id, what=what))
    key = made.inserted_primary_key
    assert key is not None
    return int(key[0])


def _update(connection: sa.Connection, article_id: int, **values: object) -> None:
    connection.execute(
        articles.update().where(articles.c.id == article_id).values(**values)
    )


def _current() -> sa.Select[tuple[object, ...]]:
    here = (versions.c.article_id == articles.c.id) & (
        versions.c.version == articles.c.version
    )
    return sa.select(articles, versions.c.article, versions.c.event).join(
        versions, here
    )


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
