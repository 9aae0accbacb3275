"""Suffixes that make stems of stems, and voices, as they are written (``derivations.tsv``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from indexer.kazakh.endings import junctions
from indexer.kazakh.suffixes import FINALS, spell
from indexer.kazakh.tables import rows_of


@dataclass(frozen=True, slots=True)
class Derivation:
    """A suffix that makes a stem of kind ``target`` from one of kind ``source``.

    ``is_voice`` tells that the plain verb is the stem. ``stems`` and ``junction`` as in
    :class:`~indexer.kazakh.endings.Chain`.
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
                for spelled, junction in junctions(source, letters or "", final):
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
