"""Where a story begins and ends when what is worded like boilerplate is left out of account."""

from __future__ import annotations

from crawler.clean.buttons import is_button
from crawler.clean.rules import is_institution, matches
from crawler.clean.story import is_story, story_range
from crawler.clean.wordlists import invitation
from crawler.model import Block, BlockKind, Draft

TOLD = 3  # last paragraphs of a story in which it may invite


def worded_range(draft: Draft) -> tuple[int, int]:
    """The story's range; lines that a rule knows and institutions' names do not bound it."""
    return story_range(
        [Block("-") if is_story(block) and _is_worded(block) else block for block in draft.blocks]
    )


def _is_worded(block: Block) -> bool:
    if block.kind is BlockKind.ROW:
        return False
    return bool(matches(block.text)) or is_institution(block.text) or is_button(block.text)


def invites(draft: Draft, start: int, end: int) -> bool:
    """Whether the story's title, its last paragraphs or the lines below ask readers to come."""
    last = [block.text for block in draft.blocks[max(start, end - TOLD) :]]
    told = " ".join([draft.title or "", *last]).lower()
    return any(word in told for word in invitation("words"))
