"""The fast way to the cheapest reading of a word; :mod:`choice` is the same, written to be read."""

from __future__ import annotations

import math
from functools import cache, lru_cache

from indexer.kazakh.candidates import LONGEST_WORD, restorations, written_stem
from indexer.kazakh.choice import ONE_FORM, Judge, chain_cost, change_cost, derivation_cost
from indexer.kazakh.derivations import derivations
from indexer.kazakh.endings import Chain, endings
from indexer.kazakh.suffixes import class_bits

_bits = lru_cache(maxsize=30_000)(class_bits)

# Kind, junction, classes of stem, cost of the suffixes.
_Entry = tuple[str, str, int, float]
_Open = tuple[float, str, str]


def _entries(chains: tuple[Chain, ...]) -> tuple[_Entry, ...]:
    """What the choice needs of an ending's readings; of two with the same stems the cheaper."""
    least: dict[tuple[str, str, int], float] = {}
    for chain in chains:
        key = chain.kind, chain.junction, chain.stems
        cost = chain_cost(chain.kind, chain.rows)
        least[key] = min(cost, least.get(key, math.inf))
    return tuple((*key, cost) for key, cost in least.items())


@cache
def _cheapest_derivation() -> float:
    return min(derivation_cost(made.name) for found in derivations().values() for made in found)


class QuickJudge:
    """Finds the cheapest reading of words with one judge's lexicon."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._known = {"N": judge.lexicon.nouns, "V": judge.lexicon.verbs}
        self._entries: dict[str, tuple[_Entry, ...]] = {}
        # No unseen stem can weigh more than a derivation of the best supported base.
        most = judge.most * math.exp(-_cheapest_derivation()) * 2 + judge.unseen * math.exp(-8)
        self._floor = {kind: cost - math.log(most) for kind, cost in judge.kind_cost.items()}

    def best(self, word: str) -> tuple[str, str] | None:
        """Kind (N or V) and stem of the cheapest reading; None for a word too long."""
        if len(word) > LONGEST_WORD:
            return None
        least, best, unseen = math.inf, None, []
        for cost, kind, stem in self._readings(word):
            if self._known[kind].get(stem, 0.0) <= ONE_FORM:
                unseen.append((cost, kind, stem))
                continue
            cost += self._judge.stem_cost(kind, stem)
            if cost < least:
                least, best = cost, (kind, stem)
        return self._better(unseen, least, best)

    def _better(
        self, unseen: list[_Open], least: float, best: tuple[str, str] | None
    ) -> tuple[str, str] | None:
        for cost, kind, stem in unseen:
            if cost + self._floor[kind] < least:
                whole = cost + self._judge.stem_cost(kind, stem)
                if whole < least:
                    least, best = whole, (kind, stem)
        return best

    def _readings(self, word: str) -> list[_Open]:
        found: list[_Open] = []
        for cut, chains in endings().cuts(word):
            suffix = word[cut:]
            for kind, junction, stems, cost in self._priced(suffix, chains):
                for stem, change in restorations(word[:cut], kind, junction, suffix):
                    if stems & _bits(written_stem(stem, change)):
                        found.append((cost + change_cost(change), kind, stem))
        return found

    def _priced(self, suffix: str, chains: tuple[Chain, ...]) -> tuple[_Entry, ...]:
        if not chains:
            return ()
        entries = self._entries.get(suffix)
        if entries is None:
            entries = self._entries[suffix] = _entries(chains)
        return entries
