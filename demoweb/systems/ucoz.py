"""uCoz: the news module, windows-1251, `/news/slug/2019-11-12-48`, day archives, `?page2`.

Letters that windows-1251 lacks are sent as character references, as uCoz stores them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from demoweb.shelf import Entry
from demoweb.systems.base import ContentSystem, Route
from demoweb.systems.exchange import Ask, Reply

FEED_LIMIT = 10


class UCoz(ContentSystem):
    """The Priirtyshye site; every page carries validators."""

    cms = "ucoz"
    charset = "windows-1251"
    picture_folder = "/_nw/0/"
    paper_folder = "/docs/"
    style_paths = ("/_st/my.css",)

    def routes(self) -> Sequence[Route]:
        """The addresses of the news module."""
        return (
            (r"/(?:index/0-1)?", lambda _ask: self.moved("/news/", 302)),
            (r"/news", lambda _ask: self.moved("/news/")),
            (r"/news/", self._list),
            (r"/news/rss/?", self._feed),
            (r"/news/(\d{4}-\d{2}(?:-\d{2})?)", self._archive),
            (r"/news/([a-z0-9_-]+)/(\d{4}-\d{2}-\d{2})-(\d+)", self._entry),
            (r"/news/(\d{4}-\d{2}-\d{2})-(\d+)", self._short),
            (r"/index/o_biblioteke/0-4", self._about),
            (r"/sitemap\.xml", self._sitemap),
            (r"/index/1", lambda ask: self.page(ask, "login.html", "ru")),
        )

    def url(self, entry: Entry) -> str:
        """`/news/slug/2019-11-12-48`."""
        article = entry.article
        return f"/news/{article.slug}/{article.published:%Y-%m-%d}-{entry.number}"

    def _list(self, ask: Ask) -> Reply | None:
        page = next((key[4:] for key in ask.query if re.fullmatch(r"page\d{1,4}", key)), "1")
        listing = self.listing(ask.edition.entries, int(page))
        if listing is None:
            return None
        return self._dated(ask, "listing.html", ask.edition.changed, listing=listing, day=None)

    def _archive(self, ask: Ask, day: str) -> Reply | None:
        entries = ask.edition.entries
        found = tuple(e for e in entries if f"{e.article.published:%Y-%m-%d}".startswith(day))
        if not found:
            return None
        listing = replace(self.listing(found, 1), entries=found, pages=1)  # type: ignore[type-var]
        return self._dated(ask, "listing.html", ask.edition.changed, listing=listing, day=day)

    def _entry(self, ask: Ask, _slug: str, day: str, number: str) -> Reply | None:
        entry = ask.edition.by_number(int(number))
        if entry is None or not self.url(entry).endswith(f"/{day}-{number}"):
            return None
        if self.url(entry) != ask.path:
            return self.moved(self.url(entry))
        return self._dated(ask, "article.html", entry.modified, entry=entry)

    def _short(self, ask: Ask, _day: str, number: str) -> Reply | None:
        entry = ask.edition.by_number(int(number))
        return self.moved(self.url(entry)) if entry else None

    def _dated(self, ask: Ask, template: str, changed: datetime, **told: Any) -> Reply:
        page = self.page(ask, template, "ru", **told)
        return replace(page, last_modified=changed)

    def _about(self, ask: Ask) -> Reply:
        return self.page(ask, "about.html", "ru")

    def _feed(self, ask: Ask) -> Reply:
        told: dict[str, Any] = {"entries": ask.edition.entries[:FEED_LIMIT]}
        text = self.render(ask, "rss.xml", "ru", **told)
        body = text.encode("utf-8")
        return Reply(body, "text/xml; charset=utf-8", last_modified=ask.edition.changed)

    def _sitemap(self, ask: Ask) -> Reply:
        text = self.render(ask, "sitemap.xml", "ru")
        return self.plain(text, "text/xml", ask.edition.changed)
