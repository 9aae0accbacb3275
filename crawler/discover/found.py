"""What a source document says: links with a mark of their state, and where to go on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urljoin

from crawler.discover.urls import canonical_url
from crawler.errors import JarshyError
from crawler.model import Link
from crawler.sites import Site

MAX_LINKS = 50_000
# Clocks differ, and a page may be saved while a list is being made.
OVERLAP = timedelta(hours=1)


class SourceError(JarshyError):
    """A source document that can't be read as what it should be."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A link and a mark that changes when the source says that the page changed ("" if never).

    `alias` is the page's address by number, where the source tells it: that never changes.
    """

    link: Link
    mark: str = ""
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A source document, read.

    `more` are the addresses of further documents of the same source, in order, `parts` those of
    an index with their marks; `total` is how many articles the site says it has, `newest` the
    highest number (WordPress id) among the mentions.
    """

    mentions: tuple[Mention, ...] = ()
    more: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    total: int | None = None
    newest: int = 0


def mark_of(*parts: str | None) -> str:
    """A short digest of what a source says about a page."""
    told = "\n".join(part or "" for part in parts)
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]


def page_address(href: str, base: str, site: Site) -> str | None:
    """The canonical address of a link found at `base`; None when it leads to no web page."""
    try:
        return canonical_url(urljoin(base, href.strip()), site)
    except ValueError:
        return None


def unique(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """The mentions, each address once, in order; no more than a source may sensibly have."""
    first: dict[str, Mention] = {}
    for mention in mentions:
        first.setdefault(mention.link.url, mention)
        if len(first) >= MAX_LINKS:
            break
    return tuple(first.values())
