"""Where the story stands on a page of no known layout, by the weight of its text.

Every block element is weighed: running text counts for it, links and short lines against it.
The element whose parts together weigh the most holds the story (the idea of Finn, Kushmerick
and Smyth's body text extraction, on the tree instead of the token stream).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml.etree import _Element as Element

from crawler.extract import markup
from crawler.extract.flow import is_of_story
from crawler.extract.measures import Sizes
from crawler.extract.tables import is_data
from crawler.extract.teasers import cards
from crawler.extract.texts import beginning_of
from crawler.extract.tongues import LOOKED_AT, are_foreign

PARAGRAPH = 70  # characters of running text in one block, from which it speaks for a story
JUNK = 10.0  # what a short block weighs against it
DESCEND = 0.9  # part of the weight that a child must hold for the story to be its alone
LEADING = ("h1", "h2")
MOST_BETWEEN, LONGEST_BETWEEN = 4, 150  # elements and characters between two versions of a story
MOST_SKIPPED = 0.5  # part of a page's text; what has more is the page, whatever its name


@dataclass(slots=True)
class _Weight:
    """Characters of a block's own text and of links in it, and the weight of all below it.

    `picture` says that a picture stands in it, so that its line is a caption.
    """

    text: int = 0
    links: int = 0
    below: float = 0.0
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """The element that holds a story, and its children that stand before and after the story."""

    element: Element
    outside: tuple[Element, ...] = ()


def find_story(body: Element, sizes: Sizes) -> Story | None:
    """Where the story is, or None when `body` has no running text."""
    weights = _weigh(body, sizes)
    best = max(weights, key=weights.__getitem__, default=None)
    if best is None or weights[best] <= 0:
        return None
    return _with_siblings(_around_data(_innermost(best, weights)), weights)


def _around_data(node: Element) -> Element:
    """What holds a table of data, for anything in it: a row of a programme is no story."""
    tables = (one for one in node.iterancestors("table") if is_data(one))
    table = next(tables, None)
    above = table.getparent() if table is not None else None
    return node if above is None else above


def _with_siblings(best: Element, weights: dict[Element, float]) -> Story:
    """The story with the boxes of the same name beside it that go on with it.

    Boxes that begin with a heading each are entries of a list.
    """
    name, parent = best.get("class"), best.getparent()
    if not name or parent is None or best.tag == "p":
        return Story(best)
    places = [
        place
        for place, one in enumerate(parent)
        if one is best or (one.tag == best.tag and one.get("class") == name)
    ]
    alike = [parent[place] for place in places if weights.get(parent[place], 0.0) > 0]
    if len(alike) < 2 or any(_begins_with_heading(one) for one in alike[1:]):
        return Story(best)
    before = alike[0].itersiblings(preceding=True)
    return Story(parent, (*before, *alike[-1].itersiblings()))


def _begins_with_heading(node: Element) -> bool:
    return any(one.tag in markup.HEADINGS for one in islice(node.iterdescendants(), 3))


def _innermost(node: Element, weights: dict[Element, float]) -> Element:
    """Down from a node as long as one child has nearly all of the weight."""
    while True:
        child = max(node, key=lambda one: weights.get(one, 0.0), default=None)
        if child is None or child.tag == "p" or weights.get(child, 0.0) < DESCEND * weights[node]:
            return node
        if _has_lead(node, child, weights) or _is_told_again(node, child, weights):
            return node
        node = child


def _has_lead(node: Element, child: Element, weights: dict[Element, float]) -> bool:
    """Whether running text stands between a heading and the child that holds nearly all."""
    after_heading = False
    for one in node.iterchildren():
        if one is child:
            return False
        if after_heading and weights.get(one, 0.0) >= PARAGRAPH:
            return True
        after_heading = (
            after_heading or one.tag in LEADING or next(one.iter(*LEADING), None) is not None
        )
    return False


def _is_told_again(node: Element, child: Element, weights: dict[Element, float]) -> bool:
    """Whether running text in another language stands next to the child that holds nearly all."""
    if node.tag == "body":
        return False
    beside = (_next_text(child, before, weights) for before in (False, True))
    texts = [beginning_of(one, LOOKED_AT) for one in beside if one is not None]
    own = beginning_of(child, LOOKED_AT) if texts else ""
    return any("©" not in text and are_foreign(own, text) for text in texts)


def _next_text(child: Element, before: bool, weights: dict[Element, float]) -> Element | None:
    """The next sibling with running text, if at most a heading or a line stands between."""
    for one in islice(child.itersiblings(preceding=before), MOST_BETWEEN):
        if weights.get(one, 0.0) >= PARAGRAPH:
            return one
        if len(beginning_of(one, LONGEST_BETWEEN)) > LONGEST_BETWEEN:
            return None
    return None


def _weigh(body: Element, sizes: Sizes) -> dict[Element, float]:
    """The weight of every block element below `body`, parts that are plainly no story left out."""
    most = MOST_SKIPPED * sizes[body].text
    titles = sum(1 for _ in body.iter("h1"))
    found: dict[Element, float] = {}
    leading = cards(body, sizes)
    apart: set[Element] = set()
    blocks, links = [_Weight()], 0
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, node in walk:
        tag = node.tag
        if event == "start":
            if node in leading or _is_apart(node, sizes, most, titles):
                apart.add(node)
                walk.skip_subtree()
                continue
            links += tag == "a"
            if tag in markup.BLOCKS:
                blocks.append(_Weight(picture=tag == "figcaption"))
            elif tag in markup.PICTURES:
                blocks[-1].picture = True
            if text := node.text:
                _count(blocks[-1], text, links)
            continue
        if node not in apart:
            links -= tag == "a"
            if tag in markup.BLOCKS:
                done = blocks.pop()
                found[node] = done.below + _own(done)
                blocks[-1].below += found[node]
        if text := node.tail:
            _count(blocks[-1], text, links)
    return found


def _is_apart(node: Element, sizes: Sizes, most: float, titles: int) -> bool:
    """Whether a part of a page with so many first headings is plainly no story."""
    if node.tag in markup.SILENT:
        return True
    reason = markup.says(node)
    if reason is None or sizes[node].text >= most or is_of_story(node, reason, sizes):
        return False
    inside = sum(1 for _ in node.iter("h1"))
    return inside == 0 or (titles > inside and "aside" in (node.tag, node.get("role")))


def _count(weight: _Weight, text: str, links: int) -> None:
    length = len(text.strip())
    weight.text += length
    if links:
        weight.links += length


def _own(weight: _Weight) -> float:
    """What a block's own text weighs: running text for, links and short lines against."""
    if weight.text == 0:
        return 0.0
    plain = weight.text - weight.links
    if plain >= PARAGRAPH and weight.links < weight.text / 2:
        return float(plain - weight.links)
    if weight.links > plain:
        return -JUNK - weight.links / 2
    return 0.0 if weight.picture else -JUNK / 2
