"""The story by its title: a short one next to its heading, beside longer boxes of other stories.

Weight alone gives the longest text of a page. Where that does not follow the title, what the
title stands with is the story: when the page's own data quotes it, or when the longer text
stands before the title, is named or headed as other stories are, or is several boxes alike.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import islice, pairwise
from typing import Any

from lxml.etree import _Element as Element

from crawler.extract import markup
from crawler.extract.flow import LONGEST_LABEL, is_running, names_other_stories
from crawler.extract.headlines import is_section, letters
from crawler.extract.measures import NOTHING, Sizes
from crawler.extract.shown_title import Told, title_line
from crawler.extract.texts import text_of

SHORTEST = 20  # characters of sentences from which something is told beside a title
LARGEST = 3_000  # characters of a box that is no story beside one
LONGEST_READ = 4_000  # characters beside a title
FEWEST_WORDS = 3  # of a sentence
MOST_LINKS = 0.5  # part of the text beside a title
NEAR = 12  # elements at the top of a box
FEWEST_ALIKE = 2
MUCH_MORE = 8  # times
_ENDS = (".", "!", "?", "…")


def story_by_title(body: Element, best: Element, told: Told, sizes: Sizes) -> Element | None:
    """The element with the story where `best`, the heaviest, has another; else None."""
    if sizes[best].text > LARGEST and best is not body:
        return None
    title = title_line(body, told, sizes)
    if title is None or title is best or best in title.iterdescendants():
        return None
    if best in title.iterancestors():
        return _alone(best, title, told, sizes)
    place, both = _parting(best, [title, *title.iterancestors()])
    if both is None or place is None:
        return None
    told_here = _told_beside(place, title, sizes)
    if told_here < SHORTEST:
        return None
    box = next((one for one in (best, *best.iterancestors()) if one.getparent() is both), best)
    if _is_quoted(place, best, told, sizes, told_here) or _is_other(box, best, place, sizes):
        return place
    return None


def _alone(best: Element, title: Element, told: Told, sizes: Sizes) -> Element | None:
    """What stands with a title in `best`, if all else in there is of other stories."""
    place = next(one for one in (title, *title.iterancestors()) if one.getparent() is best)
    told_here = _told_beside(place, title, sizes)
    if place is title or told_here < SHORTEST:
        return None
    others = [one for one in best if one is not place and is_running(one, sizes)]
    boxes = [one for one in others if "©" not in text_of(one)]
    if boxes and all(
        _is_quoted(place, one, told, sizes, told_here) or _is_other(one, one, place, sizes)
        for one in boxes
    ):
        return place
    return None


def _told_beside(place: Element, title: Element, sizes: Sizes) -> int:
    """Characters of sentences that stand with a title, 0 in what is long or mostly links."""
    size = sizes.get(place, NOTHING)
    if size.text > LONGEST_READ or size.links > MOST_LINKS * size.text:
        return 0
    return sum(map(len, _sentences(place, title)))


def _parting(best: Element, above: list[Element]) -> tuple[Element | None, Element | None]:
    """The child with the title of the innermost element that holds both, and that element."""
    around = set(best.iterancestors())
    for place, one in pairwise(above):
        if one in around:
            return place, one
    return None, None


def _sentences(place: Element, title: Element) -> Iterator[str]:
    """Sentences in an element, after the title in it."""
    after = False
    for node in place.iter():
        if node is title:
            after = True
            continue
        if not after or not isinstance(node.tag, str) or node.tag not in markup.BLOCKS:
            continue
        if any(child.tag in markup.BLOCKS for child in node) or title in node.iterancestors():
            continue
        text = text_of(node)
        if text[-1:] in _ENDS and len(text.split()) >= FEWEST_WORDS and not markup.says(node):
            yield text


def _is_quoted(place: Element, other: Element, told: Told, sizes: Sizes, told_here: int) -> bool:
    """Whether the page's data quotes what stands with the title and not the other, a short one.

    A long one is a story of which the words with the title are the summary.
    """
    if sizes.get(other, NOTHING).text > MUCH_MORE * told_here:
        return False
    here, there = letters(text_of(place)), letters(text_of(other))
    return any(quote in here and quote not in there for quote in told.quotes)


def _is_other(box: Element, best: Element, place: Element, sizes: Sizes) -> bool:
    """Whether a box stands before the title, or is named or headed as other stories are."""
    if any(one is box for one in place.itersiblings(preceding=True)):
        return True
    between = [best]
    while between[-1] is not box:
        above = between[-1].getparent()
        if above is None:
            break
        between.append(above)
    return any(map(_is_named, between)) or _is_headed(box, sizes) or _is_row(best)


def _is_named(node: Element) -> bool:
    names = f"{node.get('class') or ''} {node.get('id') or ''}"[:300]
    return any(name in _names() for name in markup.spelled(names))


def _is_headed(box: Element, sizes: Sizes) -> bool:
    for node in islice(box.iter(), NEAR):
        if 0 < sizes.get(node, NOTHING).text <= LONGEST_LABEL:
            text = text_of(node)
            return is_section(text) or names_other_stories(text)
    return False


def _is_row(best: Element) -> bool:
    """Whether boxes of one name, each with a heading at its top, are all that is in an element."""
    alike = [
        (one.tag, one.get("class"))
        for one in best
        if len(one) and one[0].tag in markup.HEADINGS and one.tag not in markup.HEADINGS
    ]
    return len(alike) >= FEWEST_ALIKE and len(set(alike)) == 1


@cache
def _names() -> frozenset[str]:
    told: Any = tomllib.loads((files("crawler") / "data" / "markup.toml").read_text("utf-8"))
    return frozenset(told["beside"]["names"])
