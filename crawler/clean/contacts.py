"""The site's own contacts and hours; an invitation's place and time are the story's."""

from __future__ import annotations

import re

from crawler.clean.rules import Rule, is_institution, matches
from crawler.clean.signatures import is_department
from crawler.clean.story import is_story, without
from crawler.clean.surroundings import invites, worded_range
from crawler.model import Block, BlockKind, Draft

FOOTER = frozenset(("contacts", "working hours", "copyright"))
SITE_KINDS = 3  # kinds of contacts that together are a site's, whatever the story says

_KINDS = (
    re.compile(r"@"),
    re.compile(r"©|бсн|бин|\b\d{6}\b", re.I),
    re.compile(r"\+?[78][ (-]{0,2}\d{3}|\btel\b|\bтел", re.I),
    re.compile(r"мекен|адрес|address|📍|көше|\bул\.", re.I),
    re.compile(r"жұмыс|режим|график|демалыс|выходн|hours|\d[:.]\d\d ?[–-]", re.I),
    re.compile(r"www\.|https?:|\.kz\b", re.I),
)
PATTERNS = _KINDS


def drop_footer(draft: Draft, repeated: frozenset[str]) -> Draft:
    """Addresses, telephones and hours of the site; those of what the story invites to stay."""
    start, end = worded_range(draft)
    tail = range(end if start < end else len(draft.blocks), len(draft.blocks))
    found: dict[int, str] = {}
    for places in (range(min(start, tail.start)), tail):
        lines = [place for place in places if _is_contact(draft.blocks[place])]
        names = [place for place in places if _is_name_over(draft.blocks, place)]
        if not lines:
            last = len(draft.blocks) - 1
            found |= {place: "masthead" for place in names if names == [last] == [place]}
            continue
        listed = places is tail and _ends_a_list(draft.blocks, lines[0])
        stays = listed or invites(draft, start, end)
        if not stays or _is_sites_own(draft, lines, names):
            found |= dict.fromkeys(names, "masthead")
            found |= {place: _reason(draft.blocks[place]) for place in lines}
    return without(draft, found)


def _ends_a_list(blocks: tuple[Block, ...], place: int) -> bool:
    """Whether a line goes on a list of the story's: a programme, details of an event."""
    above = blocks[place - 1] if place else None
    return above is not None and not is_story(above) and not matches(above.text)


def _footer_rules(block: Block) -> list[Rule]:
    if block.kind is BlockKind.ROW:
        return []
    return [rule for rule, _ in matches(block.text) if rule.where == "footer"]


def _is_contact(block: Block) -> bool:
    return bool(_footer_rules(block))


def _reason(block: Block) -> str:
    return _footer_rules(block)[0].reason


def _is_name_over(blocks: tuple[Block, ...], place: int) -> bool:
    """Whether a line is an institution's name, below a sentence or over a contact."""
    block = blocks[place]
    if block.kind is BlockKind.ITEM or not is_institution(block.text) or matches(block.text):
        return False
    over = place + 1 < len(blocks) and any(
        rule.reason in FOOTER for rule, _ in matches(blocks[place + 1].text)
    )
    alone = place + 1 == len(blocks) and place > 0 and blocks[place - 1].text[-1] in ".!?»…"
    alone = alone and not is_department(block.text)  # which signs the story
    return over or alone


def _is_sites_own(draft: Draft, lines: list[int], names: list[int]) -> bool:
    """Whether the lines have so much in them that they are how to reach the site's owner."""
    told = " ".join(draft.blocks[place].text for place in lines)
    kinds = sum(kind.search(told) is not None for kind in _KINDS)
    return kinds >= SITE_KINDS or (bool(names) and kinds > 1)
