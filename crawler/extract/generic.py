"""A page of no known layout: where the text weighs most, else trafilatura in precision mode."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import trafilatura
from lxml import etree, html
from lxml.etree import _Element as Element

from crawler.extract.anchor import story_by_title
from crawler.extract.body import Body, read_body
from crawler.extract.density import Story, find_story
from crawler.extract.measures import Sizes
from crawler.extract.shown_title import Told
from crawler.extract.teasers import teasers
from crawler.extract.texts import MOST_PIECES, short_text, text_of, tidy
from crawler.extract.twice import told_twice
from crawler.model import Block, BlockKind

ENOUGH = 250  # characters of a story
ENDINGS = (".", "!", "?", "…", ".»", "!»", "?»", '."', '!"', '?"')  # of a sentence
MUCH_MORE = 1.3  # times the text that trafilatura found
MOST_ELEMENTS = 3_000  # of a page for trafilatura, whose time grows faster than a page

NOTHING_TOLD = Told()

_PLACES = ("p", "div", "li", "td", "blockquote", "span")

_KINDS = {
    "head": BlockKind.HEADING,
    "item": BlockKind.ITEM,
    "quote": BlockKind.QUOTE,
    "row": BlockKind.ROW,
    "p": BlockKind.PARAGRAPH,
}


def read_generic(root: Element, url: str, sizes: Sizes, told: Told = NOTHING_TOLD) -> Body:
    """The story by the weight of its text; by trafilatura where that finds next to nothing.

    `sizes` are those of the body and of all below it, `told` is what the page's data says.
    """
    page = root.find("body")
    if page is None:
        return Body()
    story = find_story(page, sizes)
    titled = story_by_title(page, story.element, told, sizes) if story is not None else None
    story = story if titled is None else Story(titled)
    body = read_body(story.element, url, _dropped(story, sizes), sizes) if story else Body()
    if body.size >= ENOUGH or len(sizes) > MOST_ELEMENTS or (titled is not None and body.blocks):
        return body
    other = _read_by_trafilatura(_without(root, teasers(page, sizes)), url)
    if other.size <= body.size:
        return body
    best = other if not body.blocks or _sentences(other) > _sentences(body) else body
    place = _place_of(page, best, sizes)
    if place is not None:
        whole = read_body(place, url, teasers(place, sizes), sizes)
        if _sentences(whole) >= _sentences(best) and whole.size <= MUCH_MORE * other.size:
            return whole
    if best is other:
        other.removed.extend(body.removed)
    return best


def _place_of(page: Element, body: Body, sizes: Sizes) -> Element | None:
    """The smallest element with all sentences of a body and what stands beside them."""
    told = {block.text for block in body.blocks if block.text.endswith(ENDINGS)}
    longest = max(map(len, told), default=0)
    near = (n for n in page.iterdescendants(*_PLACES) if 0 < sizes[n].text <= longest + MOST_PIECES)
    found = [node for node in near if short_text(node, longest) in told]
    ways = [[node, *node.iterancestors()][::-1] for node in found]
    shared = [nodes[0] for nodes in zip(*ways, strict=False) if len(set(nodes)) == 1]
    place = shared[-1] if shared else None
    if place is not None and place in found:
        place = place.getparent()
    return None if place is None or place.tag in ("body", "html") else place


def _sentences(body: Body) -> int:
    """Characters of blocks that end as sentences do; addresses and links of a site do not."""
    return sum(len(block.text) for block in body.blocks if block.text.endswith(ENDINGS))


def _dropped(story: Story, sizes: Sizes) -> dict[Element, str]:
    outside = dict.fromkeys(story.outside, "beside the story")
    return teasers(story.element, sizes) | told_twice(story.element, sizes) | outside


def _without(root: Element, dropped: Mapping[Element, str]) -> Element:
    """A copy of the page without what only leads elsewhere; trafilatura is slow on many links."""
    copy = deepcopy(root)
    for node, twin in zip(list(root.iter()), list(copy.iter()), strict=True):
        if node in dropped:
            del twin[:]
            twin.text = None
    return copy


def _read_by_trafilatura(root: Element, url: str) -> Body:
    """What trafilatura takes for the story; an empty Body when it finds none."""
    page = html.document_fromstring(etree.tostring(root, encoding="unicode", method="html"))
    found: Any = trafilatura.bare_extraction(
        page,
        url=url or None,
        favor_precision=True,
        include_comments=False,
        with_metadata=False,
        fast=True,
    )
    body = Body()
    if found is not None and found.body is not None:
        for node in found.body.iter(*_KINDS):
            body.blocks.extend(_blocks(node))
    return body


def _blocks(node: Any) -> list[Block]:
    """The block of a node, without the text of blocks inside it, which follow by themselves."""
    if any(parent.tag in ("row", "item") for parent in node.iterancestors()):
        return []
    kind = _KINDS[node.tag]
    if kind is BlockKind.ROW:
        cells = [text_of(cell) for cell in node.iter("cell")]
        text = " | ".join(filter(None, cells))
    elif kind is BlockKind.QUOTE and node.find(".//p") is not None:
        return []
    else:
        text = text_of(node)
    return [Block(tidy(text), kind)] if text else []
