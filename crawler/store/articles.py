"""Articles and their versions: nothing is lost, every change has a number."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from crawler.model import Article, Event
from crawler.store.codec import to_json
from crawler.store.documents import Change, DocumentReader, Known, of_page
from crawler.store.postgres import Turn, in_turn
from crawler.store.schema import articles, captures, changes, failures, suppressed, versions

__all__ = ["ArticleTable", "Change", "Known", "Outcome", "fingerprint"]

GONE_AFTER = timedelta(days=7)


class Outcome(StrEnum):
    """What saving an article came to."""

    STORED = "stored"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SUPPRESSED = "suppressed"


def fingerprint(article: Article) -> str:
    """SHA-256 of what makes two captures the same story: all but how it was read, and links.

    Links change beside an unchanged text (a "read also" in the body); images count, as they are
    part of the story.
    """
    story = replace(article, removed=(), links=(), layout="", suspect=None, modified=None)
    return hashlib.sha256(to_json(story).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Entry:
    """An article as it is stored; made before the transaction, for which others may wait."""

    article: Article
    told: str
    event: str
    fingerprint: str


def _entry(article: Article, event: Event) -> _Entry:
    return _Entry(article, to_json(article), to_json(event), fingerprint(article))


class ArticleTable(DocumentReader):
    """Reads and writes articles through one database engine."""

    def save(
        self, article: Article, event: Event, seen_at: datetime, capture_id: int | None = None
    ) -> Outcome:
        """Keep what a page says now; a changed story becomes a new version.

        Of an unchanged story what stands beside it (links, layout, doubts) is brought up to date.

        The capture it was read from is marked as done and an earlier failure forgotten. The
        commit is on the disk when this returns.
        """
        entry = _entry(article, event)
        with in_turn(self._engine, Turn.CHANGES) as connection:
            outcome = _save(connection, entry, seen_at, capture_id)
            connection.execute(failures.delete().where(failures.c.url == article.url))
            if capture_id is not None:
                here = captures.c.id == capture_id
                connection.execute(captures.update().where(here).values(outcome=outcome.value))
            return outcome

    def save_all(self, told: Iterable[tuple[Article, Event]], seen_at: datetime) -> list[Outcome]:
        """Keep several articles in one commit; all of them or, on an error, none."""
        entries = [_entry(one, event) for one, event in told]
        with in_turn(self._engine, Turn.CHANGES) as connection:
            return [_save(connection, entry, seen_at, None) for entry in entries]

    def revise(self, article: Article, event: Event, read_at: int | None = None) -> bool:
        """Replace the current version after a better reading of the same capture.

        Returns whether anything changed; an unknown URL is left alone. So is, with `read_at` (the
        number of the change that was read), an article that another one has changed since.
        """
        new = (to_json(article), to_json(event))
        with in_turn(self._engine, Turn.CHANGES) as connection:
            row = _row(connection, article.url)
            if row is None or read_at not in (None, row.sequence):
                return False
            here = (versions.c.article_id == row.id) & (versions.c.version == row.version)
            old = connection.execute(
                sa.select(versions.c.article, versions.c.event).where(here)
            ).one()
            if tuple(old) == new:
                return False
            connection.execute(versions.update().where(here).values(article=new[0], event=new[1]))
            sequence = _change(connection, row.id, "revised")
            told = {"fingerprint": fingerprint(article), "published": article.published}
            _update(connection, row.id, sequence=sequence, **told)
            return True

    def sites(self) -> list[str]:
        """The sites of all articles and pages; an empty text where articles are of none."""
        told = sa.select(sa.func.coalesce(articles.c.site, ""))
        with self._engine.connect() as connection:
            return sorted(connection.scalars(told.union(sa.select(captures.c.site))))

    def without_capture(self, site: str | None = None) -> list[int]:
        """The ids of articles of a site (or all) whose text came from no page: imported ones.

        An empty text stands for those that are of no site.
        """
        here = (versions.c.article_id == articles.c.id) & (versions.c.version == articles.c.version)
        query = sa.select(articles.c.id).join(versions, here).where(versions.c.capture_id.is_(None))
        if site is not None:
            query = query.where(articles.c.site == (site or None))
        with self._engine.connect() as connection:
            return list(connection.scalars(query.order_by(articles.c.id)))

    def touch(self, url: str, seen_at: datetime) -> None:
        """Note that a page was found unchanged (304, or the same bytes); all its articles."""
        with in_turn(self._engine, Turn.CHANGES) as connection:
            for row in _rows_of_page(connection, url):
                _seen(connection, row, seen_at)

    def mark_missing(self, url: str, when: datetime) -> bool:
        """Note a 404 or 410; the second one, a week or more after the first, makes it gone.

        Returns whether the page's articles became gone now. Gone articles are kept.
        """
        with in_turn(self._engine, Turn.CHANGES) as connection:
            gone = False
            for row in _rows_of_page(connection, url):
                if row.gone_since is not None:
                    continue
                if row.missing_since is None:
                    _update(connection, row.id, missing_since=when)
                elif when - row.missing_since >= GONE_AFTER:
                    _retire(connection, row.id, when)
                    gone = True
            return gone

    def retire_others(self, url: str, kept: Iterable[str], when: datetime) -> None:
        """Make articles gone that a page told before and tells no more (it was split anew)."""
        names = set(kept)
        with in_turn(self._engine, Turn.CHANGES) as connection:
            for row in _rows_of_page(connection, url):
                if row.url not in names and row.gone_since is None:
                    _retire(connection, row.id, when)

    def remove(self, url: str, when: datetime, reason: str) -> bool:
        """Take an article down for good: its text goes, its URL is never stored again.

        Returns whether it was stored.
        """
        with in_turn(self._engine, Turn.CHANGES) as connection:
            known = sa.select(suppressed.c.url).where(suppressed.c.url == url)
            if connection.scalar(known) is None:
                row = {"url": url, "removed_at": when, "reason": reason}
                connection.execute(suppressed.insert().values(**row))
            article_id = connection.scalar(sa.select(articles.c.id).where(articles.c.url == url))
            if article_id is None:
                return False
            connection.execute(versions.delete().where(versions.c.article_id == article_id))
            connection.execute(articles.delete().where(articles.c.id == article_id))
            _change(connection, article_id, "removed")
            return True


def _save(
    connection: sa.Connection, entry: _Entry, seen_at: datetime, capture_id: int | None
) -> Outcome:
    article = entry.article
    if connection.scalar(sa.select(suppressed.c.url).where(suppressed.c.url == article.url)):
        return Outcome.SUPPRESSED
    row = _row(connection, article.url)
    if row is not None and row.fingerprint == entry.fingerprint:
        _seen(connection, row, seen_at)
        _refresh(connection, row, entry, capture_id)
        return Outcome.UNCHANGED
    article_id, number = (
        (_insert(connection, article, seen_at), 1) if row is None else (row.id, row.version + 1)
    )
    values = {
        "article_id": article_id,
        "version": number,
        "created_at": seen_at,
        "capture_id": capture_id,
        "article": entry.told,
        "event": entry.event,
    }
    connection.execute(versions.insert().values(**values))
    outcome = Outcome.STORED if row is None else Outcome.UPDATED
    now = {"version": number, "fingerprint": entry.fingerprint, "last_seen": seen_at}
    present: dict[str, object] = {"missing_since": None, "gone_since": None, "site": article.site}
    present["published"] = article.published
    sequence = _change(connection, article_id, outcome.value)
    _update(connection, article_id, sequence=sequence, **now, **present)
    return outcome


def _row(connection: sa.Connection, url: str) -> sa.Row[tuple[object, ...]] | None:
    return connection.execute(sa.select(articles).where(articles.c.url == url)).first()


def _rows_of_page(connection: sa.Connection, url: str) -> list[sa.Row[tuple[object, ...]]]:
    """The article of a page, or the several whose addresses are the page's with a fragment."""
    return list(connection.execute(sa.select(articles).where(of_page(url))))


