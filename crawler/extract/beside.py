"""What is told on a page outside its story, so that nothing longer goes without a word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from lxml import etree
from lxml.etree import _Element as Element

from crawler.extract import markup
from crawler.extract.flow import FEWEST, is_running
from crawler.extract.measures import NOTHING, Sizes
from crawler.extract.texts import text_of
from crawler.model import Removal

MOST = 40  # texts that are told of
LONGEST = 200  # characters of one
LARGEST = 3_000  # elements of a page that is looked at


def left_out(page: Element, sizes: Sizes, known: Sequence[str]) -> Iterator[Removal]:
    """Running text of a page but what is `known`: read or taken out with a reason already.

    An element that its name calls no story is told of as one, others by their paragraphs.
    """
    if len(sizes) > LARGEST:
        return iter(())
    return islice(_left_out(page, sizes, " ".join(known)), MOST)


def _left_out(page: Element, sizes: Sizes, whole: str) -> Iterator[Removal]:
    walk = etree.iterwalk(page, events=("start",))
    for _, node in walk:
        if node is page:
            continue
        size = sizes.get(node, NOTHING)
        if node.tag in markup.SILENT or size.text - size.links < FEWEST:
            walk.skip_subtree()
            continue
        if not is_running(node, sizes):
            continue  # a box of links, perhaps with a paragraph in it
        reason = markup.says(node)
        if reason is None and _has_blocks(node):
            continue
        walk.skip_subtree()
        text = text_of(node)
        if text not in whole:
            yield Removal(text[:LONGEST], reason or "beside the story")


def _has_blocks(node: Element) -> bool:
    return any(one.tag in markup.BLOCKS for one in node.iterdescendants())
