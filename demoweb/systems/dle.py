"""DataLife Engine 10.5 with its Default template: `/news/123-slug.html`, `/page/N/`, rss.xml.

Markup as in the Default template (shortstory, fullstory, addcomments, navigation) and what the
engine puts around it (`#dle-content`, `#news-id-N`, the antibot picture).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from demoweb.shelf import Entry
from demoweb.systems.base import ContentSystem, Route
from demoweb.systems.exchange import Ask, Reply

FEED_LIMIT = 10


class DataLifeEngine(ContentSystem):
    """The Syrdariya site; every page carries validators."""

    cms = "dle"
    picture_folder = "/uploads/posts/"
    paper_folder = "/uploads/files/"
    style_paths = ("/templates/Default/style/styles.css",)

    def routes(self) -> Sequence[Route]:
        """Alternative addresses switched on, one category."""
        return (
            (r"/(?:index\.php)?", self._front),
            (r"/page/(\d+)/", self._list),
            (r"/page/(\d+)", lambda _ask, page: self.moved(f"/page/{page}/")),
            (r"/news/", self._list),
            (r"/news/page/(\d+)/", self._list),
            (r"/news/(\d+)-([^/]*)\.html", self._story),
            (r"/(\d{4})/(\d{2})/(\d{2})/", self._day),
            (r"/kitaphana-turaly\.html", self._about),
            (r"/rss\.xml", self._feed),
            (r"/sitemap\.xml", self._sitemap),
            (r"/admin\.php", lambda ask: self.page(ask, "login.html", "kk")),
        )

    def url(self, entry: Entry) -> str:
        """`/news/123-slug.html`."""
        return f"/news/{entry.number}-{entry.article.slug}.html"

    def _front(self, ask: Ask) -> Reply | None:
        number = ask.query.get("newsid", "")
        if number.isdigit():
            entry = ask.edition.by_number(int(number))
            return self.moved(self.url(entry)) if entry else None
        return None if "do" in ask.query else self._list(ask)

    def _list(self, ask: Ask, page: str = "1") -> Reply | None:
        listing = self.listing(ask.edition.entries, int(page))
        if listing is None:
            return None
        base = ask.path.partition("page/")[0]
        return self._dated(ask, "listing.html", ask.edition.changed, listing=listing, base=base)

    def _day(self, ask: Ask, *day: str) -> Reply | None:
        wanted = "-".join(day)
        found = [e for e in ask.edition.entries if f"{e.article.published:%Y-%m-%d}" == wanted]
        listing = self.listing(found, 1) if found else None
        if listing is None:
            return None
        changed = ask.edition.changed
        return self._dated(ask, "listing.html", changed, listing=listing, base=ask.path)

    def _story(self, ask: Ask, number: str, slug: str) -> Reply | None:
        entry = ask.edition.by_number(int(number))
        if entry is None:
            return None
        if slug != entry.article.slug:
            return self.moved(self.url(entry))
        return self._dated(ask, "article.html", entry.modified, entry=entry)

    def _dated(self, ask: Ask, template: str, changed: datetime, **told: Any) -> Reply:
        page = self.page(ask, template, self.profile.first_language, **told)
        return replace(page, last_modified=changed)

    def _about(self, ask: Ask) -> Reply:
        return self.page(ask, "about.html", self.profile.first_language)

    def _feed(self, ask: Ask) -> Reply:
        told: dict[str, Any] = {"entries": ask.edition.entries[:FEED_LIMIT]}
        text = self.render(ask, "rss.xml", self.profile.first_language, **told)
        return self.plain(text, "application/xml; charset=utf-8", ask.edition.changed)

    def _sitemap(self, ask: Ask) -> Reply:
        text = self.render(ask, "sitemap.xml", self.profile.first_language)
        return self.plain(text, "text/xml; charset=utf-8", ask.edition.changed)
