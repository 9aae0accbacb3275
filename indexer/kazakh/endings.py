"""Chains of suffixes found in the end of a word, by walking the suffix graph backwards.

All chains written out are some 93,000, which takes seconds; the words of a text end in few of
them. So the end of a word is read from its last letter: what a suffix is followed by is already
known when the suffix itself is met. Every ending found is remembered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from indexer.kazakh.letters import VOWELS
from indexer.kazakh.suffixes import FINALS, final_of, spell, suffixes

# A state, the final sound of the stem so far and whether its vowels are front ones.
_Node = tuple[str, str, int]
_Rows = tuple[int, ...]
_Tails = dict[_Node, list[_Rows]]
_CLASSES = tuple((final, front) for final in FINALS for front in (0, 1))


@dataclass(frozen=True, slots=True)
class Chain:
    """A written suffix chain. ``stems`` has one bit for every class of stem it may follow.

    ``kind`` is N (nominal) or V (verb); ``junction`` tells how the stem changed before it: ``""``
    not at all, ``v`` before a vowel, ``u`` before the verbal noun's у, ``i`` ы+й became и, ``y``
    й+а became я. ``rows`` are the numbers of its suffixes in ``suffixes.tsv``.
    """

    kind: str
    junction: str
    stems: int
    rows: _Rows


@dataclass(frozen=True, slots=True)
class _Step:
    """A suffix on its way from ``source`` to ``target``; ``entry`` is its bit and junction."""

    source: _Node
    row: int
    target: _Node
    bit: int = 0
    junction: str = ""


class Endings:
    """The readings of word ends; ``respelled`` says how a suffix is written instead."""

    def __init__(self, respelled: Callable[[str], str] = str) -> None:
        self._respelled = respelled
        self._entries: dict[str, list[_Step]] = defaultdict(list)
        self._inner: dict[str, list[_Step]] = defaultdict(list)
        self._silent: list[_Step] = []
        for step, letters in _steps():
            self._place(step, letters)
        self._spelled = frozenset((*self._entries, *self._inner))
        self._longest = max(map(len, self._spelled))
        self._tails: dict[str, _Tails] = {"": self._ends()}
        self._chains: dict[str, tuple[Chain, ...]] = {"": self._bare()}

    def _place(self, step: _Step, letters: str) -> None:
        kind, final, _ = step.source
        if kind in ("N", "V"):
            for spelled, junction in junctions(kind, letters, final):
                entry = _Step(step.source, step.row, step.target, step.bit, junction)
                self._entries[self._respelled(spelled)].append(entry)
        elif letters:
            self._inner[self._respelled(letters)].append(step)
        else:
            self._silent.append(step)

    def of(self, letters: str) -> tuple[Chain, ...]:
        """The chains that are written so; an empty tuple when there is none."""
        return next((chains for cut, chains in self.cuts(f"-{letters}") if cut == 1), ())

    def cuts(self, word: str) -> Iterator[tuple[int, tuple[Chain, ...]]]:
        """Places where suffixes begin, the end of the word first, and the chains from there."""
        followed: list[int] = []  # where what may follow a suffix begins, the nearest first
        for cut in range(len(word), 0, -1):
            letters = word[cut:]
            chains = self._chains.get(letters)
            if chains is None:
                chains = self._read(letters, [end - cut for end in followed])
            if letters in self._tails:
                followed.insert(0, cut)
            if followed[-1] - cut >= self._longest:
                followed.pop()
            if chains:
                yield cut, chains
            if not followed:
                return

    def _read(self, letters: str, lengths: list[int]) -> tuple[Chain, ...]:
        """The chains written so; the first suffix has one of the lengths, its tails are known."""
        lengths = [length for length in lengths if letters[:length] in self._spelled]
        if not lengths:
            return ()
        tails = self._found(letters, lengths)
        if tails:
            self._tails[letters] = tails
        merged: dict[tuple[str, str, _Rows], int] = {}
        for step, rows in self._continued(self._entries, letters, lengths):
            key = step.source[0], step.junction, (step.row, *rows)
            merged[key] = merged.get(key, 0) | step.bit
        chains = tuple(Chain(kind, j, stems, rows) for (kind, j, rows), stems in merged.items())
        if chains or tails:
            self._chains[letters] = chains
        return chains

    def _found(self, letters: str, lengths: list[int]) -> _Tails:
        tails: _Tails = {}
        for step, rows in self._continued(self._inner, letters, lengths):
            tails.setdefault(step.source, []).append((step.row, *rows))
        return self._with_silent(tails)

    def _continued(
        self, steps: dict[str, list[_Step]], letters: str, lengths: list[int]
    ) -> Iterator[tuple[_Step, _Rows]]:
        for length in lengths:
            rest = self._tails[letters[length:]]
            for step in steps.get(letters[:length], ()):
                for rows in rest.get(step.target, ()):
                    yield step, rows

    def _with_silent(self, tails: _Tails) -> _Tails:
        for step in self._silent if tails else ():
            for rows in tails.get(step.target, ()):
                tails.setdefault(step.source, []).append((step.row, *rows))
        return tails

    def _ends(self) -> _Tails:
        states = {row.target for row in suffixes() if not row.target.endswith("!")}
        return self._with_silent({(s, *c): [()] for s in sorted(states) for c in _CLASSES})

    @staticmethod
    def _bare() -> tuple[Chain, ...]:
        every = (1 << len(_CLASSES)) - 1
        return tuple(Chain(kind, "", every, ()) for kind in "NV")


def _steps() -> Iterator[tuple[_Step, str]]:
    """Every suffix after every class of stem it may follow, with its letters.

    Suffixes without letters come from the last to the first, so that of two in a row the second
    is known first.
    """
    for number in range(len(suffixes()) - 1, -1, -1):
        row = suffixes()[number]
        for bit, (final, front) in enumerate(_CLASSES):
            letters = spell(row.shape, final, front)
            if letters is not None:
                target = row.target, final_of(letters[-1]) if letters else final, front
                for source in row.sources:
                    yield _Step((source, final, front), number, target, 1 << bit), letters


def junctions(kind: str, letters: str, final: str) -> Iterator[tuple[str, str]]:
    """How a suffix is written after a stem of this final sound: (letters, junction)."""
    first = letters[:1]
    if kind == "V" and first:
        if final == "V" and first == "й":
            yield "и" + letters[1:], "i"
        elif final == "V" and first == "у":
            yield letters, "u"
        elif final == "R" and first in "ау":
            yield ("я" if first == "а" else "ю") + letters[1:], "y"
    yield letters, "v" if first and first in VOWELS else ""


@cache
def endings() -> Endings:
    """The readings of word ends in Kazakh spelling."""
    return Endings()
