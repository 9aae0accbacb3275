"""The content system and the languages of a site, told by its front page."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from urllib.parse import SplitResult, urljoin, urlsplit

from lxml.etree import _Element as Element

from crawler.errors import ExtractionError
from crawler.extract.page import decode
from crawler.extract.tree import parse
from crawler.model import Capture

LANGUAGES = {
    "kk": "kk",
    "kz": "kk",
    "ka": "kk",
    "kaz": "kk",
    "qaz": "kk",
    "ru": "ru",
    "rus": "ru",
    "en": "en",
    "eng": "en",
}


def tree_of(page: Capture) -> Element:
    """A page parsed; an empty one when it can't be read."""
    try:
        return parse(decode(page), page.url)
    except ExtractionError:
        return parse("<html><body></body></html>", page.url)


@cache
def _marks() -> Mapping[str, list[str]]:
    return tomllib.loads((files("crawler") / "data" / "systems.toml").read_text("utf-8"))


def system_of(front: Capture) -> str:
    """The content system of a page, by `crawler/data/systems.toml`; `unknown` without a mark."""
    headers = "\n".join(f"{name}: {value}" for name, value in front.headers)
    text = (headers + front.body.decode("utf-8", "replace")).lower()
    score = {cms: sum(mark in text for mark in marks) for cms, marks in _marks().items()}
    best = max(score, key=lambda cms: score[cms])
    return best if score[best] else "unknown"


def languages_of(front: Capture) -> tuple[str, ...]:
    """The languages that a front page names: its own, its `hreflang`s, its language links."""
    root = tree_of(front)
    told = [root.get("lang") or "", *(link.get("hreflang") or "" for link in root.iter("link"))]
    hrefs = (anchor.get("href") or "" for anchor in root.iter("a"))
    for href in hrefs:
        link = _split(front.url, href)
        told.append(link.path.strip("/").split("/")[0])
        told += [part[5:] for part in link.query.split("&") if part.startswith("lang=")]
    codes = (one.lower().split("-")[0].split("_")[0] for one in told)
    known = [LANGUAGES[code] for code in codes if code in LANGUAGES]
    return tuple(dict.fromkeys(known)) or ("kk", "ru")


def language_fronts(front: Capture) -> list[str]:
    """Where the front page's versions in other languages are: `hreflang`s, links such as `/ru/`."""
    root = tree_of(front)
    told = [link.get("href") or "" for link in root.iter("link") if link.get("hreflang")]
    for anchor in root.iter("a"):
        link = _split(front.url, anchor.get("href") or "")
        named = link.path.strip("/") or link.query.removeprefix("lang=")
        if named.lower() in LANGUAGES:
            told.append(link.geturl())
    return told


def _split(base: str, href: str) -> SplitResult:
    try:
        return urlsplit(urljoin(base, href))
    except ValueError:
        return urlsplit("")


def title_of(front: Capture) -> str:
    """The title of a page in one line."""
    return " ".join((tree_of(front).findtext(".//title") or "").split())[:200]
