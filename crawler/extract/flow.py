"""Whether a box that its name calls a banner, a comment or a side column is part of the story.

Names of one general word are often those of a theme's own boxes. Where such a box tells
something in sentences and stands between parts of the story, its place outweighs its name.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

from lxml.etree import _Element as Element

from crawler.extract import markup
from crawler.extract.headlines import letters
from crawler.extract.measures import NOTHING, Sizes
from crawler.extract.texts import text_of

FEWEST = 40  # characters of running text that are told of when they are dropped
SHORTEST = 25  # characters of what goes on with the story
LONGEST = 5_000  # characters of a box that may be a part of the story
FEWEST_WORDS = 6
LONGEST_LABEL = 60  # characters above a list of other stories
MOST_LINKS = 0.2  # part of the text
NEAR = 8  # neighbours that are looked at
LAST = 100  # characters of a box after which nothing comes
# What a box at the end of a story would say shortly, if it were what its name says.
_AT_END = ("share buttons", "counters and rating", "menu", "print and mail")
_ENDS = (".", "!", "?", "…", ":", ";")
_WORKINGS = ("form", "button", "input", "textarea", "iframe", *markup.HEADINGS)


def is_running(node: Element, sizes: Sizes, least: int = FEWEST) -> bool:
    """Whether an element has so many characters of text that is no link."""
    size = sizes.get(node, NOTHING)
    return size.text - size.links >= least and size.links <= MOST_LINKS * size.text


def is_of_story(node: Element, reason: str, sizes: Sizes) -> bool:
    """Whether an element that its name calls `reason` holds a part of the story all the same."""
    size = sizes.get(node, NOTHING).text
    if size > LONGEST or not markup.is_doubtful(node):
        return False
    if not is_running(node, sizes) or not _tells(node):
        return False
    before = _neighbour(node, True, reason, sizes)
    after = _neighbour(node, False, reason, sizes)
    if after is None:
        return bool(before) and reason in _AT_END and is_running(node, sizes, LAST)
    return after and before is not False


def _tells(node: Element) -> bool:
    """Whether a box has nothing but sentences in it."""
    if next(node.iter(*_WORKINGS), None) is not None:
        return False
    text = text_of(node)
    return (
        text.rstrip('»”")')[-1:] in (".", "!", "?", "…", ":", ";")
        and len(text.split()) >= FEWEST_WORDS
    )


def _neighbour(node: Element, before: bool, reason: str, sizes: Sizes) -> bool | None:
    """Whether the story goes on beside a box; None where nothing tells."""
    if not before and _has_text_after(node):
        return True
    for one in islice(node.itersiblings(preceding=before), NEAR):
        if before and _has_text_after(one):
            return True
        if reason == "comments" and _is_alike(node, one) and sizes.get(one, NOTHING).text:
            return False
        if (found := _goes_on(node, one, before, sizes)) is not None:
            return found
    return None


def _goes_on(node: Element, one: Element, before: bool, sizes: Sizes) -> bool | None:
    """Whether the element beside a box is story; None where it is too short to tell."""
    size = sizes.get(one, NOTHING)
    if _is_alike(node, one) or size.text == 0:
        return None
    if one.tag in markup.HEADINGS:
        return True if before else None
    if markup.says(one) is not None and not markup.is_doubtful(one):
        return None
    if is_running(one, sizes, SHORTEST):
        return next(one.iter("form"), None) is None
    return False if size.links > MOST_LINKS * size.text and not before else None


def _has_text_after(node: Element) -> bool:
    return len((node.tail or "").strip()) >= SHORTEST


def _is_alike(one: Element, other: Element) -> bool:
    return one.tag == other.tag and one.get("class") == other.get("class")


def is_told_list(node: Element, sizes: Sizes) -> bool:
    """Whether a list of links is the story's own: announced by it, or between its sentences.

    A line that announces other stories («Читайте также:») announces none of its own.
    """
    before = _line_before(node, sizes)
    if before is None or names_other_stories(text_of(before)):
        return False
    told = text_of(before)
    if next(before.iter(*markup.HEADINGS), None) is not None:
        return False
    if told.endswith(":"):
        return True
    if not is_running(before, sizes) or (told[-1] not in _ENDS and before.tag != "table"):
        return False
    return _neighbour(node, False, "related", sizes) is True


def _line_before(node: Element, sizes: Sizes) -> Element | None:
    """The element with text right before another; None where its text stands in no element."""
    for one in islice(node.itersiblings(preceding=True), NEAR):
        if (one.tail or "").strip():
            return None
        if sizes.get(one, NOTHING).text:
            return one
    return None


def names_other_stories(text: str) -> bool:
    """Whether a line is the heading of a list of other stories."""
    first = letters(text[:LONGEST_LABEL]).split()[:1]
    return len(text) <= LONGEST_LABEL and bool(first) and first[0] in _other_headings()


@cache
def _other_headings() -> frozenset[str]:
    told: Any = tomllib.loads((files("crawler") / "data" / "markup.toml").read_text("utf-8"))
    return frozenset(told["beside"]["headings"])
