"""What a page's own data says of its story, and the line on the page that is its title."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.etree import _Element as Element

from crawler.extract.headlines import is_institution, is_section, letters
from crawler.extract.measures import NOTHING, Sizes
from crawler.extract.metadata import Metadata
from crawler.extract.names import pieces
from crawler.extract.texts import short_text, text_of

LONGEST_TITLE = 400  # characters
MOST_LOOKED_AT = 4_000  # elements
SHORTEST = 20  # letters of a quotation
QUOTED = 60  # letters of a description that are looked for
FEWEST_WORDS = 3  # of a title that stands in no heading
_LINES = ("div", "span", "td", "b", "strong", "p", "font")


@dataclass(frozen=True, slots=True)
class Told:
    """What a page's own data says of its story."""

    names: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()


def told_of(meta: Metadata) -> Told:
    """The names of a page and the words that it quotes of its story."""
    names = (meta.headline, meta.social_title, meta.page_title)
    quotes = (letters(text[:500])[:QUOTED] for text in (meta.body, meta.description))
    long = tuple(one for one in quotes if len(one) >= SHORTEST)
    return Told(tuple(filter(None, names)), long)


def title_line(body: Element, told: Told, sizes: Sizes) -> Element | None:
    """The line that is the page's title: named by its own data, or its only first heading."""
    named = {letters(part) for name in told.names for part in pieces(name[:1000])}
    named -= {""}
    headings = islice(body.iter("h1", "h2", "h3"), MOST_LOOKED_AT)
    fit = [one for one in headings if _may_be_title(one)]
    shown = [one for one in fit if letters(short_text(one, LONGEST_TITLE)) in named]
    if shown:
        return min(shown, key=lambda one: is_institution(text_of(one)))
    first = [one for one in fit if one.tag == "h1"]
    if len(first) == 1:
        return first[0]
    return next(_named_lines(body, named, sizes), None) if not fit else None


def _may_be_title(node: Element) -> bool:
    text = short_text(node, LONGEST_TITLE)
    if not text or is_section(text):
        return False
    return node.find(".//a") is None and next(node.iterancestors("a", "header"), None) is None


def _named_lines(body: Element, named: set[str], sizes: Sizes) -> Iterator[Element]:
    long = {name for name in named if len(name.split()) >= FEWEST_WORDS}
    if not long:
        return
    shortest = min(map(len, long))
    for node in islice(body.iter(*_LINES), MOST_LOOKED_AT):
        if shortest <= sizes.get(node, NOTHING).text <= LONGEST_TITLE:
            text = short_text(node, LONGEST_TITLE)
            if letters(text) in long and not is_section(text) and _may_be_title(node):
                yield node
