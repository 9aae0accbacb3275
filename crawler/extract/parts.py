"""A page that tells of several events: one draft for each, where the markup shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from lxml.etree import _Element as Element

from crawler.errors import ExtractionError
from crawler.extract import layouts
from crawler.extract.body import Body, read_body
from crawler.extract.dates import read_date_line
from crawler.extract.details import DATE_PLACES, Page, dated, draft_of, told_by
from crawler.extract.entries import Entry, entries
from crawler.extract.page import open_page, read_page
from crawler.extract.texts import text_of
from crawler.model import Block, BlockKind, Capture, Draft
from crawler.sites import Layout, Site

SMALLEST = 80  # characters of a part that a site's layout names
SMALLEST_GUESSED = 200  # characters of a part that is told by its heading and its date
MOST_PARTS = 100
LONGEST_NAME = 60  # characters of a title that names a part
MOST_ABOVE = 2  # short lines that may stand above the first part


def extract_all(capture: Capture, site: Site | None = None) -> tuple[Draft, ...]:
    """The drafts of all articles on a page, in its order; mostly that of `extract` alone.

    Several come from a layout's `split`, from whole entries of a list, or from headings that
    each have a line with a date beside them. An entry whose title leads to a page of its own
    has that page's address; the others have the page's with a fragment: the part's own `id`
    where it has one, else the beginning of its title. Raises ExtractionError when there is no
    article.
    """
    page = open_page(capture, site)
    try:
        layout, body, draft = read_page(page)
    except ExtractionError:
        # A list of whole entries whose titles are links is all cards, and no story is left.
        parts = _by_entries(page, None, draft_of(page, None, Body()))
        if not parts:
            raise
        return _named(page, parts)
    parts = _by_layout(page, layout, draft) or _by_entries(page, layout, draft)
    parts = parts or _by_dates(page, body, draft)
    return _named(page, parts) or (draft,)


def _by_layout(page: Page, layout: Layout | None, draft: Draft) -> list[Draft]:
    """A draft for every element that `split` names, if there are two or more with text."""
    if layout is None or not layout.split:
        return []
    nodes = layouts.select(page.root, layout.split, page.markup)[:MOST_PARTS]
    outer = [node for node in nodes if not any(up in nodes for up in node.iterancestors())]
    read = [(node, read_body(node, page.capture.url, _dropped(node, layout))) for node in outer]
    told = [(node, body) for node, body in read if body.size >= SMALLEST]
    if len(told) < 2:
        return []
    return [_part(page, draft, body, node, layout) for node, body in told]


def _by_entries(page: Page, layout: Layout | None, draft: Draft) -> list[Draft]:
    """A draft for every whole entry of a list."""
    return [_of_entry(page, draft, entry, layout) for entry in entries(page, layout)]


def _of_entry(page: Page, draft: Draft, entry: Entry, layout: Layout | None) -> Draft:
    here = replace(page, root=entry.node)
    part = _part(page, draft, entry.body, entry.node, layout)
    return replace(
        part,
        url=entry.url or part.url,
        title=entry.title,
        published=entry.published,
        author=told_by(here, layout.author) if layout else None,
        section=told_by(here, layout.section) if layout else None,
        modified=None,
    )


def _dropped(node: Element, layout: Layout) -> dict[Element, str]:
    return {one: "layout" for drop in layout.drop for one in layouts.select(node, drop)}


def _part(page: Page, draft: Draft, body: Body, node: Element, layout: Layout | None) -> Draft:
    named = layouts.first(node, layout.title) if layout else None
    name = node.get("id")
    heading = next((one.text for one in body.blocks if one.kind is BlockKind.HEADING), None)
    lines = (read_date_line(block.text, page.zone) for block in body.blocks)
    told = dated(page, node, layout.published if layout else None)
    ways = (told, lines, dated(page, node, DATE_PLACES))
    return replace(
        draft,
        url=_address(page, quote(name[:100], safe="-._~")) if name else page.capture.url,
        title=(text_of(named) if named is not None else heading) or None,
        blocks=tuple(body.blocks),
        published=next((day for way in ways for day in way if day), draft.published),
        images=tuple(dict.fromkeys(body.images)),
        attachments=tuple(dict.fromkeys(body.attachments)),
        links=tuple(dict.fromkeys(body.links)),
        removed=tuple(body.removed),
        twins=(),
        canonical_url=None,
    )


def _by_dates(page: Page, body: Body, draft: Draft) -> list[Draft]:
    """A draft for every heading with a date beside it, if nothing else holds the text."""
    starts = list(_starts(page, draft.blocks))
    if len(starts) < 2 or starts[0] > MOST_ABOVE:
        return []
    ends = [*starts[1:], len(draft.blocks)]
    parts = [draft.blocks[start:end] for start, end in zip(starts, ends, strict=True)]
    if any(sum(len(block.text) for block in part) < SMALLEST_GUESSED for part in parts):
        return []
    if 2 * sum(part[-1].text.endswith(("…", "...")) for part in parts) > len(parts):
        return []  # teasers
    ranges = zip(starts, ends, strict=True)
    return [
        _guessed(page, body, draft, number, found) for number, found in enumerate(ranges, start=1)
    ][:MOST_PARTS]


def _starts(page: Page, blocks: tuple[Block, ...]) -> Iterator[int]:
    """Places where a heading and a line with a date stand together, in either order."""
    dates = [read_date_line(block.text, page.zone) is not None for block in blocks]
    headings = [block.kind is BlockKind.HEADING for block in blocks]
    taken = -1
    for place in range(len(blocks) - 1):
        pair = {place, place + 1}
        is_pair = any(dates[one] for one in pair) and any(headings[one] for one in pair)
        if is_pair and place > taken:
            taken = place + 1
            yield place


def _guessed(page: Page, body: Body, draft: Draft, number: int, found: tuple[int, int]) -> Draft:
    start, end = found
    blocks = draft.blocks[start:end]
    heading = next(block.text for block in blocks if block.kind is BlockKind.HEADING)

    def here(url: str) -> bool:
        # What stands between two parts belongs to the one above it.
        return (start if number > 1 else -1) < body.places.get(url, -1) <= end

    return replace(
        draft,
        title=heading,
        blocks=blocks,
        published=next(filter(None, (read_date_line(b.text, page.zone) for b in blocks))),
        images=tuple(image for image in draft.images if here(image.url)),
        attachments=tuple(one for one in draft.attachments if here(one.url)),
        links=tuple(one for one in draft.links if here(one.url)),
        twins=(),
        canonical_url=None,
        removed=draft.removed if number == 1 else (),
    )


def _named(page: Page, parts: list[Draft]) -> tuple[Draft, ...]:
    """Parts under addresses that stay theirs when another is put above them.

    A part without an `id` is named by the beginning of its title, as a text fragment
    (https://wicg.github.io/scroll-to-text-fragment/), to which browsers go; one whose title
    stood above already, or that has none, by its number.
    """
    taken: set[str] = set()
    found = []
    for number, part in enumerate(parts, start=1):
        url = part.url
        if url == page.capture.url:
            url = _address(page, _text_fragment(part.title or ""))
            url = _address(page, str(number)) if url in taken or not part.title else url
        taken.add(url)
        found.append(replace(part, url=url))
    return tuple(found)


def _text_fragment(title: str) -> str:
    """`:~:text=` and the first words of a title."""
    words = title[:LONGEST_NAME].split()
    whole = words if len(title) <= LONGEST_NAME or len(words) < 2 else words[:-1]
    return ":~:text=" + quote(" ".join(whole), safe="").replace("-", "%2D")


def _address(page: Page, fragment: str) -> str:
    return f"{page.capture.url.partition('#')[0]}#{fragment}"
