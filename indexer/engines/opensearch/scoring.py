"""How well a tree fits each document: the formulas of `matching.py`, for the cluster to compute.

The score of a bare term query is its weighted count (the index's similarity says so); an
expression with the document's length makes BM25 of it. Expressions are Lucene's own compiled
arithmetic, faster than any other script; each is compiled once, as numbers come as parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.engines.opensearch.counts import MOST_TERMS, Query, count_of_any, sum_of
from indexer.engines.opensearch.encoding import safe
from indexer.engines.opensearch.filters import EVERY, term_filter
from indexer.engines.opensearch.finding import Finding
from indexer.engines.opensearch.phrases import phrase_filter
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

_BM25 = "f * _score / (_score + a + c * doc['length'].value)"
# An interval query scores s = n / (n + 1) for n places: n is s / (1 - s).
_PHRASE = (
    "f * (4 * _score / (1 - _score)) / (4 * _score / (1 - _score) + a + c * doc['length'].value)"
)
_ONCE = "f * 4 / (4 + a + c * doc['length'].value)"
_RECENT = "1 + share * exp(-max(today - doc['first_day'].value, 0) / days)"


@dataclass(frozen=True, slots=True)
class Detail:
    """How exact scores are, for questions that have too many clauses.

    So many forms of a word as `forms` says have a score each, those that stand in most documents;
    the others have one together. Without `phrases` one counts once a document.
    """

    forms: int = MOST_TERMS
    phrases: bool = True


FULL = Detail()
# Less and less exact; the last has some ten clauses a word.
DETAILS = (FULL, Detail(16), Detail(8), *(Detail(forms, False) for forms in (8, 4, 2, 1, 0)))


class Scoring:
    """Queries whose scores are those of the ranking.

    `begun` are the counts of the beginnings in the trees (`counts_of_beginnings`).
    """

    def __init__(
        self,
        finding: Finding,
        ranking: Ranking,
        begun: Mapping[Prefix, Query],
        detail: Detail = FULL,
    ) -> None:
        self._statistics = finding.statistics
        self._finding = finding
        self._ranking = ranking
        self._detail = detail
        self._begun = begun

    def scored(self, tree: Node) -> Query | None:
        """A query with the scores of a tree; None when all are 0."""
        return sum_of(self._parts(tree))

    def _parts(self, node: Node) -> list[Query]:
        """Queries whose scores are to be added up."""
        match node:
            case Forms():
                strong = self._forms(node.strong)
                best = [{"dis_max": {"queries": strong}}] if len(strong) > 1 else strong
                return [*best, *self._forms(node.weak)]
            case Ordered():
                return [self._phrase(node) if self._detail.phrases else self._phrases([node])]
            case Some():
                return [*self._some(node), *self._all_parts(node.wished)]
            case All():
                return self._all_parts((*node.parts, *node.wished))
            case Without():
                return self._parts(node.part)
            case Everything():
                return []

    def _all_parts(self, nodes: tuple[Node, ...]) -> list[Query]:
        phrases = [one for one in nodes if isinstance(one, Ordered)]
        if len(phrases) < 2 or self._detail.phrases:
            return [one for node in nodes for one in self._parts(node)]
        others = [one for one in nodes if not isinstance(one, Ordered)]
        return [*self._all_parts(tuple(others)), self._phrases(phrases)]

    def _some(self, node: Some) -> list[Query]:
        parts = self._all_parts(node.parts)
        count = len(node.parts)
        bonus = self._ranking.all_words * self._ranking.shortness(count)
        query = sum_of(parts)
        if not node.bonus or count < 2 or not bonus or query is None:
            return parts
        words = [self._finding.found(part, "strong") for part in node.parts]
        functions: list[Query] = [{"filter": EVERY, "weight": 1}]
        for least in range(2, count + 1):  # these add up to the square of the words beyond one
            many = {"bool": {"should": words, "minimum_should_match": least}}
            functions.append({"filter": many, "weight": bonus * (2 * least - 3) / (count - 1) ** 2})
        told = {"functions": functions, "score_mode": "sum", "boost_mode": "multiply"}
        return [{"function_score": {"query": query, **told}}]

    def _forms(self, terms: Sequence[Term | Prefix]) -> list[Query]:
        most = self._detail.forms
        if len(terms) <= most:
            return [self._term(one) for one in terms]
        often = sorted(terms, key=lambda one: -self._finding.frequency(one))
        alone, rest = often[:most], often[most:]
        fields: dict[str, list[Term]] = {}
        for one in rest:
            if isinstance(one, Term):
                fields.setdefault(one.field, []).append(one)
            else:
                alone.append(one)
        together = [self._together(name, some) for name, some in fields.items()]
        return [*(self._term(one) for one in alone), *together]

    def _together(self, field: str, terms: Sequence[Term]) -> Query:
        """The score of several terms as if they were one."""
        counted = count_of_any(field, (safe(one.text) for one in terms))
        frequency = sum(self._finding.frequency(one) for one in terms)
        weight = max(one.weight for one in terms)
        return self._formula(_BM25, counted, weight, frequency)

    def _term(self, term: Term | Prefix) -> Query:
        frequency = self._finding.frequency(term)
        counted = self._begun[term] if isinstance(term, Prefix) else term_filter(term)
        return self._formula(_BM25, counted, term.weight, frequency)

    def _phrase(self, node: Ordered) -> Query:
        one = phrase_filter(node)
        formula = _PHRASE if "intervals" in one else _ONCE
        query = one if "intervals" in one else {"constant_score": {"filter": one}}
        return self._formula(formula, query, node.weight, self._statistics.count(one))

    def _phrases(self, nodes: Sequence[Ordered]) -> Query:
        """The sum of the scores of phrases in one clause, each counted once a document."""
        functions: list[Query] = [{"filter": EVERY, "weight": 1e-9}]  # 1 without a function
        for node in nodes:
            one = phrase_filter(node)
            script = _script(_ONCE, self._told(node.weight, self._statistics.count(one)))
            functions.append({"filter": one, "script_score": {"script": script}})
        told = {"functions": functions, "score_mode": "sum", "boost_mode": "replace"}
        return {"function_score": {"query": EVERY, **told}}

    def _formula(self, source: str, query: Query, weight: float, frequency: int) -> Query:
        told = self._told(weight, frequency)
        return {"script_score": {"query": query, "script": _script(source, told)}}

    def _told(self, weight: float, frequency: int) -> dict[str, float]:
        """The numbers in the formulas of something that stands in so many documents."""
        ranking = self._ranking
        return {
            "f": weight * self._statistics.rarity(frequency) * (ranking.k1 + 1),
            "a": QUARTERS * ranking.k1 * (1 - ranking.b),
            "c": QUARTERS * ranking.k1 * ranking.b / max(self._statistics.mean, 1e-6),
        }


def recent(query: Query, today: int, ranking: Ranking) -> Query:
    """The query with scores raised for documents of late."""
    days = 365.25 * ranking.recent_years
    told = {"share": ranking.recent, "today": today, "days": days}
    return {
        "function_score": {
            "query": query,
            "script_score": {"script": _script(_RECENT, told)},
            "boost_mode": "multiply",
        }
    }


def _script(source: str, parameters: dict[str, float]) -> Query:
    return {"lang": "expression", "source": source, "params": parameters}
