"""How words begin that may have a term of a question: a pattern that finds them in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from indexer.kazakh.letters import fold
from indexer.look_alikes import look_alikes_of
from indexer.spelling import letters_like

LONG_STEM = 5
CHANGING = 3  # letters at the end of a stem that its word may have otherwise (two in Kazakh)

_SIGNS = "[ъь]?"  # which `fold` drops
_LOOKED_FOR = 3  # letters of a pattern; of more it takes longer to make
_JOINERS = r"\-‐‑'’ʼ"
# What stands inside a word, soft hyphens and other invisible marks among it.
_INNER = r"[\w\u00ad\u200b-\u200f\u2060\ufeff]"
_REST_OF_WORD = re.compile(rf"{_INNER}*(?:[{_JOINERS}]{_INNER}+)*")


def beginnings_pattern(terms: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern of how words begin that may have one of the terms; None for no terms.

    It begins with the letters that such a word may begin with, for which `re` looks quickly. What
    may follow in a word is the same for all questions and compiled once.
    """
    begins: dict[str, dict[str, None]] = {}
    for folded in map(fold, terms):
        if folded:
            begins.setdefault(folded[0], {})[_rest(folded)] = None
    if not begins:
        return None
    first = "".join(map(_letters, begins))
    rests = (f"(?<=[{_letters(one)}])(?:{'|'.join(told)})" for one, told in begins.items())
    return re.compile(rf"[{first}a-z](?<!\w.)(?:{'|'.join(rests)}|(?<=[a-z]))", re.DOTALL)


def rest_of_word(text: str, at: int) -> int:
    """Where the word ends that goes on at a place; parts joined by hyphens belong to it."""
    rest = _REST_OF_WORD.match(text, at)
    return rest.end() if rest else at


def _rest(folded: str) -> str:
    """What follows the first letter where a term may be; of one letter no longer word is one."""
    sure = min(sure_letters(folded), _LOOKED_FOR)
    rest = "".join(f"{_SIGNS}[{_letters(letter)}]" for letter in folded[1:sure])
    return rest or f"(?!{_INNER})"


def sure_letters(term: str) -> int:
    """How many letters a word of a term begins with that are the term's."""
    return max(3, len(term) - CHANGING) if len(term) >= LONG_STEM else 2


@cache
def _letters(letter: str) -> str:
    return re.escape(_written(letter))


@cache
def _written(letter: str) -> str:
    """The letters that may stand for one: those that `fold` makes one, and look-alikes."""
    like = letters_like(letter)
    return like + "".join(map(look_alikes_of, like))
