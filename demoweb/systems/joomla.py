"""Joomla 4 with the Cassiopeia template: SEF addresses, blog listings, com_content feeds.

Markup as in joomla-cms 4.4 (components/com_content/tmpl, templates/cassiopeia, layouts/joomla).
Pages carry no validators; feeds do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from demoweb.shelf import Entry
from demoweb.systems.base import ContentSystem, Route
from demoweb.systems.exchange import Ask, Reply, number_of

MENU = {"kk": "/kz/zhanalyktar", "ru": "/ru/novosti"}
OTHER_MENU = {"kk": "/kz/adisteme-kabineti/14-zhanalyktar", "ru": "/ru/metodkabinet/8-novosti"}
FEED_LIMIT = 10


class Joomla(ContentSystem):
    """The Saryarqa site."""

    cms = "joomla"
    picture_folder = "/images/news/"
    paper_folder = "/images/docs/"
    style_paths = ("/media/templates/site/cassiopeia/css/template.min.css",)

    def routes(self) -> Sequence[Route]:
        """Addresses of a multilingual site with menu items for the news in each language."""
        return (
            (r"/(?:index\.php)?", self._front),
            (r"/index\.php/((?:kz|ru)/.*)", lambda _ask, rest: self.moved(f"/{rest}")),
            (r"/(kz|ru)/", self._home),
            (r"/(?:kz|ru)", lambda ask: self.moved(f"{ask.path}/")),
            (r"/(kz/zhanalyktar|ru/novosti)", self._news),
            (r"/(?:kz/zhanalyktar|ru/novosti)/(\d+)(?:-[^/]*)?", self._article),
            (r"/(?:kz/adisteme-kabineti|ru/metodkabinet)/[0-9]+-[a-z]+", self._office),
            (r"/(?:kz/adisteme-kabineti|ru/metodkabinet)/[0-9]+-[a-z]+/(\d+)-[^/]*", self._article),
            (r"/(?:kz/kitapkhana-turaly|ru/o-biblioteke)", self._about),
            (r"/administrator/", lambda ask: self.page(ask, "login.html", "kk")),
        )

    def url(self, entry: Entry) -> str:
        """`/kz/zhanalyktar/114-slug`."""
        return f"{MENU[self.language_of(entry)]}/{entry.number}-{entry.article.slug}"

    def other_url(self, entry: Entry) -> str:
        """The same article below another menu item, category id in the path."""
        return f"{OTHER_MENU[self.language_of(entry)]}/{entry.number}-{entry.article.slug}"

    def _front(self, ask: Ask) -> Reply:
        number = ask.query.get("id", "").partition(":")[0]
        entry = ask.edition.by_number(int(number)) if number.isdigit() else None
        return self.moved(self.url(entry) if entry else "/kz/", 301 if entry else 302)

    def _home(self, ask: Ask, _code: str) -> Reply | None:
        language = self.language_of_path(ask.path)
        return self._blog(ask, language, "featured")

    def _news(self, ask: Ask, _path: str) -> Reply | None:
        language = self.language_of_path(ask.path)
        if ask.query.get("format") == "feed":
            return self._feed(ask, language)
        return self._blog(ask, language, "category")

    def _office(self, ask: Ask) -> Reply:
        """The methodologists' menu item: the two articles of the same category they picked."""
        language = self.language_of_path(ask.path)
        entries = self.in_language(ask.edition, language)[-2:]
        listing = self.listing(entries, 1)
        told: dict[str, Any] = {"listing": listing, "view": "category", "link": self.other_url}
        return self.page(ask, "listing.html", language, **told)

    def _blog(self, ask: Ask, language: str, view: str) -> Reply | None:
        start = number_of(ask, "start", 0)
        if start is None:
            return None
        listing = self.listing(self.in_language(ask.edition, language), start // self.page_size + 1)
        if listing is None:
            return None
        told: dict[str, Any] = {
            "listing": listing,
            "view": view,
            "link": self.url,
            "step": self.page_size,
        }
        return self.page(ask, "listing.html", language, **told)

    def _article(self, ask: Ask, number: str) -> Reply | None:
        entry = ask.edition.by_number(int(number))
        language = self.language_of_path(ask.path)
        if entry is None or self.language_of(entry) != language:
            return None
        return self.page(ask, "article.html", language, entry=entry)

    def _feed(self, ask: Ask, language: str) -> Reply:
        kind = "atom" if ask.query.get("type") == "atom" else "rss"
        entries = self.in_language(ask.edition, language)[:FEED_LIMIT]
        told: dict[str, Any] = {"entries": entries, "changed": ask.edition.changed}
        text = self.render(ask, f"{kind}.xml", language, **told)
        return self.plain(text, f"application/{kind}+xml; charset=utf-8", ask.edition.changed)

    def _about(self, ask: Ask) -> Reply:
        return self.page(ask, "about.html", self.language_of_path(ask.path))
