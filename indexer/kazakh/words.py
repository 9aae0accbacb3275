"""Cutting text into words and the rest, without losing a character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_JOINERS = "'’ʼ‘`´ʹʻ"
_HYPHENS = "\u002d\u2010\u2011"
_INNER = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u0300-\u036f"
_RUN = rf"[^\W_](?:[^\W_]|[{_INNER}]|[{_JOINERS}](?=[^\W_]))*"
_WORD = re.compile(rf"{_RUN}(?:[{_HYPHENS}]{_RUN})*")
# The alphabet of 2017 has apostrophes at the end of words, too.
_RUN_2017 = rf"[^\W_](?:[^\W_]|[{_INNER}]|[{_JOINERS}](?=[^\W_])|(?<=[agnosucyi])[{_JOINERS}])*"
_WORD_2017 = re.compile(rf"{_RUN_2017}(?:[{_HYPHENS}]{_RUN_2017})*", re.IGNORECASE)
_HYPHEN = re.compile(rf"[{_HYPHENS}]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text, ``text[start:end]``; offsets count code points."""

    text: str
    start: int
    end: int
    is_word: bool


def pieces(text: str, ending: bool = False) -> Iterator[Piece]:
    """Words and what stands between them, in order; joined they are the text again.

    ``ending`` tells that an apostrophe may end a word, as in the Latin alphabet of 2017.
    """
    at = 0
    for match in (_WORD_2017 if ending else _WORD).finditer(text):
        if match.start() > at:
            yield Piece(text[at : match.start()], at, match.start(), is_word=False)
        yield Piece(match.group(), match.start(), match.end(), is_word=True)
        at = match.end()
    if at < len(text):
        yield Piece(text[at:], at, len(text), is_word=False)


def words(text: str, ending: bool = False) -> list[Piece]:
    """The words alone. A hyphenated word is one piece; :func:`parts` cuts it."""
    found = (_WORD_2017 if ending else _WORD).finditer(text)
    return [Piece(match.group(), match.start(), match.end(), is_word=True) for match in found]


def parts(word: Piece) -> list[Piece]:
    """The pieces of a hyphenated word with their places in the text; one piece without hyphen."""
    if word.text.isalpha():
        return [word]
    found: list[Piece] = []
    at = word.start
    for part in _HYPHEN.split(word.text):
        found.append(Piece(part, at, at + len(part), is_word=True))
        at += len(part) + 1
    return found
