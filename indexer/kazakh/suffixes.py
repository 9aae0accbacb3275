"""Kazakh inflection as data: the suffixes, and how each is written after every kind of stem."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from indexer.kazakh.letters import BACK_VOWELS, FRONT_VOWELS, NEUTRAL_VOWELS
from indexer.kazakh.loans import LOAN_LETTERS, may_be_front
from indexer.kazakh.tables import rows_of

FINALS = "VRLNZBT"
_FINAL_OF = {
    **dict.fromkeys("рйуию", "R"),
    "л": "L",
    **dict.fromkeys("мнң", "N"),
    **dict.fromkeys("зж", "Z"),
    **dict.fromkeys("бвгдғ", "B"),
    **dict.fromkeys("аәоөұүыіеэяё", "V"),
}


@dataclass(frozen=True, slots=True)
class Suffix:
    """One row of the suffix graph: ``shape`` leads from any of ``sources`` to ``target``."""

    sources: tuple[str, ...]
    shape: str
    target: str
    name: str
    gloss: str


@cache
def suffixes() -> tuple[Suffix, ...]:
    """The rows of ``suffixes.tsv`` in their order; a row's number is its place here."""
    rows = rows_of("suffixes.tsv", 5)
    return tuple(
        Suffix(tuple(sources.split()), "" if shape == "-" else shape, target, name, gloss)
        for sources, shape, target, name, gloss in rows
    )


@cache
def _sounds() -> dict[tuple[str, str, int], str]:
    table: dict[tuple[str, str, int], str] = {}
    for sign, *cells in rows_of("sounds.tsv", 8):
        for final, cell in zip(FINALS, cells, strict=True):
            back, _, front = cell.partition("/")
            table[sign, final, 0] = back
            table[sign, final, 1] = front or back
    return table


def class_bits(stem: str) -> int:
    """The classes a stem belongs to, one bit each: its final sound x back or front vowels.

    A stem whose last vowel is и or у, and a loan word, may be of both harmonies; so may one that
    ends in и (``таксиі``, ``тарихилық``).
    """
    final = FINALS.index(_FINAL_OF.get(stem.rstrip("ь")[-1:], "T"))
    back, front = _harmony(stem)
    return (back << (2 * final)) | (front << (2 * final + 1))


def _harmony(stem: str) -> tuple[int, int]:
    if not LOAN_LETTERS.isdisjoint(stem) or may_be_front(stem):
        return 1, 1
    for place in range(len(stem) - 1, -1, -1):
        letter = stem[place]
        if letter in BACK_VOWELS:
            return 1, 0
        if letter in FRONT_VOWELS:
            return 0, 1
        if letter == "и" or (letter in NEUTRAL_VOWELS and place < len(stem) - 1):
            return 1, 1
    return 1, 1


def spell(shape: str, final: str, front: int) -> str | None:
    """The letters of a shape after such a stem; None when it cannot follow it."""
    if shape.startswith("["):
        finals, _, shape = shape[1:].partition("]")
        if final not in finals:
            return None
    if shape.startswith("%"):
        if not front:
            return None
        shape = shape[1:]
    if "/" in shape:
        after_consonant, _, after_vowel = shape.partition("/")
        shape = after_vowel if final == "V" else after_consonant
    if shape.startswith("("):
        wanted = final == "V" if shape[1] == "с" else final != "V"
        shape = (shape[1] if wanted else "") + shape[3:]
    return _letters(shape, final, front)


def _letters(shape: str, final: str, front: int) -> str:
    sounds, written = _sounds(), ""
    for sign in shape:
        letter = sounds.get((sign, final, front), sign)
        written += letter
        final = _FINAL_OF.get(letter, "T")
    return written


def final_of(letter: str) -> str:
    """The class of final sound (one of ``FINALS``) of a letter."""
    return _FINAL_OF.get(letter, "T")
