"""A story that its page has twice, once for telephones and once for wide screens."""

from __future__ import annotations

from itertools import islice

from lxml.etree import _Element as Element

from crawler.extract.measures import Sizes
from crawler.extract.teasers import BOXES
from crawler.extract.texts import text_of

SHORTEST = 200  # characters
SHARE = 0.3  # part of the whole text from which a repetition is the story, no refrain
MOST_LOOKED_AT = 40
_PLACES = (BOXES - {"p"}) | {"article", "main", "td"}


def told_twice(story: Element, sizes: Sizes) -> dict[Element, str]:
    """Boxes with the same long text as a box before them, with the reason to drop them."""
    least = max(SHORTEST, int(SHARE * sizes[story].text))
    large = (
        node
        for node in story.iterdescendants(*_PLACES)
        if sizes[node].text >= least and not _is_wrapper(node, sizes)
    )
    lengths: dict[int, list[Element]] = {}
    for node in islice(large, MOST_LOOKED_AT):
        lengths.setdefault(sizes[node].text, []).append(node)
    found: dict[Element, str] = {}
    for alike in lengths.values():
        if len(alike) > 1:
            texts = [text_of(node) for node in alike]
            again = (node for n, node in enumerate(alike) if texts[n] in texts[:n])
            found |= dict.fromkeys(again, "told twice")
    return found


def _is_wrapper(node: Element, sizes: Sizes) -> bool:
    """Whether a box holds nothing but one other box."""
    return any(
        child.tag in _PLACES and sizes[child].text >= sizes[node].text - 1
        for child in islice(node.iterchildren(), 3)
    )
