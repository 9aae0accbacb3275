"""Which documents a tree finds, as filters of the cluster's query language."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Literal, TypeAlias

from indexer.engines.opensearch.clauses import clauses
from indexer.engines.opensearch.filters import (
    EVERY,
    all_of,
    apart,
    one_of,
    term_filter,
    terms_filter,
)
from indexer.engines.opensearch.phrases import phrase_filter
from indexer.engines.opensearch.statistics import Filter, Statistics
from indexer.engines.opensearch.trees import (
    beginnings,
    has_weak_beginnings,
    questions,
    terms_of,
    walk,
)
from indexer.engines.protocol import (
    All,
    Everything,
    Forms,
    Node,
    Ordered,
    Prefix,
    Some,
    Term,
    Without,
)
from indexer.ranking import Ranking

Level: TypeAlias = Literal["most", "strong", "found"]
# Less and less of a question: most of its words, some of them, those found by weak forms too.
LEVELS: tuple[Level, ...] = ("most", "strong", "found")
# Words whose combinations are written out; more are summed up for each document. So are words
# with many clauses: written twice on each level of brackets they would soon be too many.
FEW, MOST_CLAUSES = 3, 24
# A question with more clauses than this has those of its words counted apart.
MOST_TOGETHER, OF_A_WORD = 200, 4


class Finding:
    """Filters for the nodes of one tree; what they need to know is learned first."""

    def __init__(self, statistics: Statistics, ranking: Ranking) -> None:
        self.statistics = statistics
        self._ranking = ranking
        self._apart = False

    def learn(self, tree: Node) -> None:
        """Have all counts that `found` and the scores of the tree depend on.

        Inner questions come first: the filters of outer ones are made of theirs.
        """
        self._apart = _clauses_of(tree) > MOST_TOGETHER
        known = [phrase_filter(one) for one in walk(tree) if isinstance(one, Ordered)]
        known += [term_filter(one) for one in beginnings(tree)]
        levels = questions(tree)
        if has_weak_beginnings(tree):  # whether these count depends on how many there are
            self.statistics.learn(known)
        for height in sorted(levels) or [0]:
            parts = [part for node in levels.get(height, ()) for part in node.parts]
            wanted = [self.found(part, level) for part in parts for level in ("strong", "found")]
            self.statistics.learn([*known, *(one for one in wanted if "term" not in one)])
            known = []

    def found(self, node: Node, level: Level) -> Filter:
        """What a node finds on a level of `LEVELS`."""
        match node:
            case Forms():
                weak = node.weak if level == "found" else ()
                terms = (*node.strong, *(one for one in weak if self._is_telling(one)))
                return terms_filter(terms)
            case Ordered():
                return self._short(node, phrase_filter(node))
            case Some():
                return self._short(node, self._some(node, level))
            case All():
                return all_of([self.found(part, "strong") for part in node.parts])
            case Without():
                excluded = [self.found(part, "strong") for part in node.excluded]
                return {"bool": {"filter": [self.found(node.part, level)], "must_not": excluded}}
            case Everything():
                return EVERY

    def complete(self, node: Node) -> Filter:
        """The documents that have every word of a question."""
        if isinstance(node, Without):
            return all_of([self.complete(node.part), self.found(node, "found")])
        if isinstance(node, Some) and node.bonus and len(node.parts) > 1:
            return all_of([self.found(part, "strong") for part in node.parts])
        return self.found(node, "strong")

    def _some(self, node: Some, level: Level) -> Filter:
        inner: Level = "found" if level == "found" else "strong"
        filters = [self.found(part, inner) for part in node.parts]
        if not node.bonus or len(filters) < 2:
            return one_of(filters)
        counts = [self._count(part, one) for part, one in zip(node.parts, filters, strict=True)]
        rarities = [self.statistics.rarity(count) if count else 0.0 for count in counts]
        share = self._ranking.most if level == "most" else self._ranking.some
        return _sharing(filters, rarities, (share - 1e-4) * sum(rarities))

    def _short(self, node: Ordered | Some, one: Filter) -> Filter:
        """The filter of a node in few clauses, where the question has too many."""
        whole = isinstance(node, Some) and node.bonus
        if whole or not self._apart or clauses(one) <= OF_A_WORD:
            return one
        return apart(one, _among(node))

    def frequency(self, term: Term | Prefix) -> int:
        """In how many documents a term or a beginning stands."""
        if isinstance(term, Prefix):
            return self.statistics.count(term_filter(term))
        return self.statistics.frequency(term)

    def _is_telling(self, term: Term | Prefix) -> bool:
        """Whether a weak form is found in so few documents that it is worth an answer."""
        most = self.statistics.size * self._ranking.telling
        return self.frequency(term) <= max(self._ranking.enough, most)

    def _count(self, part: Node, one: Filter) -> int:
        if "term" not in one:
            return self.statistics.count(one)
        terms = (term for node in walk(part) if isinstance(node, Forms) for term in terms_of(node))
        return max(self.statistics.frequency(term) for term in terms if term_filter(term) == one)


def _sharing(filters: Sequence[Filter], rarities: Sequence[float], least: float) -> Filter:
    """The documents whose parts found have a sum of rarities of at least so much."""
    parts = [(one, rarity) for one, rarity in zip(filters, rarities, strict=True) if rarity > 0]
    if all(rarity >= least for _, rarity in parts):
        return one_of(filters)
    if len(parts) > FEW or sum(clauses(one) for one, _ in parts) > MOST_CLAUSES:
        told: list[Filter] = [
            {"constant_score": {"filter": one, "boost": rarity}} for one, rarity in parts
        ]
        return {"function_score": {"query": {"bool": {"should": told}}, "min_score": least}}
    enough: list[frozenset[int]] = []
    for count in range(1, len(parts) + 1):
        for chosen in map(frozenset, combinations(range(len(parts)), count)):
            if any(fewer <= chosen for fewer in enough):
                continue
            if sum(parts[number][1] for number in chosen) >= least:
                enough.append(chosen)
    return one_of([all_of([parts[number][0] for number in sorted(one)]) for one in enough])


def _among(node: Node) -> Filter:
    """Documents that a node may find, by any of its terms; all that it finds are among them."""
    terms: list[Term | Prefix] = []
    for one in walk(node):
        if isinstance(one, Everything):
            return EVERY
        if isinstance(one, Forms):
            terms.extend(terms_of(one))
        elif isinstance(one, Ordered):
            terms.extend(Term("stem", stem) for stem in one.stems[0])
    return terms_filter(list(dict.fromkeys(terms)))


def _clauses_of(tree: Node) -> int:
    """About how many clauses the filter of a tree has."""
    forms = sum(clauses(terms_filter(terms_of(o))) for o in walk(tree) if isinstance(o, Forms))
    phrases = sum(clauses(phrase_filter(o)) for o in walk(tree) if isinstance(o, Ordered))
    return forms + phrases
