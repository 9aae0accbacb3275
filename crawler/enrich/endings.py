"""Endings of Kazakh and Russian nouns: is this word that name, and in which case?

Only what is needed to find and restore names; the search has its own analysis of words.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from crawler.enrich.wordlists import wordlist

NOMINATIVE = "nominative"


@cache
def _kazakh() -> re.Pattern[str]:
    table = wordlist("endings")["kk"]
    plural = "|".join(table["plural"])
    possessive = "|".join(sorted(table["possessive"], key=len, reverse=True))
    cases = "|".join(f"(?P<{name}>{'|'.join(ends)})" for name, ends in table["case"].items())
    return re.compile(f"(?:{plural})?(?:{possessive})?(?:{cases})?\\Z")


@lru_cache(maxsize=8192)
def kazakh_case(ending: str) -> str | None:
    """The case (`genitive`, `locative`, ... or `nominative`) of what follows a Kazakh stem.

    None when the letters are no chain of nominal endings.
    """
    if len(ending) > 12:
        return None
    match = _kazakh().match(ending)
    if match is None:
        return None
    return match.lastgroup or NOMINATIVE


@cache
def kazakh_case_endings(case: str) -> tuple[str, ...]:
    """The endings of one case, the longest first."""
    return tuple(sorted(wordlist("endings")["kk"]["case"][case], key=len, reverse=True))


@cache
def russian_endings() -> frozenset[str]:
    """What may follow a Russian stem."""
    return frozenset(wordlist("endings")["ru"]["endings"])


@lru_cache(maxsize=8192)
def russian_stem(word: str) -> str:
    """The word without its ending; at least three letters stay."""
    for length in (3, 2, 1):
        if len(word) - length >= 3 and word[-length:] in russian_endings():
            return word[:-length]
    return word


def kazakh_stems(word: str) -> tuple[str, ...]:
    """The stems that endings are put to: as before an ending a last letter is written."""
    soft = {"қ": "ғ", "к": "г", "п": "б"}.get(word[-1:])
    if soft is not None:
        return (word, word[:-1] + soft)
    if word.endswith("ь"):
        return (word, word[:-1])
    doubled = len(word) > 3 and word[-1] == word[-2]
    return (word, word[:-1]) if doubled else (word,)


def russian_stems(word: str) -> tuple[str, ...]:
    """The stem, and a second one where the word gains or loses a vowel (выставка, выставок)."""
    stem = russian_stem(word)
    other = wordlist("endings")["ru"]["alternates"].get(word)
    if other is None and word.endswith("ка") and len(word) > 4:
        other = stem[:-1] + "ок"
    return (stem,) if other is None or other == stem else (stem, other)
