"""WordPress REST: `/wp-json/wp/v2/posts`, a hundred posts a request, only the fields needed.

A later run asks two things: what was modified since the last one, and which ids are the
newest. The second catches posts that were published with an old date, which the first can't
see (their `modified` is the old date too), and its total tells when posts vanished.
Source: https://developer.wordpress.org/rest-api/reference/posts/
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.discover.found import OVERLAP, Found, Mention, SourceError, page_address, unique
from crawler.discover.xml import moment
from crawler.model import Capture, Link
from crawler.sites import Site

FIELDS = "id,link,date_gmt,modified_gmt,title"
PAGE = 100
NEWEST = 20
MAX_PAGES = 1000


def all_posts(root: str) -> str:
    """The first page of all posts, oldest id first: an order that new posts don't disturb."""
    return _with(root, per_page=PAGE, orderby="id", order="asc", page=1)


def newest_posts(root: str) -> str:
    """The posts with the highest ids, whatever date they bear."""
    return _with(root, per_page=NEWEST, orderby="id", order="desc", page=1)


def modified_posts(root: str, since: datetime) -> str:
    """What was modified since a time; without the offset WordPress would read local time."""
    after = (since - OVERLAP).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    return _with(
        root, per_page=PAGE, orderby="modified", order="desc", page=1, modified_after=after
    )


def home_of(root: str) -> str:
    """The address of the WordPress that a list of posts belongs to, with a slash at its end."""
    place = re.split(r"/wp-json/|/?(?:index\.php/?)?[?&]rest_route=", root, maxsplit=1)[0]
    return f"{place.rstrip('/')}/"


def number_in(alias: str) -> int:
    """The number in a post's address by number; 0 when there is none."""
    found = re.search(r"[?&]p=(\d{1,15})\b", alias)
    return int(found.group(1)) if found else 0


def _alias(number: object, base: str, site: Site) -> str:
    told = f"{home_of(base)}?p={number}" if isinstance(number, int) else ""
    return page_address(told, base, site) or "" if told else ""


def _with(root: str, **parameters: object) -> str:
    told = {name: str(value) for name, value in parameters.items()}
    mark = "&" if "?" in root else "?"
    return f"{root}{mark}{urlencode({**told, '_fields': FIELDS})}"


def posts_in(capture: Capture, site: Site) -> Found:
    """The posts of a page of the list; raises SourceError when it is none.

    `more` is the next page, if there is one.
    """
    try:
        told = json.loads(capture.body)
    except (ValueError, RecursionError):
        raise SourceError(f"{capture.url}: not JSON") from None
    if not isinstance(told, list):
        raise SourceError(f"{capture.url}: not a list of posts")
    posts = [post for post in told if isinstance(post, dict)]
    numbers = [post["id"] for post in posts if isinstance(post.get("id"), int)]
    return Found(
        unique(_mentions(posts, capture.url, site)),
        _next_page(capture, posts),
        total=_number(capture.header("X-WP-Total")),
        newest=max(numbers, default=0),
    )


def _mentions(posts: list[dict[str, Any]], base: str, site: Site) -> Iterator[Mention]:
    for post in posts:
        told = post.get("link")
        url = page_address(told, base, site) if isinstance(told, str) else None
        if url is None:
            continue
        title = post.get("title")
        rendered = title.get("rendered") if isinstance(title, dict) else None
        named = html.unescape(rendered) if isinstance(rendered, str) else None
        link = Link(url, base, named, _time(post, "date_gmt"), _time(post, "modified_gmt"))
        yield Mention(link, alias=_alias(post.get("id"), base, site))


def _time(post: dict[str, Any], name: str) -> datetime | None:
    value = post.get(name)
    return moment(value) if isinstance(value, str) else None


def _next_page(capture: Capture, posts: list[dict[str, Any]]) -> tuple[str, ...]:
    parts = urlsplit(capture.url)
    query = dict(parse_qsl(parts.query))
    page = int(query.get("page", "1"))
    pages = min(_number(capture.header("X-WP-TotalPages")) or 1, MAX_PAGES)
    if page >= pages or not posts:
        return ()
    return (parts._replace(query=urlencode({**query, "page": str(page + 1)})).geturl(),)


def _number(told: str | None) -> int | None:
    return int(told) if told and told.isascii() and told.isdigit() and len(told) < 10 else None
