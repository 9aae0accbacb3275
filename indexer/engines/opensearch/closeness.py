"""How the words of a question stand together in the best documents, told by named filters.

A named filter that lets everything through costs nothing while documents are found; for the
documents of the answer alone the cluster then tells which names fit. The names: `t3`, word 3 stands
in the title; `n3 5`, words 3 and 4 are at most 5 apart; `o3`, word 4 comes right after word 3.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from indexer.engines.closeness import NEAR
from indexer.engines.opensearch.encoding import safe
from indexer.engines.opensearch.filters import EVERY
from indexer.engines.opensearch.phrases import stands
from indexer.engines.opensearch.statistics import Filter
from indexer.ranking import Ranking

Words = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Looks:
    """Which looks at the best documents change their order."""

    words: Words
    near: float
    title: float
    runs: float

    def __bool__(self) -> bool:
        return bool(self.near or self.title or self.runs)

    def filter(self) -> Filter:
        """A filter that every document passes, with the names in it."""
        names = [*self._titles(), *self._near(), *self._runs()]
        return {"bool": {"must": [EVERY], "should": names}}

    def factor(self, names: Iterable[str]) -> float:
        """By how much a document gains that has these names."""
        gaps: dict[str, int] = {}
        titles, follows = 0, set()
        for name in names:
            kind, (number, _, gap) = name[0], name[1:].partition(" ")
            if kind == "n":
                gaps[number] = min(int(gap), gaps.get(number, NEAR))
            elif kind == "o":
                follows.add(int(number))
            else:
                titles += 1
        count = len(self.words)
        near = sum(1 / math.sqrt(gap) for gap in gaps.values()) / max(count - 1, 1)
        runs = sum(number + 1 in follows for number in follows) / max(count - 2, 1)
        return 1 + self.near * near + self.title * titles / max(count, 1) + self.runs * runs

    def _titles(self) -> Iterator[Filter]:
        for number, stems in enumerate(self.words if self.title else ()):
            title = {"terms": {"title": [safe(stem) for stem in stems]}}
            yield {"bool": {"filter": [title], "_name": f"t{number}"}}

    def _near(self) -> Iterator[Filter]:
        for number, (one, other) in enumerate(pairwise(self.words if self.near else ())):
            for gap in range(1, NEAR + 1) if one and other else ():
                rules = [_follows(one, other, gap), _follows(other, one, gap)]
                near = _intervals({"any_of": {"intervals": rules}})
                yield {"bool": {"filter": [near], "_name": f"n{number} {gap}"}}

    def _runs(self) -> Iterator[Filter]:
        for number, (one, other) in enumerate(pairwise(self.words if self.runs else ())):
            if one and other:
                after = _intervals(_follows(one, other, 1))
                yield {"bool": {"filter": [after], "_name": f"o{number}"}}


def looks_at(words: Words, ranking: Ranking, most: int) -> Looks:
    """The looks that a question of these words is worth; of more than `most` words, none."""
    count = len(words) if len(words) <= most else 0
    short = ranking.shortness(count)
    return Looks(
        words,
        near=ranking.near * short if count > 1 else 0.0,
        title=ranking.title * short if count else 0.0,
        runs=ranking.runs if count > 2 else 0.0,
    )


def _follows(one: tuple[str, ...], other: tuple[str, ...], gap: int) -> Filter:
    """The rule of an interval: one word and, at most so far on, the other."""
    told = {"mode": "ordered", "max_gaps": gap - 1, "intervals": [stands(one), stands(other)]}
    return {"all_of": told}


def _intervals(rule: Filter) -> Filter:
    return {"intervals": {"places": rule}}
