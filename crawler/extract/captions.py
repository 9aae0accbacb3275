"""Which short lines below pictures are their captions: told by place, dress and wording."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lxml.etree import _Element as Element

from crawler.extract import markup
from crawler.extract.measures import Sizes
from crawler.model import Block, BlockKind, Image

LONGEST = 120  # characters of a caption that only its place tells
LONGEST_PLAIN, MOST_WORDS = 70, 9  # the same where nothing else speaks for it
STORY = 60  # characters of a block that the story goes on with
NEAR = 4  # levels that are looked at above a line
ROOT = 5  # letters that tell a word apart
LABELLED = 200  # characters of a line that says what it is

_FRAMES = frozenset(("div", "figure", "dl", "td", "center", "section", "p", "table", "li", "a"))
_BOLD = frozenset(("b", "strong"))
_SMALL = frozenset(("em", "i", "small", "figcaption"))
_STYLE = re.compile(r"font-style\s{0,3}:\s{0,3}italic|font-size\s{0,3}:\s{0,3}[789]p", re.I)
_CENTRE = re.compile(r"text-align\s{0,3}:\s{0,3}center", re.I)
_WORD = re.compile(r"[^\W\d_]{3,}")
PATTERNS = (_STYLE, _CENTRE, _WORD)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line below a picture: places of its block and picture, what its markup says of it."""

    block: int
    image: int
    framed: bool
    dressed: bool
    bold: bool


def looks_at(place: int, image: int, node: Element, root: Element, sizes: Sizes) -> Candidate:
    """What the markup around a line below a picture says; `node` holds the line's text."""
    framed, dressed = _is_framed(node, root, sizes), _is_dressed(node, root, sizes)
    return Candidate(place, image, framed, dressed, node.tag in _BOLD)


def captions(
    blocks: Sequence[Block], images: Sequence[Image], places: Sequence[int], found: list[Candidate]
) -> dict[int, int]:
    """Block -> picture, for every candidate that is a caption.

    `places` has for each picture how many blocks stand before it.
    """
    likely = [one for one in found if _may_be(blocks, one)]
    alone = [one for one in likely if _goes_on(blocks, places, one.block)]
    many = len({one.block for one in alone}) > 1
    return {
        one.block: one.image
        for one in likely
        if one.framed
        or _is_told(blocks[one.block].text, images[one.image].alt)
        or (one in alone and (one.dressed or many or _is_plain(blocks, one.block)))
    }


def _is_framed(node: Element, root: Element, sizes: Sizes) -> bool:
    """Whether an element holds nothing but pictures and this line."""
    frame, size = node, sizes[node].text
    for _ in range(NEAR):
        if frame is root or sizes[frame].text > max(size, 1) + 1:
            return False
        if frame.tag in _FRAMES and frame is not node and next(frame.iter("img"), None) is not None:
            return frame.tag != "p" and sum(1 for _ in frame.iter("tr")) != 1
        above = frame.getparent()
        if above is None:
            return False
        frame = above
    return False


def _is_dressed(node: Element, root: Element, sizes: Sizes) -> bool:
    """Whether a line is in small or slanting letters, or alone in the middle."""
    while node is not root:
        style = (node.get("style") or "")[:1000]
        small = node.tag == "font" and (node.get("size") or "") in ("1", "2", "-1")
        if node.tag in _SMALL or small or _STYLE.search(style):
            return True
        if node.tag in markup.BLOCKS:
            centred = node.get("align") == "center" or _CENTRE.search(style)
            return bool(centred) and sizes[node].text <= LONGEST
        above = node.getparent()
        if above is None:
            return False
        node = above
    return False


def _may_be(blocks: Sequence[Block], one: Candidate) -> bool:
    block = blocks[one.block]
    text = block.text
    if block.kind is not BlockKind.PARAGRAPH or (not text[0].isalnum() and text[0] not in '«“"('):
        return False
    if _is_labelled(text):
        return True
    if one.bold and not one.framed:
        return False  # a heading
    if len(text) > LONGEST or text[-1] in ":;,!?…" or text[0].islower() or text[0].isdigit():
        return False
    if text[-1] == ".":
        return (one.framed or one.dressed) and ". " not in text and not _has_verb(text)
    return True


def _goes_on(blocks: Sequence[Block], places: Sequence[int], place: int) -> bool:
    """Whether the story, a picture or nothing follows a line: no list, poem or programme."""
    if place + 1 >= len(blocks) or place + 1 in places:
        return True
    after = blocks[place + 1]
    if _is_item(after) and _parts_list(blocks, place):
        return True
    return len(after.text) >= STORY or after.kind is BlockKind.HEADING or after.text[-1] in ".!?:"


def _parts_list(blocks: Sequence[Block], place: int) -> bool:
    """Whether a line stands below a part of a list, or below what announces one."""
    before = blocks[place - 1] if place else None
    return before is not None and (_is_item(before) or before.text[-1] == ":")


def _is_item(block: Block) -> bool:
    """Whether a block belongs to a list by its kind, its number or mark, or its small letter."""
    first = block.text[0]
    return block.kind is BlockKind.ITEM or first.isdigit() or first.islower() or first in "-–—•*"


def _is_told(text: str, alt: str) -> bool:
    """Whether a line says what it is, or says what the picture's alternative text says."""
    if _is_labelled(text):
        return True
    words, known = set(_roots(text)), set(_roots(alt))
    return len(words) > 1 and 3 * len(words & known) >= 2 * len(words)


def _is_labelled(text: str) -> bool:
    label = text.lower()
    return len(text) <= LABELLED and any(label.startswith(one) for one in _words("labels"))


def _is_plain(blocks: Sequence[Block], place: int) -> bool:
    """Whether a line that nothing else speaks for is short and tells nothing: has no verb."""
    text = blocks[place].text
    if len(text) > LONGEST_PLAIN or len(text.split()) > MOST_WORDS or _has_verb(text):
        return False
    if place == 0 or blocks[place - 1].text[-1] in '.!?…»”":':
        return True
    return _parts_list(blocks, place) and place + 1 < len(blocks) and _is_item(blocks[place + 1])


def _has_verb(text: str) -> bool:
    """Whether a word has the ending of a finite verb, a Kazakh one at the end of the line."""
    words = [word.lower() for word in _WORD.findall(text)]
    if not words:
        return False
    return words[-1].endswith(_words("last")) or any(
        len(word) > ROOT and word.endswith(_words("any")) for word in words
    )


def _roots(text: str) -> Iterator[str]:
    return (word.lower()[:ROOT] for word in _WORD.findall(text[:500]))


@cache
def _words(name: str) -> tuple[str, ...]:
    told = (files("crawler") / "data" / "markup.toml").read_text("utf-8")
    return tuple(tomllib.loads(told)["captions"][name])
