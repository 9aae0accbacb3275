"""Names with initials and quoted titles: words of a text that belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.kazakh.endings import endings
from indexer.kazakh.words import Piece

_CAPITAL = "[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]"
_LETTER = "[a-zа-яёәғқңөұүһіA-ZА-ЯЁӘҒҚҢӨҰҮҺІ]"
_INITIALS = rf"{_CAPITAL}\.(?:[ \u00a0]?{_CAPITAL}\.){{0,2}}"
_SURNAME = rf"{_CAPITAL}{_LETTER}{{1,40}}(?:-{_CAPITAL}{_LETTER}{{1,40}})?"
_NAME = re.compile(
    rf"(?<![\w.])(?:(?P<before>{_INITIALS})[ \u00a0]?(?P<surname>{_SURNAME})(?!\w)"
    rf"|(?P<surname2>{_SURNAME})[ \u00a0](?P<after>{_INITIALS})(?!\w))"
)
_CLOSING = {"«": "»", "“": "”", "„": "“”", '"': '"'}
_QUOTE = re.compile('[«»“”„"\n]')
MOST_QUOTED = 200
_AFTER_QUOTE = re.compile('[»”"“)]-$')
_LONGEST_SUFFIX = 8


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name with initials, ``text[start:end]``; the surname as written, unstemmed.

    ``initials`` are the letters alone, small: ``нв`` of ``Н. В. Гоголь``.
    """

    start: int
    end: int
    surname: str
    initials: str


@dataclass(frozen=True, slots=True)
class Title:
    """A quoted title; ``text[start:end]`` is what stands inside the quotation marks."""

    start: int
    end: int
    text: str


def names(text: str) -> list[Name]:
    """Names with initials before or after: ``Н.В. Гоголь``, ``Н. В. Гоголь``, ``Тәжібаев Ә.``."""
    found: list[Name] = []
    for match in _NAME.finditer(text):
        surname = match["surname"] or match["surname2"]
        initials = match["before"] or match["after"]
        letters = "".join(filter(str.isalpha, initials)).lower()
        found.append(Name(match.start(), match.end(), surname, letters))
    return found


def quoted_titles(text: str) -> list[Title]:
    """Titles in «», “”, „“ or "" within a line, up to 200 characters; of nested ones the outer."""
    return list(_titles(text))


def _titles(text: str) -> Iterator[Title]:
    opened, mark, depth = -1, "", 0
    for match in _QUOTE.finditer(text):
        sign = match.group()
        if sign == "\n":
            mark = ""
        elif mark and sign in _CLOSING[mark]:
            depth -= 1
            if depth == 0:
                if 0 < match.start() - opened <= MOST_QUOTED:
                    yield Title(opened, match.start(), text[opened : match.start()])
                mark = ""
        elif mark and sign == mark:
            depth += 1
        elif not mark and sign in _CLOSING:
            opened, mark, depth = match.end(), sign, 1


def is_initial(text: str, word: Piece) -> bool:
    """Whether a word is an initial: one capital letter and a full stop."""
    return len(word.text) == 1 and word.text.isupper() and text[word.end : word.end + 1] == "."


def is_cut_suffix(text: str, start: int, word: str) -> bool:
    """Whether a word is a suffix that a quotation mark has cut off: ``«Егемен Қазақстан»-ның``."""
    if len(word) > _LONGEST_SUFFIX or not _AFTER_QUOTE.search(text[max(0, start - 2) : start]):
        return False
    return any(chain.kind == "N" for chain in endings().of(word))
