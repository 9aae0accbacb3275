"""Where the story stands on a page of no known layout, by the weight of its text.

Every block element is weighed: running text counts for it, links and short lines against it.
The element whose parts together weigh the most holds the story (the idea of Finn, Kushmerick
and Smyth's body text extraction, on the tree instead of the token stream).
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element

from crawler.extract import markup
from crawler.extract.texts import text_of

PARAGRAPH = 80  # characters of running text in one block, from which it speaks for a story
JUNK = 10.0  # what a short block weighs against it
DESCEND = 0.9  # part of the weight that a child must hold for the story to be its alone
CARDS = frozenset(("div", "li", "article", "section", "td", "tr", "dl", "figure", "p"))
SHORTEST_LINK, LONGEST_LINK = 12, 250  # characters of the link that a card begins with
LONGEST_STAMP = 30  # characters of a date beside it
TEASER_WITH_HEADING = 500  # characters of a box for each heading in it that is a link
LONGEST_TEASER = 700  # characters of the rest of a card
CARD_SHARE = 0.5  # part of a story's text that teasers can have
MOSTLY_LINKS = 0.5  # part of the text of a list or box from which it leads elsewhere
LINE_LINKS = 0.8  # the same for a paragraph
MOST_SKIPPED = 0.5  # part of a page's text; what has more is the page, whatever its name


@dataclass(slots=True)
class _Weight:
    """Characters of a block's own text and of links in it, and the weight of all below it."""

    text: int = 0
    links: int = 0
    below: float = 0.0


def find_story(root: Element) -> Element | None:
    """The element that holds the story, or None when the page has no running text."""
    body = root.find(".//body")
    if body is None:
        return None
    weights = _weigh(body)
    best = max(weights, key=lambda node: weights[node], default=None)
    if best is None or weights[best] <= 0:
        return None
    return _innermost(best, weights)


def _innermost(node: Element, weights: dict[Element, float]) -> Element:
    """Down from a node as long as one child has nearly all of the weight."""
    while True:
        child = max(node, key=lambda one: weights.get(one, 0.0), default=None)
        if child is None or child.tag == "p" or weights.get(child, 0.0) < DESCEND * weights[node]:
            return node
        node = child


def _weigh(body: Element) -> dict[Element, float]:
    """The weight of every block element below `body`, parts that are plainly no story left out."""
    total = len(text_of(body))
    found: dict[Element, float] = {}
    leading = cards(body)
    apart: set[Element] = set()
    blocks, links = [_Weight()], 0
    walk = etree.iterwalk(body, events=("start", "end"))
    for event, node in walk:
        tag = node.tag
        if event == "start":
            if node in leading or _is_apart(node, total):
                apart.add(node)
                walk.skip_subtree()
                continue
            links += tag == "a"
            if tag in markup.BLOCKS:
                blocks.append(_Weight())
            _count(blocks[-1], node.text, links)
            continue
        if node not in apart:
            links -= tag == "a"
            if tag in markup.BLOCKS:
                done = blocks.pop()
                found[node] = done.below + _own(done)
                blocks[-1].below += found[node]
        _count(blocks[-1], node.tail, links)
    return found


def _is_apart(node: Element, total: int) -> bool:
    if node.tag in markup.SILENT:
        return True
    if markup.says(node) is None or node.find(".//h1") is not None:
        return False
    return len(text_of(node)) < MOST_SKIPPED * total


def _count(weight: _Weight, text: str | None, links: int) -> None:
    length = len(text.strip()) if text else 0
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
    return -JUNK / 2


def teasers(story: Element) -> dict[Element, str]:
    """Elements inside a story that lead to other stories, with the reason to drop them.

    Cards of a link and a few words, lists and lines that are mostly links.
    """
    whole = max(len(text_of(story)), 1)
    found = {node: "related" for node in cards(story) if len(text_of(node)) < CARD_SHARE * whole}
    for node in story.iter("ul", "ol", "p", "div", "section", "table"):
        if node is story or any(parent in found for parent in node.iterancestors()):
            continue
        text = len(text_of(node))
        if 0 < text < CARD_SHARE * whole and _is_mostly_links(node, text):
            found[node] = "related"
    return found


def cards(root: Element) -> set[Element]:
    """Boxes that begin with a line that is a link and go on with other text, two or more alike."""
    alike: dict[tuple[Element, str, str], list[Element]] = {}
    for link in root.iter("a"):
        card = _card_of(link, root)
        parent = card.getparent() if card is not None and card is not root else None
        if card is not None and parent is not None:
            key = (parent, card.tag, card.get("class") or "")
            alike.setdefault(key, []).append(card)
    return {card for group in alike.values() if len(set(group)) > 1 for card in group}


def _card_of(link: Element, root: Element) -> Element | None:
    """The box whose first line is this link alone, if more text follows in it."""
    size = len(text_of(link))
    if not SHORTEST_LINK <= size <= LONGEST_LINK:
        return None
    line = link
    for _ in range(6):
        parent = line.getparent()
        if line is root or parent is None or not _ends_line(line):
            return None
        text = len(text_of(parent))
        if text > size + LONGEST_TEASER:
            return None
        if text > size + LONGEST_STAMP:
            return parent if parent.tag in CARDS and _begins(parent, line) else None
        line = parent
    return None


def _ends_line(node: Element) -> bool:
    """Whether a block begins after a node, or nothing more stands in its parent."""
    if (node.tail or "").strip():
        return False
    after = node.getnext()
    return (
        node.tag in markup.BLOCKS
        or after is None
        or after.tag in markup.BLOCKS
        or after.tag == "br"
    )


def _begins(parent: Element, line: Element) -> bool:
    """Whether at most a date stands before a line in its parent."""
    before = len((parent.text or "").strip())
    for node in parent.iterchildren():
        if node is line:
            return before <= LONGEST_STAMP
        before += len(text_of(node)) + len((node.tail or "").strip())
    return False


def _is_mostly_links(node: Element, text: int) -> bool:
    linked = sum(len(text_of(link)) for link in node.iter("a"))
    if node.tag == "p":
        return linked >= LINE_LINKS * text and text < 200
    if linked >= MOSTLY_LINKS * text:
        return True
    heads = sum(map(_is_linked, node.iter(*markup.HEADINGS)))
    return heads > 0 and text < TEASER_WITH_HEADING * heads


def _is_linked(heading: Element) -> bool:
    text = len(text_of(heading))
    links = sum(len(text_of(link)) for link in heading.iter("a"))
    return text > 0 and (text <= 1.2 * links or any(p.tag == "a" for p in heading.iterancestors()))
