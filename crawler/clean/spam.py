"""Spam that was put into a page: advertising in another script, or one that sells and links."""

from __future__ import annotations

import re

from crawler.clean.story import without
from crawler.clean.wordlists import spam_words
from crawler.model import Block, Draft

LONGEST = 2_000  # characters of a block that are looked at
WORDS_ALONE = 2  # words of spam that convict a line in another script than the story's
WORDS_LINKED = 2  # words of spam beside a link in the story's own script
DENSE = 0.15  # share of such words in a text that has no link

_WORD = re.compile(r"[a-z0-9][a-z0-9-]*")
_ADDRESS = re.compile(
    r"https?://|www\.|\b[a-z0-9-]{2,40}\.(?:com|net|org|ru|info|xyz|top|site|online|bet|club|biz)\b"
)
PATTERNS = (_WORD, _ADDRESS)


def drop_spam(draft: Draft, repeated: frozenset[str]) -> Draft:
    """Blocks that advertise casinos, pills or essays, judged by words, script and links."""
    cyrillic = sum(_is_cyrillic(block.text) for block in draft.blocks) * 2 > len(draft.blocks)
    links = [link.text.lower() for link in draft.links if link.text]
    found = {
        place: "spam"
        for place, block in enumerate(draft.blocks)
        if _is_spam(block, cyrillic=cyrillic, links=links)
    }
    return without(draft, found)


def _is_cyrillic(text: str) -> bool:
    letters = [char for char in text[:LONGEST].lower() if char.isalpha()]
    return sum("а" <= char <= "ӿ" for char in letters) * 2 > len(letters)


def _is_spam(block: Block, *, cyrillic: bool, links: list[str]) -> bool:
    text = block.text[:LONGEST].lower()
    words = _WORD.findall(text)
    latin = sum(word in spam_words("latin") for word in words)
    native = sum(text.count(word) for word in spam_words("cyrillic"))
    if latin + native < WORDS_ALONE:
        return False
    foreign = cyrillic and not _is_cyrillic(text)
    if foreign and (latin >= WORDS_ALONE or native):
        return True
    linked = _ADDRESS.search(text) is not None or any(link in text for link in links)
    share = (latin + native) / max(len(text.split()), 1)
    return share >= DENSE and linked and latin + native >= WORDS_LINKED
