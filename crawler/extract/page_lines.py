"""The lines of a page that could be its title, and those that name its site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from lxml.etree import _Element as Element

from crawler.extract.headlines import letters
from crawler.extract.measures import Sizes
from crawler.extract.texts import MOST_PIECES, short_text, texts_of, tidy

LONGEST = 400  # characters
MOST_LINES = 4_000
MOST_OWNERS = 20

# The address of a front page, perhaps in one language.
_FRONT = re.compile(
    r"(?:https?://[\w.:-]{3,80})?/?(?:(?:kk|kz|ru|en|kaz|rus|eng)/?)?(?:index\.\w{3,4})?"
)
_TITLE = re.compile(
    r"(?:(?:news|post|article|item|entry|story|page|content|detail)[-_]{0,2})?title"
)
PATTERNS = (_FRONT, _TITLE)
_HEADINGS = ("h1", "h2", "h3")
_OTHERS = ("div", "span", "td", "b", "strong", "p", "font", "center")

# Lines by their letters, each with its text and whether it is a heading.
Lines = Mapping[str, tuple[str, bool]]


def lines_called_title(root: Element) -> Iterator[str]:
    """Lines in elements whose class is `title` or ends so, but for the site's own."""
    for node in islice(root.iter(*_OTHERS), MOST_LINES):
        for name in (node.get("class") or "")[:200].lower().split():
            if _TITLE.fullmatch(name) and (text := short_text(node, LONGEST)):
                yield text


def top_headings(root: Element, levels: Sequence[str] = ("h1", "h2")) -> Iterator[str]:
    """Texts of headings, those of the highest level first."""
    for level in levels:
        for node in islice(root.iter(level), MOST_LINES):
            if text := short_text(node, LONGEST):
                yield text


def owners(root: Element) -> str:
    """What stands in lines with ©, by its letters: the owner of the site."""
    lines = (text for text in texts_of(root) if "©" in text or "copyright" in text.lower())
    return " ".join(letters(line[:LONGEST]) for line in islice(lines, MOST_OWNERS))


def link_texts(root: Element) -> set[str]:
    """Texts of links, by their letters."""
    return {letters(short_text(link, LONGEST)) for link in islice(root.iter("a"), MOST_LINES)}


def front_links(root: Element) -> Iterator[str]:
    """Texts of links to the site's front page, and what their pictures are called."""
    for link in islice(root.iter("a"), MOST_LINES):
        address = (link.get("href") or "").strip()[:200]
        if address and _FRONT.fullmatch(address):
            yield short_text(link, LONGEST)
            yield from (tidy(image.get("alt") or "")[:LONGEST] for image in link.iter("img"))


def lines_of_page(
    root: Element, sizes: Sizes, headings_alone: bool = False
) -> dict[str, tuple[str, bool]]:
    """Lines that a reader sees, by their letters, and whether they are headings."""
    found: dict[str, tuple[str, bool]] = {}
    for tags in (_HEADINGS,) if headings_alone else (_HEADINGS, _OTHERS):
        for number, node in enumerate(root.iter(*tags)):
            if number > MOST_LINES:
                break
            # No line is longer than this; a box around the page has all of it below.
            size = sizes.get(node)
            if size is not None and not 0 < size.text <= LONGEST + MOST_PIECES + 1:
                continue
            text = short_text(node, LONGEST)
            if text:
                found.setdefault(letters(text), (text, tags is _HEADINGS))
    return found


def is_heading(line: str, lines: Lines) -> bool:
    """Whether a line of the page is a heading."""
    return lines.get(letters(line), ("", False))[1]
