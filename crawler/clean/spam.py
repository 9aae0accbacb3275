"""Spam that was put into a page: advertising in another script, or one that sells and links."""

from __future__ import annotations

import re

from crawler.clean.story import without
from crawler.clean.wordlists import spam_words
from crawler.model import Block, Draft

LONGEST = 2_000  # characters of a block that are looked at
FEWEST_WORDS = 2  # words of spam in a block that is one
DENSE = 0.15  # their share in a block of the story's own script, beside a link

_WORD = re.compile(r"[a-z0-9][a-z0-9-]*")
_ADDRESS = re.compile(
    r"https?://|www\.|\b[a-z0-9-]{2,40}\.(?:com|net|org|ru|info|xyz|top|site|online|bet|club|biz)\b"
)
PATTERNS = (_WORD, _ADDRESS)


def drop_spam(draft: Draft, repeated: frozenset[str]) -> Draft:
    """Blocks that advertise casinos, pills or essays, judged by words, script and links."""
    counted = {place: _spam_words(block) for place, block in enumerate(draft.blocks)}
    doubtful = {place: words for place, words in counted.items() if words >= FEWEST_WORDS}
    if not doubtful:
        return draft
    cyrillic = sum(_is_cyrillic(block.text) for block in draft.blocks) * 2 > len(draft.blocks)
    links = [link.text.lower() for link in draft.links if link.text]
    found = {
        place: "spam"
        for place, words in doubtful.items()
        if (cyrillic and not _is_cyrillic(draft.blocks[place].text))
        or _sells(draft.blocks[place], words, links)
    }
    return without(draft, found)


def _spam_words(block: Block) -> int:
    text = block.text[:LONGEST].lower()
    known, words = spam_words("latin"), _WORD.findall(text)
    latin = 0 if known.isdisjoint(words) else sum(word in known for word in words)
    return latin + sum(text.count(word) for word in spam_words("cyrillic") if word in text)


def _is_cyrillic(text: str) -> bool:
    letters = [char for char in text[:LONGEST].lower() if char.isalpha()]
    return sum("а" <= char <= "ӿ" for char in letters) * 2 > len(letters)


def _sells(block: Block, words: int, links: list[str]) -> bool:
    """Whether a block in the story's own script is dense with such words and has a link."""
    text = block.text[:LONGEST].lower()
    linked = _ADDRESS.search(text) is not None or any(link in text for link in links)
    return linked and words / max(len(text.split()), 1) >= DENSE
