"""The title of the story: never the site's name, never the section's heading."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from crawler.extract.body import text_of, tidy
from crawler.extract.metadata import Metadata

LONGEST = 400  # characters

_SEPARATOR = re.compile(r"\s(?:[|»›:—–/\\•·-]|::|&raquo;)\s")
_LETTERS = re.compile(r"[^\W_]+")
# The hour that uCoz prints before a title, and the bars of empty fields after it.
_AROUND = re.compile(r"\A\d{1,2}:\d{2}\s+(?=\D)|(?:\s\|){1,3}\Z")
PATTERNS = (_AROUND, _SEPARATOR, _LETTERS)


def best_title(told: str | None, root: HtmlElement, meta: Metadata, near: str = "") -> str | None:
    """The layout's title, else the heading that the page's own title names, else that title.

    `near` is the beginning of the body, for pages whose only heading is the section's.
    """
    if told and told != meta.site_name:
        return _AROUND.sub("", told[:LONGEST])
    named = [tidy(name) for name in (meta.headline, meta.social_title, meta.page_title) if name]
    headings = [text for text in map(text_of, root.iter("h1", "h2", "h3")) if text][:60]
    found = next((h for name in named for h in _within(headings, name)), None)
    if found:
        return found[:LONGEST]
    parts = [part for name in named for part in [_without_site(name, meta.site_name)] if part]
    only = [text_of(node) for node in root.iter("h1")]
    choices = [meta.headline, *(parts[:1]), *only]
    return next((tidy(choice)[:LONGEST] for choice in choices if choice and tidy(choice)), None)


def _letters(text: str) -> str:
    return " ".join(_LETTERS.findall(text)).lower()


def _within(headings: list[str], name: str) -> list[str]:
    """Headings that a page's title names, the longest first; at least two words or 12 letters."""
    whole = f" {_letters(name)} "
    found = [h for h in headings if _letters(h) and f" {_letters(h)} " in whole]
    worthy = [h for h in found if len(_letters(h)) >= 12 and 2 * len(h) >= _story_length(name)]
    return sorted(worthy, key=len, reverse=True)


def _story_length(name: str) -> int:
    """The length of the longest part of a page's title."""
    return max(map(len, _SEPARATOR.split(name)))


def _without_site(name: str, site_name: str) -> str:
    """A page's title without the part that is the site's name; '' when nothing else is left."""
    parts = [part.strip() for part in _SEPARATOR.split(name) if part.strip()]
    if site_name:
        parts = [part for part in parts if _letters(part) != _letters(site_name)] or parts
        if [_letters(part) for part in parts] == [_letters(site_name)]:
            return ""
    return max(parts, key=len, default="") if len(parts) > 1 else (parts[0] if parts else "")
