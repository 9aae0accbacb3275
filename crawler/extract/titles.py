"""The title of the story: never the site's name, never the section's heading."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element

from crawler.extract.metadata import Metadata
from crawler.extract.texts import short_text, text_of, tidy

LONGEST = 400  # characters
SHORTEST_LINE = 12  # letters; a shorter line that the page's title names may be its section
MOST_LINES = 4_000

# Between a title and a site's name, the plain ones first: a dash may stand in a title too.
_SEPARATORS = (
    re.compile(r"\s{1,4}(?:[|»›→/\\•·]|::)\s{1,4}"),
    re.compile(r"\s{1,4}[—–:-]\s{1,4}"),
)
_LETTERS = re.compile(r"[^\W_]+")
# The hour that uCoz prints before a title, and the bars of empty fields after it.
_AROUND = re.compile(r"\A\d{1,2}:\d{2}\s{1,4}(?=\D)|(?:\s\|){1,3}\Z")
PATTERNS = (*_SEPARATORS, _LETTERS, _AROUND)


def best_title(told: str | None, root: Element, meta: Metadata) -> str | None:
    """The layout's title; else the line of the page that its own title names; else that title."""
    if told and told != meta.site_name:
        return _AROUND.sub("", told[:LONGEST])
    named = [tidy(name) for name in (meta.headline, meta.social_title, meta.page_title) if name]
    lines = _lines(root)
    seen = next((line for name in named for line in _shown(name, lines)), None)
    if seen:
        return seen[:LONGEST]
    told_parts = (_without_site(name, meta.site_name) for name in named)
    headings = (text_of(node) for node in root.iter("h1"))
    return next((text[:LONGEST] for text in (*told_parts, *headings) if text), None)


def _letters(text: str) -> str:
    return " ".join(_LETTERS.findall(text)).lower()


def _lines(root: Element) -> dict[str, str]:
    """Lines that a reader sees, by their letters: headings first, then all other elements."""
    found: dict[str, str] = {}
    for tags in (("h1", "h2", "h3"), ("div", "span", "td", "b", "strong", "p", "font", "center")):
        for number, node in enumerate(root.iter(*tags)):
            if number > MOST_LINES:
                break
            text = short_text(node, LONGEST)
            if text:
                found.setdefault(_letters(text), text)
    return found


def _shown(name: str, lines: dict[str, str]) -> Iterator[str]:
    """Lines of the page that are its title or the part before or after a separator."""
    if _letters(name) in lines:
        yield lines[_letters(name)]
    for separator in _SEPARATORS:
        ends = [match.span() for match in separator.finditer(name)][:8]
        parts = [part for start, end in ends for part in (name[:start], name[end:])]
        for part in sorted(parts, key=len, reverse=True):
            letters = _letters(part)
            if len(letters) >= SHORTEST_LINE and letters in lines:
                yield lines[letters]


def _without_site(name: str, site_name: str) -> str:
    """A page's title without the part that is the site's name; '' when that is all."""
    if site_name and _letters(name) == _letters(site_name):
        return ""
    for separator in _SEPARATORS:
        parts = [part.strip() for part in separator.split(name) if part.strip()]
        if len(parts) > 1:
            own = [part for part in parts if _letters(part) != _letters(site_name)]
            return max(own or parts, key=len)
    return name
