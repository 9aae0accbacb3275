"""What stands below a story under a heading of its own: readers' comments, other stories."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from crawler.clean.rules import matches
from crawler.clean.story import folded, sentences, without
from crawler.clean.wordlists import (
    comment_headings,
    comment_signs,
    list_names,
    related_headings,
    related_line,
    reported_speech,
)
from crawler.model import Block, BlockKind, Draft

COMMENTS = "comments"
RELATED = "related"
STORY_BEFORE = 80  # characters that must stand above such a heading
MOST_COMMENTS = 1.0  # times the text above it: more below is rather the story
MOST_SIGNED = 3.0  # the same where the lines are plainly readers'
LONGEST_HEADING = 70
LONGEST_TITLE = 200  # of another story
LONGEST_EXCERPT = 300
MOST_INSIDE = 6  # lines under such a heading in the middle of a story


def drop_comments(draft: Draft, repeated: frozenset[str]) -> Draft:
    """The heading of readers' comments or of their form below the story, and all that follows."""
    sums = list(accumulate((len(block.text) for block in draft.blocks), initial=0))
    for place, block in enumerate(draft.blocks):
        above, below = sums[place], sums[-1] - sums[place + 1]
        if above < STORY_BEFORE or len(block.text) > LONGEST_TITLE:
            continue
        plain = below <= MOST_COMMENTS * above and _begins_comments(block)
        if not plain and not (
            below <= MOST_SIGNED * above and _is_heading_of_comments(draft.blocks, place)
        ):
            continue
        rest = range(place, len(draft.blocks))
        return without(draft, {one: _reason_below(draft.blocks[one]) for one in rest})
    return draft


def _reason_below(block: Block) -> str:
    """What a line below the heading of comments is: what its wording says, else a comment."""
    reasons = (rule.reason for rule, _ in matches(block.text) if rule.where == "anywhere")
    return next(reasons, COMMENTS)


def _begins_comments(block: Block) -> bool:
    return any(rule.reason == COMMENTS for rule, _ in matches(block.text))


def _is_heading_of_comments(blocks: Sequence[Block], place: int) -> bool:
    """Whether a bare «Пікірлер» is followed by what readers wrote, not by the story's own words."""
    text = blocks[place].text
    if len(text) > LONGEST_HEADING or not comment_headings().match(text):
        return False
    below = [block.text for block in blocks[place + 1 :]]
    written = [text for text in below if not _is_widget(text)]
    if not written:
        return True
    signed = [comment_signs().match(text[:500]) is not None for text in written]
    if any(reported_speech().search(text[:1000]) for text in written):
        return False
    return signed[0] and sum(signed) * 2 >= len(signed)


def _is_widget(text: str) -> bool:
    return any(rule.where in ("anywhere", "tail") for rule, _ in matches(text))


def drop_related(draft: Draft, repeated: frozenset[str]) -> Draft:
    """Headings such as «Читайте также» with the titles below them, and lines that name a story."""
    linked = {folded(link.text) for link in draft.links}
    found: dict[int, str] = {}
    above = 0
    for place, block in enumerate(draft.blocks):
        if place not in found and len(block.text) <= LONGEST_TITLE:
            if above >= STORY_BEFORE:
                found |= dict.fromkeys(_related(draft.blocks, place, linked), RELATED)
            elif _heads(draft.blocks, place):
                found[place] = RELATED
        above += len(block.text)
    return without(draft, found)


def _related(blocks: Sequence[Block], place: int, linked: set[str]) -> range:
    """The places of a heading of other stories and of their titles; none for any other line."""
    text, none = blocks[place].text, range(0)
    named = related_line().match(text)
    if named:
        is_link = folded(named["title_0"]) in linked
        return range(place, place + 1) if is_link else none
    if not _heads(blocks, place):
        return none
    end = place + 1
    while end < len(blocks) and _is_other_title(blocks[end], linked):
        end += 1
    if end == len(blocks) or _are_excerpts(blocks, place):
        return range(place, len(blocks))
    inside = blocks[place + 1 : end]
    known = inside and len(inside) <= MOST_INSIDE
    links = all(folded(block.text) in linked for block in inside)
    return range(place, end) if known and links else none


def _heads(blocks: Sequence[Block], place: int) -> bool:
    """Whether a line is the heading of a list of other stories."""
    text = blocks[place].text
    return len(text) <= LONGEST_HEADING and related_headings().match(text) is not None


def _is_other_title(block: Block, linked: set[str]) -> bool:
    text = block.text
    if len(text) > LONGEST_TITLE or block.kind is BlockKind.QUOTE:
        return False
    cut = text.endswith(("...", "…", "]"))
    return folded(text) in linked or cut or text[-1] not in ".:;," or bool(matches(text))


def _are_excerpts(blocks: Sequence[Block], place: int) -> bool:
    """Whether all below a list's heading are beginnings of stories, of a sentence or two each."""
    heading, below = blocks[place], blocks[place + 1 :]
    if heading.kind is not BlockKind.HEADING or not list_names().search(heading.text):
        return False
    if len(below) > MOST_INSIDE or _size(below) > _size(blocks[:place]):
        return False
    return all(
        len(block.text) <= LONGEST_EXCERPT
        and (_is_other_title(block, set()) or sentences(block.text) <= 2)
        for block in below
    )


def _size(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks)
