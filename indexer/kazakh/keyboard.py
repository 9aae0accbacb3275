"""Stems of Kazakh words typed without Kazakh letters, compared with all stems so folded."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from indexer.kazakh.choice import chain_cost
from indexer.kazakh.dictionary_forms import dictionary_form
from indexer.kazakh.endings import Chain, Endings
from indexer.kazakh.letters import VOWELS, fold
from indexer.kazakh.lexicon import Lexicon

_HARDENED = {"б": "п", "г": "к"}
_LEAST_SUPPORT = 1.0


@dataclass(frozen=True, slots=True)
class FoldedMatch:
    """A stem of the lexicon that the typed word may stand for; ``cost`` as in the choice."""

    stem: str
    cost: float


@cache
def _folded_endings() -> Endings:
    return Endings(fold)


class FoldedStems:
    """The stems of a lexicon by their Russian-keyboard spelling."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._endings: dict[str, tuple[tuple[str, float], ...]] = {}
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
        for cut, chains in _folded_endings().cuts(word):
            for kind, cost in self._kinds(word[cut:], chains) if cut > 1 else ():
                for surface in self._surfaces(word[:cut], bool(word[cut:])):
                    support, stem = self._stems.get((kind, surface), (0.0, ""))
                    if stem:
                        plain = dictionary_form(kind, stem, self._lexicon)
                        yield FoldedMatch(plain, cost + self._total - math.log(support))

    def _kinds(self, suffix: str, chains: tuple[Chain, ...]) -> tuple[tuple[str, float], ...]:
        """Kinds of the readings of an ending, with the cost of the cheapest of each."""
        if suffix not in self._endings:
            costs: dict[str, float] = {}
            for chain in chains:
                cost = chain_cost(chain.kind, chain.rows)
                costs[chain.kind] = min(cost, costs.get(chain.kind, math.inf))
            if not costs:
                return ()
            self._endings[suffix] = tuple(costs.items())
        return self._endings[suffix]

    @staticmethod
    def _surfaces(surface: str, inflected: bool) -> Iterator[str]:
        yield surface
        hard = _HARDENED.get(surface[-1])
        if hard and inflected:
            yield surface[:-1] + hard
        if inflected and len(surface) > 2 and VOWELS.isdisjoint(surface[-2:]):
            yield f"{surface[:-1]}и{surface[-1]}"
