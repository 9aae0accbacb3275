"""What a site has published at the moment; the only state of the demo web."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from demoweb.articles import DemoArticle

SITE_TIME = ZoneInfo("Asia/Almaty")


@dataclass(frozen=True, slots=True)
class Entry:
    """An article with the number its content system gave it (counted from 101, never reused)."""

    article: DemoArticle
    number: int

    @property
    def modified(self) -> datetime:
        """When the article was last changed, in the sites' time."""
        return (self.article.modified or self.article.published).astimezone(SITE_TIME)


@dataclass(frozen=True, slots=True)
class Edition:
    """A site's articles, newest first, and when the site last changed."""

    entries: tuple[Entry, ...]
    changed: datetime

    def by_id(self, article_id: str | None) -> Entry | None:
        """The entry of that article, if the site has it."""
        return next((e for e in self.entries if e.article.id == article_id), None)

    def by_number(self, number: int) -> Entry | None:
        """The entry of that number, if the site has it."""
        return next((e for e in self.entries if e.number == number), None)

    def by_slug(self, slug: str) -> Entry | None:
        """The entry of that slug, if the site has it."""
        return next((e for e in self.entries if e.article.slug == slug), None)


EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class Shelf:
    """A site's articles, changeable while the site is served; `edition` is a snapshot."""

    def __init__(self, articles: Iterable[DemoArticle]) -> None:
        self._lock = threading.Lock()
        ordered = sorted(articles, key=lambda a: (a.published, a.id))
        entries = [Entry(article, 101 + place) for place, article in enumerate(ordered)]
        self._next_number = 101 + len(entries)
        changed = max((entry.modified for entry in entries), default=EPOCH)
        self.edition = Edition(_newest_first(entries), changed)

    def put(self, article: DemoArticle, moment: datetime) -> None:
        """Publish an article, or replace the one of that id, at `moment`."""
        with self._lock:
            known = self.edition.by_id(article.id)
            number = known.number if known else self._next_number
            self._next_number += 0 if known else 1
            rest = [e for e in self.edition.entries if e.article.id != article.id]
            entries = _newest_first([*rest, Entry(article, number)])
            self.edition = Edition(entries, max(moment, self.edition.changed))

    def change(self, article_id: str, moment: datetime, **changes: object) -> DemoArticle:
        """Change fields of a published article, which is modified at `moment`; KeyError if none."""
        article = self.find(article_id)
        changed: DemoArticle = replace(article, **{"modified": moment, **changes})  # type: ignore[arg-type]
        self.put(changed, moment)
        return changed

    def remove(self, article_id: str, moment: datetime) -> None:
        """Take an article off the site at `moment`; KeyError if there is none."""
        self.find(article_id)
        with self._lock:
            entries = tuple(e for e in self.edition.entries if e.article.id != article_id)
            self.edition = Edition(entries, max(moment, self.edition.changed))

    def find(self, article_id: str) -> DemoArticle:
        """The published article of that id; KeyError if there is none."""
        entry = self.edition.by_id(article_id)
        if entry is None:
            raise KeyError(article_id)
        return entry.article


def _newest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda e: (e.article.published, e.number), reverse=True))
