"""What leads to other stories: cards of a link and a few words, lists and lines of links."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from tomllib import loads

from lxml import etree
from lxml.etree import _Element as Element

from crawler.extract import markup
from crawler.extract.flow import is_told_list
from crawler.extract.measures import NOTHING, Size, Sizes
from crawler.extract.texts import text_of, tidy

CARDS = frozenset(("div", "li", "article", "section", "td", "tr", "dl", "figure", "p"))
LISTS = frozenset(("ul", "ol"))
BOXES = frozenset(("ul", "ol", "p", "div", "section", "table"))
SHORTEST_LINK, LONGEST_LINK = 12, 250  # characters of the link that a card begins with
LONGEST_STAMP = 30  # characters of a date beside it
LONGEST_TEASER = 700  # characters of the rest of a card
TEASER_WITH_HEADING = 500  # characters of a box for each heading in it that is a link
LONGEST_MORE = 25  # characters of a link «Толығырақ»
LONGEST_BOX = 1_200  # characters of a box that ends with one
SHARE = 0.5  # part of a story's text that one teaser or list of them can have
MOSTLY_LINKS = 0.5  # part of the text of a list or box from which it leads elsewhere
LINE_LINKS = 0.8  # the same for a paragraph
LONGEST_LINE = 200  # characters of a paragraph that is a link
NEAR = 8  # children or levels that are looked at around a link


def teasers(story: Element, sizes: Sizes) -> dict[Element, str]:
    """Elements inside a story that lead to other stories, with the reason to drop them."""
    most = SHARE * max(sizes[story].text, 1)
    leading = cards(story, sizes)
    rest = _beside(leading, story, sizes)
    found: dict[Element, str] = {}
    walk = etree.iterwalk(story, events=("start",))
    for _, node in walk:
        text = sizes[node].text
        if node is story or not 0 < text < most:
            continue
        size = rest.get(node, sizes[node])
        if node.tag in LISTS and node not in rest and is_told_list(node, sizes):
            walk.skip_subtree()
        elif node in leading or (node.tag in BOXES and _leads_elsewhere(node.tag, size)):
            found[node] = "related"
            walk.skip_subtree()
    return found


def _beside(leading: set[Element], story: Element, sizes: Sizes) -> dict[Element, Size]:
    """The sizes of all that hold cards, without them: a story may stand in one box with cards."""
    found: dict[Element, Size] = {}
    for card in leading:
        size, node = sizes[card], card.getparent()
        while node is not None and node in sizes:
            whole = sizes[node]
            rest = found.setdefault(node, Size(whole.text, whole.links, whole.linked_headings))
            rest.text -= size.text
            rest.links -= size.links
            rest.linked_headings -= size.linked_headings
            if node is story:
                break
            node = node.getparent()
    return found


def cards(root: Element, sizes: Sizes) -> set[Element]:
    """Boxes that lead to other stories, two or more alike in one place.

    Each begins with a line that is a link and goes on with other text, or ends with a link
    «Толығырақ».
    """
    alike: dict[tuple[Element, str, str], set[Element]] = {}
    for link in root.iter("a"):
        card = _card_of(link, root, sizes)
        if card is None:
            card = _box_of_more(link, root, sizes)
        parent = card.getparent() if card is not None and card is not root else None
        if card is not None and parent is not None:
            alike.setdefault((parent, card.tag, card.get("class") or ""), set()).add(card)
    return {card for group in alike.values() if len(group) > 1 for card in group}


def _card_of(link: Element, root: Element, sizes: Sizes) -> Element | None:
    """The box whose first line is this link alone, if more text follows in it."""
    size = sizes[link].text
    if not SHORTEST_LINK <= size <= LONGEST_LINK:
        return None
    line = link
    for _ in range(NEAR):
        parent = line.getparent()
        if line is root or parent is None or not _ends_line(line):
            return None
        rest = sizes.get(parent, NOTHING).text - size
        if rest > LONGEST_STAMP:
            is_card = rest <= LONGEST_TEASER and parent.tag in CARDS
            return parent if is_card and _begins(parent, line, sizes) else None
        line = parent
    return None


def _box_of_more(link: Element, root: Element, sizes: Sizes) -> Element | None:
    """The box that ends with this link, if it says no more than that there is more."""
    if not 2 < sizes[link].text <= LONGEST_MORE:
        return None
    if tidy(text_of(link)).lower().strip(" .…»>→:") not in more_words():
        return None
    node = link
    for _ in range(NEAR):
        parent = node.getparent()
        if node is root or parent is None or (node.tail or "").strip():
            return None
        if node.tag in CARDS and sizes[node].text > sizes[link].text + LONGEST_STAMP:
            return node if sizes[node].text <= LONGEST_BOX else None
        if parent[-1] is not node and sizes[parent[-1]].text:
            return None
        node = parent
    return None


@cache
def more_words() -> frozenset[str]:
    """Words of links that end a teaser, in small letters."""
    told = (files("crawler") / "data" / "markup.toml").read_text("utf-8")
    return frozenset(loads(told)["teasers"]["more"])


def _ends_line(node: Element) -> bool:
    """Whether a block begins after a node, or nothing more stands in its parent."""
    if (node.tail or "").strip():
        return False
    after = node.getnext()
    return after is None or any(n.tag in markup.BLOCKS or n.tag == "br" for n in (node, after))


def _begins(parent: Element, line: Element, sizes: Sizes) -> bool:
    """Whether at most a date stands before a line in its parent."""
    before = len((parent.text or "").strip())
    for place, node in enumerate(parent.iterchildren()):
        if node is line or place > NEAR or before > LONGEST_STAMP:
            return node is line and before <= LONGEST_STAMP
        before += sizes[node].text + len((node.tail or "").strip())
    return False


def _leads_elsewhere(tag: str, size: Size) -> bool:
    if tag == "p":
        return size.links >= LINE_LINKS * size.text and size.text < LONGEST_LINE
    if size.links >= MOSTLY_LINKS * size.text:
        return True
    return size.text < TEASER_WITH_HEADING * size.linked_headings
