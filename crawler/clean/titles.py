"""The title, what stands above it, and headings that nothing follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from crawler.clean.rules import is_institution
from crawler.clean.story import ENDINGS, folded, is_story, is_title_like, without
from crawler.clean.wordlists import endings
from crawler.model import Block, BlockKind, Draft

MOST_LINES = 6  # of a masthead
LONGEST_DANGLING = 40  # characters
MOST_WORDS = 4
MOST_ABOVE = 0.6  # part of the text that may stand above the title and go
SHORTEST_BEFORE = 25  # characters of the sentence before a heading that nothing follows
SENTENCE_TITLE = 1.5  # times its length a paragraph follows a title that ends in a full stop

_NAME = re.compile(
    r"\A[^\W\d_]{2,30}(?:\s[^\W\d_]\.\s?(?:[^\W\d_]\.)?|(?:\s[^\W\d_]{2,30}){1,2})\Z"
)
# uCoz sets the time before the title and the ends of empty cells after it.
_AROUND_TITLE = re.compile(r"\A\d{1,2}:\d\d\s{1,3}|(?:\s?\|){1,9}\s?\Z")
PATTERNS = (_NAME, _AROUND_TITLE)


def drop_masthead(draft: Draft, repeated: frozenset[str]) -> Draft:
    """Names of institutions above the story, on one line or broken over several."""
    found: dict[int, str] = {}
    below = int(draft.title is None and _is_title_over_name(draft.blocks))
    for start, end in _mastheads(draft.blocks, below):
        rest = draft.blocks[end:]
        has_title = below or draft.title is not None or (rest and is_title_like(rest[0]))
        if has_title and folded(_line(draft.blocks[start:end])) != folded(draft.title or ""):
            found |= dict.fromkeys(range(start, end), "masthead")
    return without(draft, found)


def _is_title_over_name(blocks: tuple[Block, ...]) -> bool:
    """Whether a text begins with its title and the name of an institution below that."""
    return bool(blocks) and is_title_like(blocks[0]) and not is_institution(blocks[0].text)


def _mastheads(blocks: tuple[Block, ...], start: int) -> Iterator[tuple[int, int]]:
    """Ranges of leading lines, from `start`, that together are an institution's name."""
    while start < len(blocks):
        ends = range(start + 1, min(start + MOST_LINES, len(blocks)) + 1)
        end = next((end for end in ends if _is_institution(blocks[start:end])), None)
        if end is None:
            return
        yield start, end
        start = end


def _line(blocks: tuple[Block, ...]) -> str:
    return " ".join(block.text for block in blocks)


def _is_institution(blocks: tuple[Block, ...]) -> bool:
    if any(block.text[-1] in ".!?:;," or block.kind is BlockKind.ITEM for block in blocks):
        return False
    return is_institution(_line(blocks))


def find_title(draft: Draft, repeated: frozenset[str]) -> Draft:
    """A text's title is its first line that could be one, when a story follows it."""
    if draft.title is not None or len(draft.blocks) < 2:
        return draft
    first, second = draft.blocks[:2]
    if not is_title_like(first) or not any(is_story(block) for block in draft.blocks[1:]):
        return draft
    if first.text[-1] == "." and len(second.text) < SENTENCE_TITLE * len(first.text):
        return draft
    return replace(draft, title=first.text, blocks=draft.blocks[1:])


def drop_above_title(draft: Draft, repeated: frozenset[str]) -> Draft:
    """What stands above the heading that is the title: a column beside the story, a menu."""
    title = folded(draft.title or "")
    places = (
        place
        for place, block in enumerate(draft.blocks)
        if block.kind is BlockKind.HEADING and folded(block.text) == title
    )
    place = next(places, 0) if title else 0
    sizes = [len(block.text) for block in draft.blocks]
    if sum(sizes[:place]) > MOST_ABOVE * sum(sizes):
        return draft
    return without(draft, dict.fromkeys(range(place), "above the title"))


def drop_title_again(draft: Draft, repeated: frozenset[str]) -> Draft:
    """The title standing once more above the text, or as a heading in it."""
    title = folded(draft.title or "")
    if not title:
        return draft
    found = {
        place: "title again"
        for place, block in enumerate(draft.blocks)
        if (place < 3 or block.kind is BlockKind.HEADING)
        and folded(_AROUND_TITLE.sub("", block.text)) == title
    }
    return without(draft, found)


def drop_dangling(draft: Draft, repeated: frozenset[str]) -> Draft:
    """A heading that nothing follows, and a lone name at the end, which is the author's."""
    last = draft.blocks[-1] if len(draft.blocks) > 1 else None
    if last is None or not _is_dangling(last, draft.blocks[-2]):
        return draft
    place = len(draft.blocks) - 1
    is_name = last.text.istitle() and _NAME.fullmatch(last.text) is not None
    if is_name and draft.author is None:
        return replace(without(draft, {place: "author line"}), author=last.text)
    return drop_dangling(without(draft, {place: "heading without text"}), repeated)


def _is_dangling(last: Block, before: Block) -> bool:
    text = last.text
    if text[-1] in ENDINGS or last.kind in (BlockKind.ITEM, BlockKind.ROW, BlockKind.QUOTE):
        return False
    if last.kind is BlockKind.HEADING:
        return True
    short = len(text) <= LONGEST_DANGLING and len(text.split()) <= MOST_WORDS
    plain = not any(char.isdigit() or char in "#@:" for char in text)
    plain = plain and not text.lower().endswith(endings())
    follows = len(before.text) >= SHORTEST_BEFORE and before.text[-1] in ".!?…»"
    return short and plain and follows
