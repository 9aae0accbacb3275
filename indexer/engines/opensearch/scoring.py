"""How well a tree fits each document: the formulas of `matching.py`, for the cluster to compute.

The score of a bare term query is its weighted count (the index's similarity says so); an
expression with the document's length makes BM25 of it. Expressions are Lucene's own compiled
arithmetic, faster than any other script; each is compiled once, as numbers come as parameters.
"""

from __future__ import annotations

from typing import Any

from indexer.engines.opensearch.finding import EVERY, Finding, phrase_filter, term_filter
from indexer.engines.opensearch.statistics import Statistics
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
from indexer.engines.segment import QUARTERS
from indexer.ranking import Ranking

Query = dict[str, Any]
MOST_TERMS = 1_000  # of a beginning are scored; below Lucene's cap on clauses (1,024)

_BM25 = "f * _score / (_score + a + c * doc['length'].value)"
# An interval query scores s = n / (n + 1) for n places: n is s / (1 - s).
_PHRASE = (
    "f * (4 * _score / (1 - _score)) / (4 * _score / (1 - _score) + a + c * doc['length'].value)"
)
_ONCE = "f * 4 / (4 + a + c * doc['length'].value)"
_RECENT = "1 + share * exp(-max(today - doc['first_day'].value, 0) / days)"


class Scoring:
    """Queries whose scores are those of the ranking."""

    def __init__(self, statistics: Statistics, finding: Finding, ranking: Ranking) -> None:
        self._statistics = statistics
        self._finding = finding
        self._ranking = ranking

    def scored(self, tree: Node) -> Query | None:
        """A query with the scores of a tree; None when all are 0."""
        return _sum(self._parts(tree))

    def recent(self, query: Query, today: int) -> Query:
        """The query with scores raised for documents of late."""
        days = 365.25 * self._ranking.recent_years
        told = {"share": self._ranking.recent, "today": today, "days": days}
        return {
            "function_score": {
                "query": query,
                "script_score": {"script": _script(_RECENT, told)},
                "boost_mode": "multiply",
            }
        }

    def _parts(self, node: Node) -> list[Query]:
        """Queries whose scores are to be added up."""
        match node:
            case Forms():
                strong = [self._term(one) for one in node.strong]
                best = [{"dis_max": {"queries": strong}}] if len(strong) > 1 else strong
                return [*best, *(self._term(one) for one in node.weak)]
            case Ordered():
                return [self._phrase(node)]
            case Some():
                return [*self._some(node), *self._all_parts(node.wished)]
            case All():
                return self._all_parts((*node.parts, *node.wished))
            case Without():
                return self._parts(node.part)
            case Everything():
                return []

    def _all_parts(self, nodes: tuple[Node, ...]) -> list[Query]:
        return [one for node in nodes for one in self._parts(node)]

    def _some(self, node: Some) -> list[Query]:
        parts = self._all_parts(node.parts)
        count = len(node.parts)
        bonus = self._ranking.all_words * self._ranking.shortness(count)
        query = _sum(parts)
        if not node.bonus or count < 2 or not bonus or query is None:
            return parts
        words = [self._finding.found(part, "strong") for part in node.parts]
        functions: list[Query] = [{"filter": EVERY, "weight": 1}]
        for least in range(2, count + 1):  # these add up to the square of the words beyond one
            many = {"bool": {"should": words, "minimum_should_match": least}}
            functions.append({"filter": many, "weight": bonus * (2 * least - 3) / (count - 1) ** 2})
        told = {"functions": functions, "score_mode": "sum", "boost_mode": "multiply"}
        return [{"function_score": {"query": query, **told}}]

    def _term(self, term: Term | Prefix) -> Query:
        frequency = self._finding.frequency(term)
        if isinstance(term, Prefix):
            rewrite = {"rewrite": f"top_terms_{MOST_TERMS}"}
            told = {**term_filter(term)["prefix"][term.field], **rewrite}
            return self._formula(_BM25, {"prefix": {term.field: told}}, term.weight, frequency)
        return self._formula(_BM25, term_filter(term), term.weight, frequency)

    def _phrase(self, node: Ordered) -> Query:
        one = phrase_filter(node)
        formula = _PHRASE if "intervals" in one else _ONCE
        query = one if "intervals" in one else {"constant_score": {"filter": one}}
        return self._formula(formula, query, node.weight, self._statistics.count(one))

    def _formula(self, source: str, query: Query, weight: float, frequency: int) -> Query:
        ranking = self._ranking
        told = {
            "f": weight * self._statistics.rarity(frequency) * (ranking.k1 + 1),
            "a": QUARTERS * ranking.k1 * (1 - ranking.b),
            "c": QUARTERS * ranking.k1 * ranking.b / max(self._statistics.mean, 1e-6),
        }
        return {"script_score": {"query": query, "script": _script(source, told)}}


def _sum(parts: list[Query]) -> Query | None:
    if len(parts) > 1:
        return {"bool": {"should": parts}}
    return parts[0] if parts else None


def _script(source: str, parameters: dict[str, float]) -> Query:
    return {"lang": "expression", "source": source, "params": parameters}
