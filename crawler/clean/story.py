"""Where a draft's story begins and ends, and taking blocks out of it with a reason."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from crawler.model import Block, BlockKind, Draft, Removal

LONG = 80  # characters; a block that long belongs to the story
SENTENCE = 40  # characters; so does one that long that ends like a sentence

ENDINGS = '.!?…:;»”")'
_INITIAL = re.compile(r"(?:^|[\s(«])[^\W\d_]\.\s?(?:[^\W\d_]\.)?")
_SENTENCE_END = re.compile(r"[^\W_][.!?…][»”\")]?\s+[«“\"(]?[^\W\d_]")
PATTERNS = (_INITIAL, _SENTENCE_END)


def folded(text: str) -> str:
    """Text for comparing: single blanks, small letters, no marks at the ends."""
    return " ".join(text.split()).lower().strip(" .!?…:;,|-–—«»\"'“”()[]")


def is_story(block: Block) -> bool:
    """Whether a block is by its length or its ending a paragraph of the story."""
    text = block.text
    return len(text) >= LONG or (len(text) >= SENTENCE and text[-1] in ENDINGS)


def story_range(blocks: Collection[Block]) -> tuple[int, int]:
    """Places of the first story block and after the last; (n, 0) when there is none of n."""
    places = [place for place, block in enumerate(blocks) if is_story(block)]
    return (places[0], places[-1] + 1) if places else (len(blocks), 0)


def sentences(text: str) -> int:
    """About how many sentences a text has; initials of names do not end one."""
    return 1 + len(_SENTENCE_END.findall(_INITIAL.sub(" ", text)))


def is_title_like(block: Block) -> bool:
    """Whether a first block could be the title: one sentence of at most 200 characters."""
    text = block.text
    if block.kind in (BlockKind.ITEM, BlockKind.ROW) or not 5 <= len(text) <= 200:
        return False
    if text[0].islower() or sentences(text) > 1 or text[-1] in ":;,":
        return False
    return not (text[-1] == "." and (len(text) > 130 or text[0].isdigit()))


def without(draft: Draft, reasons: Mapping[int, str]) -> Draft:
    """The draft less the blocks at these places, each kept as a removal with its reason."""
    if not reasons:
        return draft
    kept = tuple(block for place, block in enumerate(draft.blocks) if place not in reasons)
    gone = tuple(Removal(draft.blocks[place].text, reasons[place]) for place in sorted(reasons))
    return replace(draft, blocks=kept, removed=(*draft.removed, *gone))


def with_texts(draft: Draft, texts: Mapping[int, str], reason: str) -> Draft:
    """The draft with shorter texts at these places; what was cut off is kept as removals."""
    blocks, gone = list(draft.blocks), []
    for place, text in sorted(texts.items()):
        old = blocks[place]
        gone.append(Removal(_cut(old.text, text), reason))
        blocks[place] = replace(old, text=text)
    kept = tuple(block for block in blocks if block.text)
    return replace(draft, blocks=kept, removed=(*draft.removed, *gone))


def _cut(old: str, new: str) -> str:
    """What is missing from `old` when `new` is its beginning or its end; else all of `old`."""
    if new and old.startswith(new):
        return old[len(new) :].strip()
    if new and old.endswith(new):
        return old[: -len(new)].strip()
    return old
