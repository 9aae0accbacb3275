"""Stems of Kazakh words typed without Kazakh letters, compared with all stems so folded."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from indexer.kazakh.choice import chain_cost
from indexer.kazakh.letters import VOWELS, fold
from indexer.kazakh.lexicon import Lexicon
from indexer.kazakh.suffixes import inflection
from indexer.kazakh.voices import plain_verb

_HARDENED = {"б": "п", "г": "к"}
_LEAST_SUPPORT = 1.0


@dataclass(frozen=True, slots=True)
class FoldedMatch:
    """A stem of the lexicon that the typed word may stand for; ``cost`` as in the choice."""

    stem: str
    cost: float


@cache
def _folded_suffixes() -> dict[str, tuple[tuple[str, float], ...]]:
    """Folded suffix -> (kind, cost of its cheapest reading)."""
    cheapest: dict[str, dict[str, float]] = {}
    for letters, chains in inflection().items():
        costs = cheapest.setdefault(fold(letters), {})
        for chain in chains:
            cost = chain_cost(chain.kind, chain.rows)
            costs[chain.kind] = min(cost, costs.get(chain.kind, math.inf))
    return {letters: tuple(costs.items()) for letters, costs in cheapest.items()}


class FoldedStems:
    """The stems of a lexicon by their Russian-keyboard spelling."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._stems: dict[tuple[str, str], tuple[float, str]] = {}
        for kind, stems in (("N", lexicon.nouns), ("V", lexicon.verbs)):
            for stem, support in stems.items():
                if support >= _LEAST_SUPPORT:
                    key = (kind, fold(stem))
                    self._stems[key] = max((support, stem), self._stems.get(key, (0.0, "")))
        self._total = math.log(1.0 + sum(support for support, _ in self._stems.values()))

    def best(self, word: str) -> FoldedMatch | None:
        """The likeliest known stem for a folded word; None when no known stem fits."""
        return min(self._matches(word), key=lambda match: match.cost, default=None)

    def _matches(self, word: str) -> Iterator[FoldedMatch]:
        table = _folded_suffixes()
        for cut in range(len(word), 1, -1):
            for kind, cost in table.get(word[cut:], ()):
                for surface in self._surfaces(word[:cut], bool(word[cut:])):
                    support, stem = self._stems.get((kind, surface), (0.0, ""))
                    if stem:
                        plain = plain_verb(stem, self._lexicon) if kind == "V" else stem
                        yield FoldedMatch(plain, cost + self._total - math.log(support))

    @staticmethod
    def _surfaces(surface: str, inflected: bool) -> Iterator[str]:
        yield surface
        hard = _HARDENED.get(surface[-1])
        if hard and inflected:
            yield surface[:-1] + hard
        if inflected and len(surface) > 2 and VOWELS.isdisjoint(surface[-2:]):
            yield f"{surface[:-1]}и{surface[-1]}"
