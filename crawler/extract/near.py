"""The lines of a page that stand next to its story: where it tells its day, whatever its markup.

Only text is looked at, in the order of the page: a theme may keep the day in a box that is called
anything, or in one that is no part of the story.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from lxml import etree
from lxml.etree import _Element as Element

from crawler.extract import markup
from crawler.extract.headlines import letters
from crawler.extract.texts import MOST_PIECES, tidy
from crawler.model import Block

MOST_NODES = 20_000
MOST_BETWEEN = 12  # lines between a title and its story
MOST_ABOVE = 3  # lines above a title
MOST_BELOW = 8  # lines below a story
LONGEST = 200  # characters of a line that is compared
COMPARED = 40  # letters


def lines_near(root: Element, title: str | None, story: Sequence[Block]) -> Iterator[str]:
    """Lines between title and story, then those above the title, then labelled ones below.

    A line below the story may belong to another one, so it must name what it tells: it has a
    colon or begins with a word.
    """
    lines = list(_lines(root))
    plain = [letters(line[:LONGEST])[:COMPARED] for line in lines]
    name = _key(title or "")
    keys = [key for block in story if (key := _key(block.text)) and key != name]
    first = next((key for key in keys if len(key) == COMPARED), keys[0] if keys else "")
    start = _place(plain, first, 0)
    if start is None:
        return
    above = [n for n in range(start + 1) if name and plain[n] == name]
    top = above[-1] if above else start
    yield from lines[max(top + 1, start - MOST_BETWEEN) : start]
    yield from reversed(lines[max(top - MOST_ABOVE, 0) : top])
    end = _place(plain, keys[-1], start)
    below = lines[end + 1 : end + 1 + MOST_BELOW] if end is not None else []
    yield from (line for line in below if ":" in line or line[0].isalpha())


def _key(text: str) -> str:
    return letters(text[:LONGEST])[:COMPARED]


def _place(plain: Sequence[str], key: str, start: int) -> int | None:
    """The first line from `start` that begins with `key`."""
    told = (n for n in range(start, len(plain)) if key and plain[n].startswith(key))
    return next(told, None)


def _lines(root: Element) -> Iterator[str]:
    """What block elements and line breaks part, tidied; long ones cut."""
    pieces: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, node in islice(walk, MOST_NODES):
        is_end = event == "end"
        if node.tag in markup.BLOCKS or node.tag == "br":
            if pieces and (line := tidy("".join(pieces))):
                yield line
            pieces = []
        text = node.tail if is_end else node.text
        if text and len(pieces) < MOST_PIECES and (is_end or node.tag not in markup.SILENT):
            pieces.append(text[:LONGEST])
    if line := tidy("".join(pieces)):
        yield line
