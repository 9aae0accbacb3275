"""Lines that are nothing but words of buttons, fields and notes of a site."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from crawler.clean.rules import MOST_KNOWN
from crawler.clean.wordlists import button_words

LONGEST = 130  # characters
MOST_WORDS = 14
SURE = 3  # core words in a line that ends like a sentence

_WORD = re.compile(r"[^\W\d_]{1,40}(?:-[^\W\d_]{1,40}){0,3}")
PATTERNS = (_WORD,)


def is_button(text: str) -> bool:
    """Whether every word of a short line is a site's own and one at least tells of a button."""
    return len(text) <= LONGEST and _is_button(text.lower())


@lru_cache(maxsize=MOST_KNOWN)
def _is_button(text: str) -> bool:
    words = _WORD.findall(text)
    if not 0 < len(words) <= MOST_WORDS:
        return False
    core = sum(_holds("core", word) for word in words)
    if core < (SURE if text[-1] == "." else 1):
        return False
    return all(_holds("core", word) or _holds("also", word) for word in words)


def _holds(kind: str, word: str) -> bool:
    whole, stems = _vocabulary(kind)
    return word in whole or word.startswith(stems)


@cache
def _vocabulary(kind: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Whole words, and beginnings of words (written with a hyphen after them)."""
    words = button_words(kind)
    stems = tuple(word[:-1] for word in words if word.endswith("-"))
    return frozenset(word for word in words if not word.endswith("-")), stems
