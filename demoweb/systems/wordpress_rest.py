"""WordPress's REST answer to `/wp-json/wp/v2/posts` (developer.wordpress.org/rest-api)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from demoweb.shelf import EPOCH, SITE_TIME, Entry
from demoweb.systems.exchange import Ask, Reply, number_of

JSON = "application/json; charset=UTF-8"
Row = dict[str, Any]


def posts(ask: Ask, root: str, row_of: Callable[[Ask, Entry], Row]) -> Reply:
    """A page of posts with their totals in headers, or status 400 for a bad parameter."""
    size, page = number_of(ask, "per_page", 10), number_of(ask, "page", 1)
    if not size or size > 100 or not page:
        return _refused("rest_invalid_param", "Invalid parameter(s): per_page, page")
    try:
        chosen = _chosen(ask)
    except ValueError:
        return _refused("rest_invalid_param", "Invalid parameter(s): after, modified_after")
    pages = -(-len(chosen) // size)
    if page > max(pages, 1):
        message = "The page number requested is larger than the number of pages available."
        return _refused("rest_post_invalid_page_number", message)
    rows = [row_of(ask, entry) for entry in chosen[(page - 1) * size : page * size]]
    headers = [("X-WP-Total", str(len(chosen))), ("X-WP-TotalPages", str(pages))]
    if page < pages:
        query = urlencode({**ask.query, "page": page + 1})
        headers.append(("Link", f'<{root}{ask.path}?{query}>; rel="next"'))
    body = json.dumps([_asked_for(ask, row) for row in rows]).encode()
    return Reply(body, JSON, headers=tuple(headers))


def row(entry: Entry, root: str, link: str, title: str, content: str, excerpt: str) -> Row:
    """One post as REST tells it; title, content and excerpt are rendered HTML."""
    published = entry.article.published.astimezone(SITE_TIME)
    return {
        "id": entry.number,
        "date": _local(published),
        "date_gmt": _gmt(published),
        "guid": {"rendered": f"{root}/?p={entry.number}"},
        "modified": _local(entry.modified),
        "modified_gmt": _gmt(entry.modified),
        "slug": entry.article.slug,
        "status": "publish",
        "type": "post",
        "link": link,
        "title": {"rendered": title},
        "content": {"rendered": content, "protected": False},
        "excerpt": {"rendered": excerpt, "protected": False},
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


def _asked_for(ask: Ask, told: Row) -> Row:
    wanted = ask.query.get("_fields")
    return {k: v for k, v in told.items() if k in wanted.split(",")} if wanted else told


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
