"""A story as plain text: paragraphs are its lines, those broken by hand joined."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from crawler.extract.content import Body
from crawler.extract.dates import read_date_line
from crawler.extract.headlines import labels_at_top
from crawler.extract.page import zone_of
from crawler.extract.wrapping import is_listed, paragraphs_of
from crawler.model import Block, BlockKind, Draft
from crawler.sites import Site

MOST_LINES = 20_000
MOST_BLOCKS = 5_000


def extract_text(text: str, url: str = "", site: Site | None = None) -> Draft:
    """The draft of a text file: every paragraph a block, `published` from a line that is a date.

    The title is not parted from the text here: which of the first lines is it, cleaning
    knows once mastheads and captions are gone.
    """
    body = Body(list(islice(_blocks(text), MOST_BLOCKS)))
    body.drop(labels_at_top(body.blocks), "masthead")
    blocks = tuple(body.blocks)
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
        removed=tuple(body.removed),
    )


def _blocks(text: str) -> Iterator[Block]:
    lines = text.replace("\ufeff", "").splitlines()[:MOST_LINES]
    for paragraph in paragraphs_of(lines):
        yield Block(paragraph, BlockKind.ITEM if is_listed(paragraph) else BlockKind.PARAGRAPH)
