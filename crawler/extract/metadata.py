"""What a page says of itself outside the text: JSON-LD, Open Graph, `link` and `meta`.

All of it is a second opinion: a layout's own title and date come first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml.etree import _Element as Element

from crawler.extract.switcher import switched
from crawler.extract.texts import tidy, web_address

LONGEST_JSON = 300_000  # characters of one JSON-LD block
MOST_NODES = 2_000
MOST_PICTURES = 20

_ARTICLES = re.compile(r"(?:\w{0,20}Article|\w{0,20}Posting|Report|Event)\Z")
PATTERNS = (_ARTICLES,)


@dataclass(frozen=True, slots=True)
class Metadata:
    """Second opinions; texts are tidied, dates as written, '' where the page tells nothing."""

    headline: str = ""
    social_title: str = ""
    page_title: str = ""
    site_name: str = ""
    published: str = ""
    modified: str = ""
    author: str = ""
    section: str = ""
    language: str = ""
    canonical: str | None = None
    body: str = ""
    description: str = ""
    images: tuple[str, ...] = ()
    twins: tuple[tuple[str, str], ...] = ()


def read_metadata(root: Element, url: str) -> Metadata:
    """What the page's head and JSON-LD say; never raises on broken data."""
    meta = _meta(root)
    told = _json_article(root)
    named = root.find(".//title")
    pictures = (web_address(url, one) for one in (meta.get("og:image"), *_pictures(told)))
    return Metadata(
        headline=_text(told.get("headline") or told.get("name")),
        social_title=meta.get("og:title", ""),
        page_title=tidy(named.text or "") if named is not None else "",
        site_name=meta.get("og:site_name", ""),
        published=_text(told.get("datePublished")) or _published(meta),
        modified=_text(told.get("dateModified")) or meta.get("article:modified_time", ""),
        author=_name(told.get("author")) or meta.get("author", ""),
        section=_text(told.get("articleSection")) or meta.get("article:section", ""),
        language=(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""),
        canonical=_canonical(root, url),
        body=_text(told.get("articleBody")),
        description=meta.get("og:description") or meta.get("description", ""),
        images=tuple(dict.fromkeys(filter(None, pictures))),
        twins=_twins(root, url),
    )


def _meta(root: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in root.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop")
        if name and node.get("content"):
            found.setdefault(name.lower(), tidy(node.get("content", "")[:2000]))
    return found


def _published(meta: Mapping[str, str]) -> str:
    names = ("article:published_time", "og:published_time", "datepublished", "dc.date", "date")
    return next((meta[name] for name in names if name in meta), "")


def _canonical(root: Element, url: str) -> str | None:
    for node in root.iter("link"):
        if (node.get("rel") or "").lower() == "canonical":
            return web_address(url, node.get("href"))
    return None


def _twins(root: Element, url: str) -> tuple[tuple[str, str], ...]:
    """(language, address) of every `link` or `a` with a `hreflang`, but `x-default`.

    Where there is none, of the links of a language switcher that lead to the same story.
    """
    found: dict[tuple[str, str], None] = {}
    for node in root.iter("link", "a"):
        language = (node.get("hreflang") or "").lower()
        address = web_address(url, node.get("href")) if language else None
        is_other = node.tag == "a" or (node.get("rel") or "").lower() == "alternate"
        if address and is_other and language != "x-default" and len(language) <= 12:
            found[language.partition("-")[0], address] = None
    if not found:
        told = (root.get("lang") or "").lower().partition("-")[0]
        found = dict.fromkeys(switched(root, url, "kk" if told == "kz" else told))
    return tuple(found)[:20]


def _json_article(root: Element) -> Mapping[str, Any]:
    """The first JSON-LD node that is an article, else an empty one."""
    for script in root.iter("script"):
        if (script.get("type") or "").lower() != "application/ld+json":
            continue
        for node in _nodes((script.text or "")[:LONGEST_JSON]):
            kinds = node.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(name, str) and _ARTICLES.match(name) for name in names):
                return node
    return {}


def _nodes(text: str) -> Iterator[Mapping[str, Any]]:
    """Every object in a JSON text, outer first; none when it can't be read."""
    try:
        waiting: list[Any] = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    for _ in range(MOST_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, dict):
            yield node
            waiting.extend(v for v in node.values() if isinstance(v, (dict, list)))
        elif isinstance(node, list):
            waiting.extend(item for item in node if isinstance(item, (dict, list)))


def _pictures(told: Mapping[str, Any]) -> Iterator[str]:
    """Addresses in a JSON-LD `image`: a text, an object with `url`, or a list of them."""
    value = told.get("image")
    for one in (value if isinstance(value, list) else [value])[:MOST_PICTURES]:
        address = (one.get("url") or one.get("contentUrl")) if isinstance(one, dict) else one
        if isinstance(address, str):
            yield address


def _text(told: object) -> str:
    value = told[0] if isinstance(told, list) and told else told
    return tidy(value) if isinstance(value, str) else ""


def _name(told: object) -> str:
    """The name of a JSON-LD author: a text, an object with `name`, or a list of them."""
    value = told[0] if isinstance(told, list) and told else told
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)
