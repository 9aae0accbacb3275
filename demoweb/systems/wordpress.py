"""WordPress 6.1 with Twenty Twenty-One, Polylang for the second language.

Measured on WordPress 6.1.9: pages, REST and sitemaps send no validators, feeds do; sitemaps have
no lastmod; `modified_after` without an offset is in the site's time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from demoweb.shelf import Entry
from demoweb.systems.base import ContentSystem, Route
from demoweb.systems.exchange import Ask, Reply, number_of
from demoweb.systems.wordpress_rest import JSON, posts, row

FEED_LIMIT = 10
XML = "application/xml; charset=UTF-8"
RUSSIAN = "(/ru)?"


class WordPress(ContentSystem):
    """The Zhazira site."""

    cms = "wordpress"
    picture_folder = "/wp-content/uploads/photos/"
    paper_folder = "/wp-content/uploads/docs/"
    style_paths = ("/wp-content/themes/twentytwentyone/style.css",)

    def routes(self) -> Sequence[Route]:
        """Pretty permalinks (`/%postname%/`), REST, feeds, core sitemaps."""
        news = r"/category/(?:zhanalyqtar|novosti)"
        return (
            (RUSSIAN + r"/", self._blog),
            (RUSSIAN + r"/page/(\d+)/", self._blog),
            (RUSSIAN + news + r"/", self._blog),
            (RUSSIAN + news + r"/page/(\d+)/", self._blog),
            (RUSSIAN + r"/feed/", self._feed),
            (r"/wp-sitemap\.xml", lambda ask: self._sitemap(ask, "index")),
            (r"/wp-sitemap-posts-post-1\.xml", lambda ask: self._sitemap(ask, "posts")),
            (r"/wp-sitemap-posts-page-1\.xml", lambda ask: self._sitemap(ask, "pages")),
            (r"/wp-json/wp/v2/posts/?", self._rest),
            (r"/wp-json/?", self._rest_root),
            (RUSSIAN + r"/(?:kitaphana-turaly|o-biblioteke)/", self._about),
            (RUSSIAN + r"/([a-z0-9_-]+)/", self._post),
            (r"/wp-login\.php", lambda ask: self.page(ask, "login.html", "kk")),
            (r"(.*[^/])", self._add_slash),
        )

    def url(self, entry: Entry) -> str:
        """`/slug/`, below `/ru` in Russian."""
        return f"{self._prefix(entry)}/{entry.article.slug}/"

    def template_globals(self) -> dict[str, Any]:
        """Also WordPress's typographic entities."""
        return {**super().template_globals(), "texturized": texturized, "slider": slider}

    def _prefix(self, entry: Entry) -> str:
        return "/ru" if self.language_of(entry) == "ru" else ""

    def _blog(self, ask: Ask, _prefix: str | None, page: str = "1") -> Reply | None:
        if "p" in ask.query:
            return self._shortlink(ask)
        language = self.language_of_path(ask.path)
        listing = self.listing(self.in_language(ask.edition, language), int(page))
        if listing is None:
            return None
        base = ask.path.partition("page/")[0]
        return self.page(ask, "listing.html", language, listing=listing, base=base)

    def _shortlink(self, ask: Ask) -> Reply | None:
        number = number_of(ask, "p", 0)
        entry = ask.edition.by_number(number) if number else None
        return self._redirected(self.url(entry)) if entry else None

    def _post(self, ask: Ask, prefix: str | None, slug: str) -> Reply | None:
        entry = ask.edition.by_slug(slug)
        if entry is None or self._prefix(entry) != (prefix or ""):
            return None
        language = self.language_of(entry)
        text = self.render(ask, "article.html", language, entry=entry)
        api = f"{self.root}/wp-json/"
        links = (
            f'<{api}>; rel="https://api.w.org/"',
            f'<{api}wp/v2/posts/{entry.number}>; rel="alternate"; type="application/json"',
            f"<{self.root}/?p={entry.number}>; rel=shortlink",
        )
        headers = tuple(("Link", link) for link in links)
        return Reply(self.encode(text), "text/html; charset=UTF-8", headers=headers)

    def _add_slash(self, ask: Ask, path: str) -> Reply | None:
        known = f"{path}/"
        entry = ask.edition.by_slug(path.rpartition("/")[2])
        if entry is not None and self.url(entry) == known:
            return self._redirected(known)
        return self._redirected(known) if path in ("/ru", "/feed", "/ru/feed") else None

    def _redirected(self, path: str) -> Reply:
        moved = self.moved(path)
        return Reply(b"", moved.content_type, 301, (*moved.headers, ("X-Redirect-By", "WordPress")))

    def _feed(self, ask: Ask, _prefix: str | None) -> Reply:
        language = self.language_of_path(ask.path)
        entries = self.in_language(ask.edition, language)[:FEED_LIMIT]
        bodies = [(entry, self._content(ask, entry)) for entry in entries]
        told: dict[str, Any] = {"bodies": bodies, "changed": ask.edition.changed}
        text = self.render(ask, "feed.xml", language, **told)
        return self.plain(text, "application/rss+xml; charset=UTF-8", ask.edition.changed)

    def _content(self, ask: Ask, entry: Entry) -> str:
        return self.render(ask, "content.html", self.language_of(entry), entry=entry)

    def _sitemap(self, ask: Ask, kind: str) -> Reply:
        text = self.render(ask, "sitemap.xml", "kk", kind=kind)
        return self.plain(text, XML, None)

    def _about(self, ask: Ask, _prefix: str | None) -> Reply:
        return self.page(ask, "about.html", self.language_of_path(ask.path))

    def _rest_root(self, _ask: Ask) -> Reply:
        told: dict[str, Any] = {
            "name": self.profile.told("kk")["name"],
            "url": self.root,
            "namespaces": ["wp/v2"],
        }
        return self.plain(json.dumps(told), JSON, None)

    def _rest(self, ask: Ask) -> Reply:
        return posts(ask, self.root, self._row)

    def _row(self, ask: Ask, entry: Entry) -> dict[str, Any]:
        content = self._content(ask, entry)
        shown = [str(texturized(entry.article.title)), content, f"<p>{_excerpt(entry)}</p>\n"]
        return row(entry, self.root, f"{self.root}{self.url(entry)}", *shown)


def texturized(text: str) -> Markup:
    """Text with dashes and ellipses as numeric entities, as wptexturize leaves them."""
    safe = escape(text)
    for sign in "–—…’“”":
        safe = safe.replace(sign, Markup("&#{};").format(ord(sign)))
    return safe


def slider(entry: Entry) -> str:
    """The shortcode of a slider plugin that was taken off, on articles with several pictures."""
    return f"[smartslider3 slider={entry.number % 40}]" if len(entry.article.images) > 1 else ""


def _excerpt(entry: Entry) -> Markup:
    words = " ".join(block.text for block in entry.article.blocks).split()
    cut = texturized(" ".join(words[:55]))
    return cut + Markup(" [&hellip;]") if len(words) > 55 else cut
