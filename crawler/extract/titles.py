"""The title of the story: never the site's name, never the section's heading."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import islice, pairwise

from lxml.etree import _Element as Element

from crawler.extract.metadata import Metadata
from crawler.extract.texts import short_text, text_of, tidy

LONGEST = 400  # characters
SHORTEST_LINE = 4  # letters
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
    linked = {_letters(short_text(link, LONGEST)) for link in islice(root.iter("a"), MOST_LINES)}
    seen = next((line for name in named for line in _shown(name, lines, linked)), None)
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


def _shown(name: str, lines: Mapping[str, str], linked: Collection[str]) -> Iterator[str]:
    """Lines of the page that are its title or a part of it; links (a section, the site) last."""
    parts = [name, *(part for separator in _SEPARATORS for part in _parts(name, separator))]
    known = [_letters(part) for part in parts]
    shown = sorted({letters for letters in known if letters in lines}, key=len, reverse=True)
    worthy = [letters for letters in shown if len(letters) >= SHORTEST_LINE]
    yield from (lines[letters] for letters in sorted(worthy, key=linked.__contains__))


def _parts(name: str, separator: re.Pattern[str]) -> Iterator[str]:
    """What stands before and after each separator, and between neighbouring ones."""
    ends = [match.span() for match in separator.finditer(name)][:8]
    for start, end in ends:
        yield from (name[:start], name[end:])
    yield from (name[a[1] : b[0]] for a, b in pairwise(ends))


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
