"""One question as a search of the cluster, and its answer as what was found.

Where it matters how the words of a question stand together, the best 200 documents are fetched and
put in order here, as in the embedded engine; else the cluster does all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from indexer.engines.collecting import MOST_CLOSE, NEAR_CANDIDATES
from indexer.engines.opensearch.clauses import BUDGET, clauses
from indexer.engines.opensearch.closeness import Looks, looks_at
from indexer.engines.opensearch.counts import counts_of_beginnings
from indexer.engines.opensearch.facets import everything_in, facet_counts, masks, read_counts
from indexer.engines.opensearch.filters import EVERY, all_of
from indexer.engines.opensearch.finding import LEVELS, Finding
from indexer.engines.opensearch.scoring import DETAILS, Scoring, recent
from indexer.engines.opensearch.statistics import Filter, Statistics
from indexer.engines.protocol import EngineQuery, Found
from indexer.model import FACETS
from indexer.ranking import Ranking

_ORDERS: dict[str, list[Any]] = {
    "relevance": ["_score", {"first_day": "desc"}, {"id": "asc"}],
    "newest": [{"first_day": "desc"}, {"id": "asc"}],
    "oldest": [{"first_day": "asc"}, {"id": "asc"}],
    "added": [{"id": "desc"}],
}


@dataclass(frozen=True)
class Question:
    """A question on one state of an index. `visible` are the filters of that state."""

    query: EngineQuery
    ranking: Ranking
    statistics: Statistics
    visible: tuple[Filter, ...]

    @cached_property
    def _looks(self) -> Looks:
        words = self.query.words if self.query.sort == "relevance" else ()
        return looks_at(words, self.ranking, MOST_CLOSE)

    def bodies(self) -> list[dict[str, Any]]:
        """The searches to make, until one finds enough: each finds more documents."""
        finding = Finding(self.statistics, self.ranking)
        finding.learn(self.query.tree)
        found: list[Filter] = []
        for level in LEVELS:
            one = finding.found(self.query.tree, level)
            if one not in found:
                found.append(one)
        room = BUDGET - max(map(clauses, found)) - len(self.visible)
        scored = self._scored(finding, room)
        rest = self._rest(finding)
        return [{"query": self._with_recency(one, scored), **rest} for one in found]

    def _rest(self, finding: Finding) -> dict[str, Any]:
        chosen = masks(self.query)
        let = everything_in(chosen)
        aggregations: dict[str, Any] = facet_counts(chosen) if self.query.count_facets else {}
        complete = finding.complete(self.query.tree)
        aggregations["_all"] = {"filter": EVERY}
        aggregations["_complete"] = {"filter": all_of([*let, complete])}
        return {
            "aggs": aggregations,
            "sort": _ORDERS[self.query.sort],
            "track_scores": True,
            "track_total_hits": True,
            "_source": False,
            "stored_fields": "_none_",
            **({"post_filter": all_of(let)} if let else {}),
            **self._page(),
        }

    def _page(self) -> dict[str, int]:
        if self._looks:
            return {"size": max(NEAR_CANDIDATES, self.query.offset + self.query.limit)}
        return {"from": self.query.offset, "size": self.query.limit}

    def _scored(self, finding: Finding, room: int) -> dict[str, Any]:
        """What scores, in no more clauses than there is room for; nothing where none is asked."""
        if not self.query.limit:
            return {}
        begun = counts_of_beginnings(self.query.tree, self.statistics.dictionary)
        for detail in DETAILS:
            scored = Scoring(finding, self.ranking, begun, detail).scored(self.query.tree)
            if scored is None or clauses(scored) <= room:
                break
        return {"should": [scored], "minimum_should_match": 0} if scored else {}

    def _with_recency(self, found: Filter, scored: dict[str, Any]) -> dict[str, Any]:
        names = [self._looks.filter()] if self._looks else []
        query = {"bool": {"filter": [*self.visible, found, *names], **scored}}
        today = self.query.today
        if self.query.sort != "relevance" or today is None or not self.ranking.recent:
            return query
        return recent(query, today, self.ranking)

    def enough(self, answer: dict[str, Any]) -> bool:
        """Whether a search has found enough documents, whatever the filters."""
        return bool(answer["aggregations"]["_all"]["doc_count"] >= self.ranking.enough)

    def found(self, answer: dict[str, Any]) -> Found:
        """What an answer tells."""
        told = answer["aggregations"]
        total = int(answer["hits"]["total"]["value"])
        facets = {name: read_counts(told, name) for name in FACETS if name in told}
        told_hits = enumerate(answer["hits"]["hits"])
        hits = [self._hit(one, number < NEAR_CANDIDATES) for number, one in told_hits]
        if self._looks:
            closer = sorted(hits[:NEAR_CANDIDATES], key=lambda one: (-one[1], -one[2], one[0]))
            hits = [*closer, *hits[NEAR_CANDIDATES:]]
            hits = hits[self.query.offset : self.query.offset + self.query.limit]
        pairs = tuple((number, round(score, 6)) for number, score, _ in hits)
        return Found(pairs, total, facets, int(told["_complete"]["doc_count"]))

    def _hit(self, hit: dict[str, Any], near: bool) -> tuple[int, float, int]:
        """Id, score and first day (0 where the order is not by score); looked at when `near`."""
        score = float(hit["_score"] or 0.0)
        if self.query.sort != "relevance":
            return int(hit["sort"][-1]), score, 0
        _, day, number = hit["sort"]
        looked = self._looks and near
        factor = self._looks.factor(hit.get("matched_queries", ())) if looked else 1.0
        return int(number), score * factor, int(day)
