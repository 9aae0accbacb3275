"""How much text and how much of it is links, for every element of a tree, in one pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element

from crawler.extract.markup import HEADINGS, attachment_endings

MOSTLY = 0.8  # part of a heading that is a link


@dataclass(slots=True)
class Size:
    """Characters of text (`links`: of it in links) below an element; headings that are links.

    Links to documents are the story's own and count as plain text.
    """

    text: int = 0
    links: int = 0
    linked_headings: int = 0


NOTHING = Size()
Sizes = Mapping[Element, Size]


def measure(root: Element) -> Sizes:
    """The size of `root` and of every element below it."""
    found: dict[Element, Size] = {}
    path = [Size()]
    leading: list[bool] = []  # open links: whether they lead to another page
    links = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        tag = node.tag
        if event == "start":
            if tag == "a":
                leading.append(_leads(node))
                links += leading[-1]
            size = Size()
            path.append(size)
            if (text := node.text) and (length := len(text.strip())):
                size.text = length + 1
                size.links = length + 1 if links else 0
            continue
        size = found[node] = path.pop()
        if tag in HEADINGS:
            _close_heading(size, links)
        elif tag == "a":
            links -= leading.pop()
        above = path[-1]
        if size.text:
            above.text += size.text
            above.links += size.links
            above.linked_headings += size.linked_headings
        if (text := node.tail) and (length := len(text.strip())) and node is not root:
            above.text += length + 1
            above.links += length + 1 if links else 0
    return found


def _leads(node: Element) -> bool:
    """Whether a link leads to another page, not to a document."""
    path = (node.get("href") or "").partition("?")[0].partition("#")[0]
    return path.rpartition(".")[2].strip().lower() not in attachment_endings()


def _close_heading(size: Size, links: int) -> None:
    if size.text and (links or size.links >= MOSTLY * size.text):
        size.linked_headings += 1
