"""Kazakh inflection as data: every chain of suffixes written out for every kind of stem."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from indexer.kazakh.letters import BACK_VOWELS, FRONT_VOWELS, NEUTRAL_VOWELS, VOWELS
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
_LOAN_LETTERS = frozenset("вфцчщёьъэ")


@dataclass(frozen=True, slots=True)
class Suffix:
    """One row of the suffix graph: ``shape`` leads from any of ``sources`` to ``target``."""

    sources: tuple[str, ...]
    shape: str
    target: str
    name: str
    gloss: str


@dataclass(frozen=True, slots=True)
class Chain:
    """A written suffix chain. ``stems`` has one bit for every class of stem it may follow.

    ``kind`` is N, V or W; ``junction`` tells how the stem changed before it: ``""`` not at all,
    ``v`` before a vowel, ``u`` before the verbal noun's у, ``i`` ы+й became и, ``y`` й+а became я.
    """

    kind: str
    junction: str
    stems: int
    names: tuple[str, ...]
    rows: tuple[int, ...]


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

    A stem whose last vowel is и or у, and a loan word, may be of both harmonies.
    """
    final = FINALS.index(_FINAL_OF.get(stem.rstrip("ь")[-1:], "T"))
    back, front = _harmony(stem)
    return (back << (2 * final)) | (front << (2 * final + 1))


def _harmony(stem: str) -> tuple[int, int]:
    if not _LOAN_LETTERS.isdisjoint(stem):
        return 1, 1
    for place in range(len(stem) - 1, -1, -1):
        letter = stem[place]
        if letter in BACK_VOWELS:
            return 1, 0
        if letter in FRONT_VOWELS:
            return 0, 1
        if letter in NEUTRAL_VOWELS and place < len(stem) - 1:
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


class _Writer:
    """Walks the graph from one state and class of stem, remembering the tails it has written."""

    def __init__(self) -> None:
        self.tails: dict[tuple[str, str, int], list[tuple[str, tuple[int, ...]]]] = {}
        self.rows_from: dict[str, list[int]] = {}
        for number, row in enumerate(suffixes()):
            for source in row.sources:
                self.rows_from.setdefault(source, []).append(number)

    def chains(self, state: str, final: str, front: int) -> list[tuple[str, tuple[int, ...]]]:
        """Every tail (letters, rows) that may follow in this state, the empty one included."""
        key = (state, final, front)
        if key not in self.tails:
            own: list[tuple[str, tuple[int, ...]]] = [] if state.endswith("!") else [("", ())]
            own.extend(self._longer(state, final, front))
            self.tails[key] = own
        return self.tails[key]

    def _longer(self, state: str, final: str, front: int) -> Iterator[tuple[str, tuple[int, ...]]]:
        for number in self.rows_from.get(state, ()):
            row = suffixes()[number]
            written = spell(row.shape, final, front)
            if written is None:
                continue
            next_final = final_of(written[-1]) if written else final
            for tail, rows in self.chains(row.target, next_final, front):
                yield written + tail, (number, *rows)


def _junctions(kind: str, letters: str, final: str) -> Iterator[tuple[str, str]]:
    first = letters[:1]
    if kind == "N" or not first:
        yield letters, "v" if first and first in VOWELS else ""
        return
    if final == "V":
        if first == "й":
            yield "и" + letters[1:], "i"
        elif first == "у":
            yield letters, "u"
    elif final == "R" and first in "ау":
        yield ("я" if first == "а" else "ю") + letters[1:], "y"
    yield letters, "v" if first in VOWELS else ""


def _written(kind: str) -> Iterator[tuple[str, str, int, tuple[int, ...]]]:
    writer = _Writer()
    for index, final in enumerate(FINALS):
        for front in (0, 1):
            bit = 1 << (2 * index + front)
            for letters, rows in writer.chains(kind, final, front):
                for spelled, junction in _junctions(kind, letters, final):
                    yield spelled, junction, bit, rows


@cache
def inflection() -> dict[str, tuple[Chain, ...]]:
    """Suffix chain as written -> its readings, for nouns (N) and verbs (V); "" is the bare stem."""
    merged: dict[str, dict[tuple[str, str, tuple[int, ...]], int]] = {}
    for kind in "NV":
        for letters, junction, bit, rows in _written(kind):
            readings = merged.setdefault(letters, {})
            key = (kind, junction, rows)
            readings[key] = readings.get(key, 0) | bit
    table = suffixes()
    return {
        letters: tuple(
            Chain(kind, junction, stems, tuple(table[row].name for row in rows), rows)
            for (kind, junction, rows), stems in readings.items()
        )
        for letters, readings in merged.items()
    }


@dataclass(frozen=True, slots=True)
class Derivation:
    """A suffix that makes a stem of kind ``target`` from one of kind ``source``.

    ``is_voice`` tells that the plain verb is the stem. ``stems`` and ``junction`` as in
    :class:`Chain`.
    """

    name: str
    source: str
    target: str
    junction: str
    stems: int
    is_voice: bool


@cache
def derivations() -> dict[str, tuple[Derivation, ...]]:
    """Derivational suffix as written -> what it may be."""
    merged: dict[str, dict[tuple[str, str, str, str], int]] = {}
    for name, source, shape, target, _ in rows_of("derivations.tsv", 5):
        for index, final in enumerate(FINALS):
            for front in (0, 1):
                letters = spell(shape, final, front)
                for spelled, junction in _junctions(source, letters or "", final):
                    if spelled:
                        bits = merged.setdefault(spelled, {})
                        key = (name, source, target, junction)
                        bits[key] = bits.get(key, 0) | 1 << (2 * index + front)
    return {
        letters: tuple(
            Derivation(name, source, target, junction, stems, name.isupper())
            for (name, source, target, junction), stems in found.items()
        )
        for letters, found in merged.items()
    }