def _retire(connection: sa.Connection, article_id: int, when: datetime) -> None:
    sequence = _change(connection, article_id, "gone")
    _update(connection, article_id, gone_since=when, sequence=sequence)


def _insert(connection: sa.Connection, article: Article, seen_at: datetime) -> int:
    values = {"url": article.url, "site": article.site, "version": 1, "sequence": 0}
    times = {"first_seen": seen_at, "last_seen": seen_at}
    made = connection.execute(articles.insert().values(**values, **times, fingerprint=""))
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def _seen(connection: sa.Connection, row: sa.Row[tuple[object, ...]], seen_at: datetime) -> None:
    values: dict[str, object] = {"last_seen": seen_at, "missing_since": None}
    if row.gone_since is not None:
        values |= {"gone_since": None, "sequence": _change(connection, row.id, "returned")}
    _update(connection, row.id, **values)


def _refresh(
    connection: sa.Connection,
    row: sa.Row[tuple[object, ...]],
    entry: _Entry,
    capture_id: int | None,
) -> None:
    """Keep how an unchanged story was read this time, and the page it was read from."""
    here = (versions.c.article_id == row.id) & (versions.c.version == row.version)
    told: dict[str, object] = {"article": entry.told}
    if capture_id is not None:
        told["capture_id"] = capture_id
    connection.execute(versions.update().where(here).values(**told))


def _change(connection: sa.Connection, article_id: int, what: str) -> int:
    """Number a change; readers of the index follow these numbers."""
    made = connection.execute(changes.insert().values(article_id=article_id, what=what))
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def _update(connection: sa.Connection, article_id: int, **values: object) -> None:
    connection.execute(articles.update().where(articles.c.id == article_id).values(**values))
