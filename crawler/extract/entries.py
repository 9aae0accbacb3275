"""Whole entries of a list: boxes alike, each with a heading, a date or an address, and its text.

Such are the archive of a WordPress with full posts, a blog of Joomla, the lists of uCoz and DLE.
Teasers, comments and the sections of one story are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import urldefrag, urlsplit

from lxml.etree import _Element as Element

from crawler.extract import layouts, markup
from crawler.extract.body import Body, read_body
from crawler.extract.dates import read_date, read_date_line
from crawler.extract.details import DATE_PLACES, Page, dated
from crawler.extract.measures import NOTHING, Sizes
from crawler.extract.teasers import cards, more_words
from crawler.extract.texts import short_text, text_of, web_address
from crawler.model import BlockKind
from crawler.sites import Layout

FEWEST_WORDS = 60  # of an entry's own text
FEWEST_HERE = 20  # of one that has no page of its own, where more of it could stand
SHORTEST = 140  # characters of a box that may have so many words
STORY = 80  # characters of a paragraph
LONGEST_TITLE = 250
MOST_ABOVE = 60  # elements at the top of an entry
LONGEST_ABOVE = 120  # characters of an entry above its heading: a date, a section
MOST_ENTRIES = 100
MOST_BOXES = 2_000
MOST_GROUPS = 20
MOST_LONE = 100  # boxes
MOST_READ = 4  # times the text of the whole page: boxes in boxes would be read for ever
MOST_LOOKED_AT = 300  # elements of an entry that may hold its date
LONGEST_DETAILS = 120  # characters
MOSTLY = 0.5  # part of the boxes alike that must be whole entries
MOST_BESIDE = 0.3  # running text beside the entries, in parts of theirs
MOST_LEVELS = 30

_PLACES = ("div", "article", "section", "li", "td", "tr", "table")
_TITLES = ("h1", "h2", "h3", "h4", "div", "td", "span", "p", "a")
_TITLE_NAME = re.compile(
    r"(?:(?:news|post|article|item|entry|story|e|b|full|short)[-_]{0,2})?(?:title|name|heading|head)|contentheading",
    re.I,
)
PATTERNS = (_TITLE_NAME,)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its box, what was read of it, its title and its own address where it tells one."""

    node: Element
    body: Body
    title: str
    url: str | None
    published: datetime | None


def entries(page: Page, layout: Layout | None) -> list[Entry]:
    """The whole entries of a page, in its order; none where it is no list of two or more."""
    root = page.root.find("body")
    if root is None or (layout is not None and not _may_be_list(page, layout)):
        return []
    leading = cards(root, page.sizes)
    left = MOST_READ * page.sizes[root].text
    for boxes in islice(_groups(root, page.sizes), MOST_GROUPS):
        left -= sum(page.sizes[node].text for node in boxes)
        if left < 0:
            break
        found = [one for node in boxes if (one := _entry(page, node, layout, leading))]
        if len(found) >= max(2, MOSTLY * len(boxes)):
            found += _lone(page, root, layout, leading, found)
            if _are_entries(page, root, found):
                order = {node: number for number, node in enumerate(root.iter(*_PLACES))}
                return sorted(found, key=lambda one: order[one.node])[:MOST_ENTRIES]
    return []


def _lone(
    page: Page, root: Element, layout: Layout | None, leading: set[Element], found: list[Entry]
) -> list[Entry]:
    """Whole entries in boxes of another kind: the leading story of a blog."""
    taken = {one.node for one in found}
    around = {up for node in taken for up in node.iterancestors()}
    lone: list[Entry] = []
    left = MOST_READ * page.sizes[root].text
    for node in islice(_large(root, page.sizes), MOST_LONE):
        left -= page.sizes[node].text
        if left < 0:
            break
        if node in around or any(up in taken for up in (node, *node.iterancestors())):
            continue
        if (entry := _entry(page, node, layout, leading)) is not None:
            taken.add(node)
            lone.append(entry)
    return lone


def _large(root: Element, sizes: Sizes) -> Iterator[Element]:
    return (one for one in root.iterdescendants(*_PLACES) if sizes[one].text >= SHORTEST)


def _may_be_list(page: Page, layout: Layout) -> bool:
    return len(layouts.select(page.root, layout.body, page.markup)) > 1


def _groups(root: Element, sizes: Sizes) -> Iterator[list[Element]]:
    """Boxes of one kind with enough text, none in another; the outermost groups first."""
    alike: dict[tuple[object, ...], list[Element]] = {}
    for node in islice(_large(root, sizes), MOST_BOXES):
        name = _name(node)
        parent = node.getparent()
        key = (node.tag, name) if name else (node.tag, None, parent)
        group = alike.setdefault(key, [])
        if len(group) < MOST_ENTRIES and not (group and _is_inside(node, group[-1])):
            group.append(node)
    yield from (group for group in alike.values() if len(group) > 1)


def _name(node: Element) -> str:
    """The first of a box's classes that has no number of its own."""
    words = (node.get("class") or "")[:300].split()
    return next((word for word in words if not any(map(str.isdigit, word))), "")


