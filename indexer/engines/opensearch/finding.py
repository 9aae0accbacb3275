"""Which documents a tree finds, as filters of the cluster's query language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Literal, TypeAlias

from indexer.engines.opensearch.encoding import safe
from indexer.engines.opensearch.statistics import Filter, Statistics
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

EVERY: Filter = {"match_all": {}}
NONE: Filter = {"match_none": {}}
Level: TypeAlias = Literal["most", "strong", "found"]
# Less and less of a question: most of its words, some of them, those found by weak forms too.
LEVELS: tuple[Level, ...] = ("most", "strong", "found")
FEW = 3  # words whose combinations are written out; more are summed up for each document


def term_filter(term: Term | Prefix) -> Filter:
    """The documents of a term or a beginning."""
    if isinstance(term, Prefix):
        return {"prefix": {term.field: {"value": safe(term.text)}}}
    return {"term": {term.field: safe(term.text)}}


def one_of(filters: Sequence[Filter]) -> Filter:
    """What any of the filters finds."""
    if not filters:
        return NONE
    return filters[0] if len(filters) == 1 else {"bool": {"should": list(filters)}}


def all_of(filters: Sequence[Filter]) -> Filter:
    """What all of the filters find."""
    if not filters:
        return EVERY
    return filters[0] if len(filters) == 1 else {"bool": {"filter": list(filters)}}


def phrase_filter(node: Ordered) -> Filter:
    """The documents in which words stand in order, at their distances."""
    steps = [later - earlier for earlier, later in pairwise(node.places)]
    if not node.stems or not all(node.stems):
        return NONE
    if all(step == 1 for step in steps):
        rules = [stands(stems) for stems in node.stems]
        told = {"mode": "ordered", "max_gaps": 0, "intervals": rules}
        return {"intervals": {"places": {"all_of": told}}}
    if any(step < 1 for step in steps):
        return all_of([one_of([{"term": {"stem": safe(s)}} for s in one]) for one in node.stems])
    return _with_gaps(node.stems, steps)


def stands(stems: Sequence[str]) -> Filter:
    """The rule of an interval for one word in any of its stems."""
    rules = [{"match": {"query": safe(stem), "analyzer": "keyword"}} for stem in stems]
    return rules[0] if len(rules) == 1 else {"any_of": {"intervals": rules}}


def _with_gaps(words: Sequence[Sequence[str]], steps: Sequence[int]) -> Filter:
    clauses: list[Filter] = []
    for stems, step in zip(words, (*steps, 1), strict=True):
        spans: list[Filter] = [{"span_term": {"places": safe(stem)}} for stem in stems]
        clauses.append(spans[0] if len(spans) == 1 else {"span_or": {"clauses": spans}})
        if step > 1:
            clauses.append({"span_gap": {"places": step - 1}})
    return {"span_near": {"clauses": clauses, "slop": 0, "in_order": True}}


class Finding:
    """Filters for the nodes of one tree; what they need to know is learned first."""

    def __init__(self, statistics: Statistics, ranking: Ranking) -> None:
        self._statistics = statistics
        self._ranking = ranking

    def learn(self, tree: Node) -> None:
        """Have all counts that `found` and the scores of the tree depend on.

        Inner questions come first: the filters of outer ones are made of theirs.
        """
        known = [phrase_filter(one) for one in walk(tree) if isinstance(one, Ordered)]
        known += [term_filter(one) for one in _beginnings(tree)]
        levels: dict[int, list[Some]] = {}
        _by_height(tree, levels)
        if _has_weak_beginnings(tree):  # whether these count depends on how many there are
            self._statistics.learn(known)
        for height in sorted(levels) or [0]:
            parts = [part for node in levels.get(height, ()) for part in node.parts]
            wanted = [self.found(part, level) for part in parts for level in ("strong", "found")]
            self._statistics.learn([*known, *(one for one in wanted if "term" not in one)])
            known = []

    def found(self, node: Node, level: Level) -> Filter:
        """What a node finds on a level of `LEVELS`."""
        match node:
            case Forms():
                weak = node.weak if level == "found" else ()
                terms = (*node.strong, *(one for one in weak if self._is_telling(one)))
                return one_of([term_filter(one) for one in terms])
            case Ordered():
                return phrase_filter(node)
            case Some():
                return self._some(node, level)
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
        rarities = [self._statistics.rarity(count) if count else 0.0 for count in counts]
        share = self._ranking.most if level == "most" else self._ranking.some
        return _sharing(filters, rarities, (share - 1e-4) * sum(rarities))

    def frequency(self, term: Term | Prefix) -> int:
        """In how many documents a term or a beginning stands."""
        if isinstance(term, Prefix):
            return self._statistics.count(term_filter(term))
        return self._statistics.frequency(term)

    def _is_telling(self, term: Term | Prefix) -> bool:
        """Whether a weak form is found in so few documents that it is worth an answer."""
        most = self._statistics.size * self._ranking.telling
        return self.frequency(term) <= max(self._ranking.enough, most)

    def _count(self, part: Node, one: Filter) -> int:
        if "term" not in one:
            return self._statistics.count(one)
        terms = (term for node in walk(part) if isinstance(node, Forms) for term in _terms(node))
        return max(self._statistics.frequency(term) for term in terms if term_filter(term) == one)


def _sharing(filters: Sequence[Filter], rarities: Sequence[float], least: float) -> Filter:
    """The documents whose parts found have a sum of rarities of at least so much."""
    parts = [(one, rarity) for one, rarity in zip(filters, rarities, strict=True) if rarity > 0]
    if all(rarity >= least for _, rarity in parts):
        return one_of(filters)
    if len(parts) > FEW:
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


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    yield node
    for part in _below(node):
        yield from walk(part)


def _below(node: Node) -> Iterable[Node]:
    match node:
        case Some() | All():
            return (*node.parts, *node.wished)
        case Without():
            return (node.part, *node.excluded)
    return ()


def _terms(node: Forms) -> tuple[Term | Prefix, ...]:
    return (*node.strong, *node.weak)


def _beginnings(tree: Node) -> Iterator[Prefix]:
    for node in walk(tree):
        if isinstance(node, Forms):
            yield from (one for one in _terms(node) if isinstance(one, Prefix))


def _has_weak_beginnings(tree: Node) -> bool:
    forms = (node for node in walk(tree) if isinstance(node, Forms))
    return any(isinstance(one, Prefix) for node in forms for one in node.weak)


def _by_height(node: Node, levels: dict[int, list[Some]]) -> int:
    """Note the questions in a tree by how many levels of questions they have in them."""
    height = max((_by_height(part, levels) for part in _below(node)), default=0)
    if isinstance(node, Some) and node.bonus and len(node.parts) > 1:
        height += 1
        levels.setdefault(height, []).append(node)
    return height
