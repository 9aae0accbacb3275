"""One spelling for every letter: NFC, case, look-alikes, Russian-keyboard folding."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from indexer.kazakh.tables import rows_of

BACK_VOWELS = frozenset("аоұыяёю")
FRONT_VOWELS = frozenset("әөүіеэ")
NEUTRAL_VOWELS = frozenset("иу")
VOWELS = BACK_VOWELS | FRONT_VOWELS | NEUTRAL_VOWELS
KAZAKH_ONLY = frozenset("әғқңөұүһі")
# What stands for Kazakh letters where an old eight-bit font was read by another table.
FONT_LETTERS = frozenset("ќѓўїґєјѕњћ")
MOST_FONT_READINGS = 16

_INVISIBLE = dict.fromkeys(
    [0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0x0301, 0x0300, 0x0307]
)
_HYPHENS = dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2212, 0xFE63, 0xFF0D], "-")
_APOSTROPHES = dict.fromkeys([0x2019, 0x02BC, 0x02B9, 0x2018, 0x0060, 0x00B4, 0x02BB], "'")
_PLAIN_CYRILLIC = re.compile("[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]+")
_ROMAN = re.compile("x{0,3}(?:ix|iv|v?i{0,3})")
_MAY_BE_ROMAN = "іх"
_ROMAN_LATIN = str.maketrans(_MAY_BE_ROMAN, "ix")


@cache
def _table(kind: str) -> dict[int, str]:
    return {ord(row[1]): row[2] for row in rows_of("letters.tsv", 4) if row[0] == kind}


@cache
def _cleaning() -> dict[int, str | None]:
    return {**_INVISIBLE, **_HYPHENS, **_APOSTROPHES, **_table("point")}


def script_of(word: str) -> str:
    """Script of most letters: ``cyrillic``, ``latin``, ``arabic``, ``other`` or ``none``."""
    if _PLAIN_CYRILLIC.fullmatch(word):
        return "cyrillic"
    counts = {"cyrillic": 0, "latin": 0, "arabic": 0, "other": 0}
    for letter in word:
        if letter.isalpha():
            counts[_script_of_letter(ord(letter))] += 1
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else "none"


def _script_of_letter(code: int) -> str:
    if 0x400 <= code < 0x530:
        return "cyrillic"
    if code < 0x250 or 0x1E00 <= code < 0x1F00:
        return "latin"
    if 0x600 <= code < 0x780 or 0xFB50 <= code < 0xFF00:
        return "arabic"
    return "other"


def compose(text: str) -> str:
    """Text in NFC without invisible marks; hyphens, apostrophes and look-alikes made one.

    A stress mark over a Cyrillic vowel goes away; й and ё keep their own mark by composing first.
    """
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text).translate(_cleaning())
    return unicodedata.normalize("NFC", text)


def lower(word: str) -> str:
    """Small letters, with the Turkic dotted capital İ read as i."""
    return word.replace("İ", "i").lower()


def unmixed(word: str) -> str:
    """A small-letter word with homoglyphs turned to the script of most of its letters."""
    if word.isascii():
        return word
    script = script_of(word)
    if script == "cyrillic":
        return word.translate(_table("latin"))
    if script == "latin":
        return word.translate(_table("cyrillic"))
    return word


def is_roman(word: str) -> bool:
    """Whether a small-letter word is a Roman numeral up to 39, of more than one letter."""
    return len(word) > 1 and bool(_ROMAN.fullmatch(word))


def _part(word: str) -> str:
    for spelled in (word, unmixed(word)):
        latin = spelled.translate(_ROMAN_LATIN)
        if is_roman(latin):
            return latin
    return unmixed(word)


def normalise(word: str) -> str:
    """The spelling under which a word is indexed: composed, small, of one script; idempotent.

    The parts of a hyphenated word (``PDF-ке``) may have two scripts; Roman numerals are Latin.
    """
    if _PLAIN_CYRILLIC.fullmatch(word):
        plain = word.lower()
        if plain.strip(_MAY_BE_ROMAN):
            return plain  # what is below would change nothing
    small = lower(compose(word))
    return compose("-".join(map(_part, small.split("-"))))


def fold(word: str) -> str:
    """The word as typed on a Russian keyboard, sounds that people mix up made one; idempotent.

    ``кітапхана``, ``кытапхана`` and ``китапхана`` all give ``китапхана``.
    """
    return word.translate(_table("fold"))


def font_readings(word: str) -> list[str]:
    """A word with letters of old fonts as it may have been meant, likeliest first; else none."""
    small = lower(word)
    if FONT_LETTERS.isdisjoint(small):
        return []
    found = [""]
    for letter in small:
        options = _font().get(letter, letter)
        found = [before + one for before in found for one in options][:MOST_FONT_READINGS]
    return [normalise(reading) for reading in found]


@cache
def _font() -> dict[str, tuple[str, ...]]:
    rows = rows_of("letters.tsv", 4)
    return {row[1]: tuple(row[2].split()) for row in rows if row[0] == "font"}
