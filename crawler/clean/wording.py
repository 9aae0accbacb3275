"""Cleaners that know boilerplate by its wording."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from crawler.clean.buttons import is_button
from crawler.clean.rules import LONGEST, Rule, matches, told
from crawler.clean.story import folded, is_story, without
from crawler.clean.surroundings import invites, worded_range
from crawler.clean.wordlists import accounts, invitation
from crawler.model import Block, BlockKind, Draft, Removal

FORM = frozenset(("comment form", "captcha"))
DATE = "date line"
DETAILS = frozenset((DATE, "author line"))
SHORTEST_REPEATED = 4  # characters
LONGEST_LEFTOVER = 60

_FIELDS = re.compile(r"\s?[|•·]\s?|\s/\s")
_INITIAL_END = re.compile(r"(?<![^\W_])[^\W\d_]\Z")
_HOUR = re.compile(r"\b(?:сағат|часов|начало|at) ?\d|\d\d[:.]\d\d-?(?:де|да|ден|дан)\b", re.I)
_CREDIT = re.compile(r"[,;|(/]\s?(?:фото|сурет|видео)", re.I)  # of the pictures, after the author
PATTERNS = (_FIELDS, _INITIAL_END, _HOUR, _CREDIT)


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


def drop_worded(draft: Draft, repeated: frozenset[str]) -> Draft:
    """Lines that a rule of boilerplate.toml matches where it holds; authors go to the record."""
    start, end = worded_range(draft)
    is_invited = cache(lambda: invites(draft, start, end))
    found: dict[int, str] = {}
    author = draft.author
    for place, block in enumerate(draft.blocks):
        for rule, match in _readings(block.text):
            if not rule.holds_at(place, start, end):
                continue
            if not _is_detail(draft.blocks, place, rule, is_invited if place >= end else None):
                found[place] = rule.reason
                author = author or _person(match) or _author_beside(block.text)
                break
    found |= _form_leftovers(draft.blocks, found)
    return replace(without(draft, found), author=author)


def _author_beside(text: str) -> str | None:
    """The author in one of several fields of a line: «5 қазан 2023 | Автор: ... | Қаралым: 45»."""
    fields = _FIELDS.split(text) if len(text) <= LONGEST else []
    told = (match for field in fields[:8] for _, match in matches(field.strip()))
    return next(filter(None, map(_person, told)), None) if len(fields) > 1 else None


def _person(match: re.Match[str]) -> str | None:
    """The author that a line names, unless that is the name of an account."""
    name = _CREDIT.split(told(match, "author") or "", maxsplit=1)[0].strip(" .,:;–—-")
    if _INITIAL_END.search(name):
        name += "."
    return None if name.lower().strip(".") in accounts() else name or None


def _is_detail(
    blocks: Sequence[Block], place: int, rule: Rule, is_invited: Callable[[], bool] | None
) -> bool:
    """Whether a date or an author is one of several details of an event or of a book.

    `is_invited`, below a story, tells whether that invites its readers.
    """
    if rule.reason not in DETAILS:
        return False
    beside = (*blocks[max(place - 2, 0) : place], *blocks[place + 1 : place + 3])
    heads = [block.text.partition(":")[0].lower() for block in beside if ":" in block.text]
    if any(head.strip() in invitation("labels") for head in heads):
        return True
    if rule.reason != DATE or is_invited is None or not _HOUR.search(blocks[place].text):
        return False
    return is_invited()


def _readings(text: str) -> Iterator[tuple[Rule, re.Match[str]]]:
    """The rules a line matches; of several fields in a line, if each matches one, the last's."""
    yield from matches(text)
    fields = _FIELDS.split(text) if len(text) <= LONGEST else []
    if len(fields) > 1:
        each = [list(matches(field.strip())) for field in fields if field.strip()]
        if each and all(each):
            yield from each[-1]


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


def drop_buttons(draft: Draft, repeated: frozenset[str]) -> Draft:
    """Before and after the story: lines all of whose words are a site's (`[buttons]`)."""
    start, end = worded_range(draft)
    found = {
        place: "button"
        for place, block in enumerate(draft.blocks)
        if (place < start or place >= end)
        and block.kind is not BlockKind.ROW
        and is_button(block.text)
    }
    return without(draft, found)


def removals(draft: Draft, reason: str) -> tuple[Removal, ...]:
    """What was removed for a reason."""
    return tuple(removal for removal in draft.removed if removal.reason == reason)
