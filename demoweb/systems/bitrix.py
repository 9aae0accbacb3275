"""1C-Bitrix Site Manager: the `bitrix:news` component in its default template, two sites.

Markup as in news.list, news.detail, breadcrumb (bootstrap) and system.pagenavigation (round).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from demoweb.shelf import Entry
from demoweb.systems.base import ContentSystem, Route
from demoweb.systems.exchange import Ask, Reply, number_of

FEED_LIMIT = 10
POWERED = (("X-Powered-CMS", "Bitrix Site Manager (bc2cad9153cb418b2dfd5602c3c3c754)"),)


class Bitrix(ContentSystem):
    """The Mura site: `/kk/` and `/ru/`, twins with hreflang; pages carry validators."""

    cms = "bitrix"
    picture_folder = "/upload/iblock/9a1/"
    paper_folder = "/upload/docs/"
    style_paths = ("/bitrix/cache/css/s1/main/template_1f0b.css",)

    def routes(self) -> Sequence[Route]:
        """Search-engine friendly addresses by element code."""
        return (
            (r"/(?:index\.php)?", self._front),
            (r"/(kk|ru)", lambda ask, language: self.moved(f"/{language}/")),
            (r"/(kk|ru)/", lambda ask, language: self._list(ask, language, "home")),
            (r"/(kk|ru)/news", lambda ask, language: self.moved(f"/{language}/news/")),
            (r"/(kk|ru)/news/", lambda ask, language: self._list(ask, language, "news")),
            (r"/(kk|ru)/news/detail\.php", self._by_number),
            (r"/(kk|ru)/news/rss/", self._feed),
            (r"/(kk|ru)/news/([a-z0-9_-]+)/", self._detail),
            (r"/(kk|ru)/news/([a-z0-9_-]+)", self._add_slash),
            (r"/(kk|ru)/about/", lambda ask, language: self._dated(ask, language, "about.html")),
            (r"/sitemap\.xml", lambda ask: self._sitemap(ask, "index")),
            (r"/sitemap-iblock-5\.xml", lambda ask: self._sitemap(ask, "news")),
            (r"/sitemap-files\.xml", lambda ask: self._sitemap(ask, "files")),
            (r"/bitrix/admin/", lambda ask: self.page(ask, "login.html", "kk")),
        )

    def url(self, entry: Entry) -> str:
        """`/kk/news/slug/`."""
        return f"/{self.language_of(entry)}/news/{entry.article.slug}/"

    def _front(self, _ask: Ask) -> Reply:
        return self.moved("/kk/", 302)

    def _list(self, ask: Ask, language: str, view: str) -> Reply | None:
        page = number_of(ask, "PAGEN_1", 1)
        entries = self.in_language(ask.edition, language)
        # Bitrix answers a page beyond the last with the first one.
        listing = self.listing(entries, page or 1) or self.listing(entries, 1)
        return self._dated(ask, language, "listing.html", listing=listing, view=view)

    def _detail(self, ask: Ask, language: str, slug: str) -> Reply | None:
        entry = ask.edition.by_slug(slug)
        if entry is None or self.language_of(entry) != language:
            return None
        return self._dated(ask, language, "article.html", entry.modified, entry=entry)

    def _add_slash(self, ask: Ask, language: str, slug: str) -> Reply | None:
        entry = ask.edition.by_slug(slug)
        known = entry is not None and self.language_of(entry) == language
        return self.moved(f"{ask.path}/") if known else None

    def _by_number(self, ask: Ask, _language: str) -> Reply | None:
        number = number_of(ask, "ID", 0)
        entry = ask.edition.by_number(number) if number else None
        return self.moved(self.url(entry)) if entry else None

    def _dated(
        self,
        ask: Ask,
        language: str,
        template: str,
        changed: datetime | None = None,
        **told: Any,
    ) -> Reply:
        page = self.page(ask, template, language, **told)
        return replace(page, headers=POWERED, last_modified=changed or ask.edition.changed)

    def _feed(self, ask: Ask, language: str) -> Reply:
        entries = self.in_language(ask.edition, language)[:FEED_LIMIT]
        text = self.render(ask, "rss.xml", language, entries=entries)
        return self.plain(text, "text/xml; charset=UTF-8", ask.edition.changed)

    def _sitemap(self, ask: Ask, kind: str) -> Reply:
        text = self.render(ask, "sitemap.xml", "kk", kind=kind)
        return self.plain(text, "text/xml; charset=UTF-8", ask.edition.changed)
