"""WordPress 6.1 with Twenty Twenty-One, Polylang for the second language.

Measured on WordPress 6.1.9: pages, REST and sitemaps send no validators, feeds do; sitemaps have
no lastmod; `modified_after` without an offset is in the site's time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup, escape

from demoweb.shelf import EPOCH, SITE_TIME, Entry
from demoweb.systems.base import Ask, ContentSystem, Reply, Route, cdata, number_of

FEED_LIMIT = 10
JSON = "application/json; charset=UTF-8"
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
        bodies = [(entry, cdata(self._content(ask, entry))) for entry in entries]
        told = {"bodies": bodies, "changed": ask.edition.changed, "cdata": cdata}
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
        told = {"name": self.profile.told("kk")["name"], "url": self.root, "namespaces": ["wp/v2"]}
        return self.plain(json.dumps(told), JSON, None)

    def _rest(self, ask: Ask) -> Reply:
        size, page = number_of(ask, "per_page", 10), number_of(ask, "page", 1)
        if not size or size > 100 or not page:
            return _refused("rest_invalid_param", "Invalid parameter(s): per_page, page")
        try:
            chosen = _chosen(ask)
        except ValueError:
            return _refused("rest_invalid_param", "Invalid parameter(s): modified_after")
        pages = -(-len(chosen) // size)
        if page > max(pages, 1):
            message = "The page number requested is larger than the number of pages available."
            return _refused("rest_post_invalid_page_number", message)
        rows = [self._row(ask, entry) for entry in chosen[(page - 1) * size : page * size]]
        headers = [("X-WP-Total", str(len(chosen))), ("X-WP-TotalPages", str(pages))]
        if page < pages:
            query = urlencode({**ask.query, "page": page + 1})
            headers.append(("Link", f'<{self.root}{ask.path}?{query}>; rel="next"'))
        return Reply(json.dumps(rows).encode(), JSON, headers=tuple(headers))

    def _row(self, ask: Ask, entry: Entry) -> dict[str, Any]:
        article = entry.article
        published = article.published.astimezone(SITE_TIME)
        row: dict[str, Any] = {
            "id": entry.number,
            "date": _local(published),
            "date_gmt": _gmt(published),
            "guid": {"rendered": f"{self.root}/?p={entry.number}"},
            "modified": _local(entry.modified),
            "modified_gmt": _gmt(entry.modified),
            "slug": article.slug,
            "status": "publish",
            "type": "post",
            "link": f"{self.root}{self.url(entry)}",
            "title": {"rendered": str(texturized(article.title))},
            "content": {"rendered": self._content(ask, entry), "protected": False},
            "excerpt": {"rendered": f"<p>{_excerpt(entry)}</p>\n", "protected": False},
            "author": 1,
            "featured_media": 0,
            "comment_status": "open",
            "ping_status": "closed",
            "sticky": False,
            "template": "",
            "format": "standard",
            "meta": [],
            "categories": [1],
            "tags": [],
        }
        wanted = ask.query.get("_fields")
        return {k: v for k, v in row.items() if k in wanted.split(",")} if wanted else row


def texturized(text: str) -> Markup:
    """Text with dashes and ellipses as numeric entities, as wptexturize leaves them."""
    safe = str(escape(text))
    for sign in "–—…’“”":
        safe = safe.replace(sign, f"&#{ord(sign)};")
    return Markup(safe)


def slider(entry: Entry) -> str:
    """The shortcode of a slider plugin that was taken off, on articles with several pictures."""
    return f"[smartslider3 slider={entry.number % 40}]" if len(entry.article.images) > 1 else ""


def _excerpt(entry: Entry) -> Markup:
    words = " ".join(block.text for block in entry.article.blocks).split()
    cut = texturized(" ".join(words[:55]))
    return cut + Markup(" [&hellip;]") if len(words) > 55 else cut


def _chosen(ask: Ask) -> list[Entry]:
    """Entries by `modified_after`, `after`, `orderby` and `order`; ValueError for no date."""
    changed = _moment(ask.query.get("modified_after"))
    published = _moment(ask.query.get("after"))
    entries = [
        entry
        for entry in ask.edition.entries
        if entry.modified > changed and entry.article.published > published
    ]
    if ask.query.get("orderby") == "modified":
        entries.sort(key=lambda entry: entry.modified, reverse=True)
    return entries[::-1] if ask.query.get("order") == "asc" else entries


def _moment(told: str | None) -> datetime:
    moment = datetime.fromisoformat(told.replace(" ", "+")) if told else EPOCH
    return moment if moment.tzinfo else moment.replace(tzinfo=SITE_TIME)


def _local(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


def _gmt(moment: datetime) -> str:
    offset = moment.utcoffset()
    return _local(moment.replace(tzinfo=None) - offset) if offset else _local(moment)


def _refused(code: str, message: str) -> Reply:
    told = {"code": code, "message": message, "data": {"status": 400}}
    return Reply(json.dumps(told).encode(), JSON, 400)
