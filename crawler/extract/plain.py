"""A story as plain text: paragraphs are its lines, wrapped ones joined."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.extract.dates import read_date_line
from crawler.extract.page import zone_of
from crawler.extract.texts import tidy
from crawler.model import Block, BlockKind, Draft
from crawler.sites import Site

MOST_LINES = 20_000
NARROWEST, WIDEST = 50, 110  # characters of a line that was wrapped to a column

_ITEM = re.compile(r"(?:\d{1,3}[.)]|[-–•*·])\s+\S")
PATTERNS = (_ITEM,)


def extract_text(text: str, url: str = "", site: Site | None = None) -> Draft:
    """The draft of a text file: every line a block, `published` from a line that is a date.

    The title is not parted from the text here: which of the first lines is it, cleaning
    knows once mastheads and captions are gone.
    """
    blocks = tuple(_blocks(text))
    zone = zone_of(site)
    lines = (block.text for block in (*blocks[:8], *blocks[-16:]))
    published = next((found for line in lines if (found := read_date_line(line, zone))), None)
    return Draft(
        url=url,
        title=None,
        blocks=blocks,
        layout="text",
        site=site.id if site else None,
        published=published,
    )


def _blocks(text: str) -> Iterator[Block]:
    group: list[str] = []
    lines = text.replace("\ufeff", "").splitlines()[:MOST_LINES]
    for line in (*lines, ""):
        if line.strip():
            group.append(line)
            continue
        for paragraph in _unwrapped(group):
            is_item = _ITEM.match(paragraph)
            yield Block(paragraph, BlockKind.ITEM if is_item else BlockKind.PARAGRAPH)
        group = []


def _unwrapped(group: list[str]) -> list[str]:
    """The lines of a group, as one when it was plainly wrapped to a column."""
    lines = [line for line in map(tidy, group) if line]
    wrapped = (
        len(lines) >= 3
        and all(NARROWEST <= len(line) <= WIDEST for line in lines[:-1])
        and sum(line[-1] in ".!?:;" for line in lines[:-1]) * 3 <= len(lines)
        and not any(_ITEM.match(line) for line in lines)
    )
    return [" ".join(lines)] if wrapped else lines