def _is_inside(node: Element, box: Element) -> bool:
    return any(up is box for up in islice(node.iterancestors(), MOST_LEVELS))


def _entry(page: Page, node: Element, layout: Layout | None, leading: set[Element]) -> Entry | None:
    """A box as an entry; None when it lacks a title, a text of its own or what tells it one."""
    if _is_apart(node):
        return None
    heading = _heading(page, node)
    if heading is None:
        return None
    body = _read(page, node, layout)
    title = short_text(heading, LONGEST_TITLE)
    url = _own_address(page, node, heading)
    fewest = FEWEST_HERE if url is None else FEWEST_WORDS
    if not _is_whole(body, title, fewest) or _has_more(node, page.sizes):
        return None
    published = next(filter(None, _dates(page, node, layout)), None)
    if published is None and (url is None or node in leading):
        return None
    return Entry(node, body, title, url, published)


def _read(page: Page, node: Element, layout: Layout | None) -> Body:
    """An entry's body, where the layout has it or else its whole box."""
    place = layouts.first(node, layout.body) if layout else None
    drops = layout.drop if layout else ()
    dropped = {one: "layout" for drop in drops for one in layouts.select(node, drop)}
    whole = node if place is None else place
    return read_body(whole, page.capture.url, dropped, page.sizes)


def _is_apart(node: Element) -> bool:
    """Whether a box stands in what is no story: comments, a column beside it."""
    return any(
        markup.says(one) not in (None, "page details")
        for one in (node, *islice(node.iterancestors(), MOST_LEVELS))
        if one.tag not in ("body", "html")
    )


def _heading(page: Page, node: Element) -> Element | None:
    """The first heading, or line called title, that stands at the top of a box."""
    above = 0
    for one in islice(node.iter(*_TITLES), MOST_ABOVE):
        size = page.sizes.get(one, NOTHING).text
        if 0 < size <= LONGEST_TITLE and _is_title(one):
            if read_date_line(text_of(one), page.zone) is None:
                return one if above <= LONGEST_ABOVE else None
        elif len(one) == 0:
            above += size
    return None


def _is_title(node: Element) -> bool:
    words = (node.get("class") or "")[:200].split()
    return node.tag in markup.HEADINGS or any(map(_TITLE_NAME.fullmatch, words))


def _is_whole(body: Body, title: str, fewest: int) -> bool:
    """Whether there is a text of so many words, in sentences, that does not break off."""
    told = [one for one in body.blocks if one.kind is not BlockKind.HEADING and one.text != title]
    if sum(len(one.text.split()) for one in told) < fewest:
        return False
    long = [one.text for one in told if len(one.text) >= STORY]
    return bool(long) and not long[-1].rstrip('])»" ').endswith(("…", "..", "&hellip;"))


def _has_more(node: Element, sizes: Sizes) -> bool:
    """Whether a box has a link that says no more than that there is more."""
    links = islice(node.iter("a"), 200)
    return any(
        sizes[link].text <= 40 and text_of(link).lower().strip(" .…»>→:[]()") in more_words()
        for link in links
    )


def _own_address(page: Page, node: Element, heading: Element) -> str | None:
    """Where the title of an entry leads, if that is another page of the same host."""
    inner = heading if heading.tag == "a" else heading.find(".//a")
    outer = next((up for up in islice(heading.iterancestors("a"), 2)), None)
    for link in (inner, outer):
        told = web_address(page.capture.url, link.get("href")) if link is not None else None
        if told and _is_other_page(page.capture.url, told):
            return urldefrag(told).url
    return None


def _is_other_page(here: str, there: str) -> bool:
    one, other = urlsplit(here), urlsplit(there)
    paths = ((one.path.rstrip("/"), one.query), (other.path.rstrip("/"), other.query))
    return (
        one.hostname == other.hostname and paths[0] != paths[1] and bool(paths[1][0] or other.query)
    )


def _dates(page: Page, node: Element, layout: Layout | None) -> Iterator[datetime | None]:
    """What the layout, lines of nothing else, dated markup and the details of an entry tell."""
    if layout is not None:
        yield from dated(page, node, layout.published)
    for one in islice(node.iterdescendants(), MOST_LOOKED_AT):
        if 0 < page.sizes.get(one, NOTHING).text <= LONGEST_DETAILS:
            text = text_of(one)
            yield read_date_line(text, page.zone)
            if markup.says(one) == "page details":
                yield read_date(text[:LONGEST_DETAILS], page.zone)
    yield from dated(page, node, DATE_PLACES)


def _are_entries(page: Page, root: Element, found: Sequence[Entry]) -> bool:
    """Whether titles and addresses differ, and little running text stands beside the entries."""
    if len({one.title for one in found}) < len(found):
        return False
    urls = [one.url for one in found if one.url]
    if len(set(urls)) < len(urls):
        return False
    rest = read_body(root, page.capture.url, {one.node: "entry" for one in found}, page.sizes)
    beside = sum(len(one.text) for one in rest.blocks if len(one.text) >= STORY)
    return beside <= MOST_BESIDE * sum(one.body.size for one in found)
