"""Cleaners that know boilerplate by its wording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from crawler.clean.rules import LONGEST, Rule, is_institution, matches, told
from crawler.clean.story import folded, is_story, story_range, without
from crawler.model import Block, BlockKind, Draft, Removal

FORM = frozenset(("comment form", "captcha"))
COMMENTS = "comments"
BELOW_NAMES = frozenset(("contacts", "working hours", "copyright"))
STORY_BEFORE = 200  # characters that must stand above the heading of comments
MOST_COMMENTS = 1.0  # times the text above it: more below is rather the story
SHORTEST_REPEATED = 4  # characters
LONGEST_LEFTOVER = 60

_FIELDS = re.compile(r"\s?[|•·]\s?")
PATTERNS = (_FIELDS,)


def drop_repeated(draft: Draft, repeated: frozenset[str]) -> Draft:
    """Blocks that stand on most pages of the site (`repeated`, as text) are not this story's."""
    if not repeated:
        return draft
    known = {folded(text) for text in repeated}
    title = folded(draft.title or "")
    found = {
        place: "stands on most pages of the site"
        for place, block in enumerate(draft.blocks)
        if len(block.text) >= SHORTEST_REPEATED
        and folded(block.text) in known
        and folded(block.text) != title
    }
    return without(draft, found)


def drop_comments(draft: Draft, repeated: frozenset[str]) -> Draft:
    """The heading of readers' comments or of their form below the story, and all that follows."""
    lengths = [len(block.text) for block in draft.blocks]
    for place, block in enumerate(draft.blocks):
        above, below = sum(lengths[:place]), sum(lengths[place + 1 :])
        if above < STORY_BEFORE or below > MOST_COMMENTS * above or not _begins_comments(block):
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


def drop_worded(draft: Draft, repeated: frozenset[str]) -> Draft:
    """Lines that a rule of boilerplate.toml matches where it holds; authors go to the record."""
    start, end = _range(draft)
    found: dict[int, str] = {}
    author = draft.author
    for place, block in enumerate(draft.blocks):
        for rule, match in _readings(block.text):
            if rule.holds_at(place, start, end):
                found[place] = rule.reason
                author = author or told(match, "author")
                break
    found |= _form_leftovers(draft.blocks, found)
    found |= _names_over_contacts(draft.blocks, found, end)
    return replace(without(draft, found), author=author)


def _readings(text: str) -> Iterator[tuple[Rule, re.Match[str]]]:
    """The rules a line matches; of several fields in a line, if each matches one, the last's."""
    yield from matches(text)
    fields = _FIELDS.split(text) if len(text) <= LONGEST else []
    if len(fields) > 1:
        each = [list(matches(field.strip())) for field in fields if field.strip()]
        if each and all(each):
            yield from each[-1]


def _range(draft: Draft) -> tuple[int, int]:
    """The story's range, lines that are boilerplate anywhere left out of account."""
    blocks = [
        Block("") if is_story(block) and _is_worded(block) else block for block in draft.blocks
    ]
    return story_range([block if block.text else Block("-") for block in blocks])


def _is_worded(block: Block) -> bool:
    return block.kind is not BlockKind.ROW and bool(matches(block.text))


def _form_leftovers(blocks: tuple[Block, ...], found: dict[int, str]) -> dict[int, str]:
    """Labels between the lines of a form: short, unended lines after its first line."""
    lines = [place for place, reason in found.items() if reason in FORM]
    if len(lines) < 2:
        return {}
    between = range(min(lines), max(lines))
    return {
        place: "comment form"
        for place in between
        if place not in found
        and len(blocks[place].text) <= LONGEST_LEFTOVER
        and not is_story(blocks[place])
    }


def _names_over_contacts(
    blocks: tuple[Block, ...], found: dict[int, str], end: int
) -> dict[int, str]:
    """Institutions' names below the story whose next line is an address, a telephone or ©."""
    return {
        place: "masthead"
        for place in range(end, len(blocks) - 1)
        if found.get(place + 1) in BELOW_NAMES
        and place not in found
        and is_institution(blocks[place].text)
    }


def removals(draft: Draft, reason: str) -> tuple[Removal, ...]:
    """What was removed for a reason."""
    return tuple(removal for removal in draft.removed if removal.reason == reason)
