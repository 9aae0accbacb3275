"""One state of an index on the cluster, opened for questions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from indexer.engines.opensearch.asking import Question
from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.dictionary import Dictionary, most_frequent
from indexer.engines.opensearch.facets import read_counts
from indexer.engines.opensearch.pointer import Pointer
from indexer.engines.opensearch.statistics import Filter, Statistics
from indexer.engines.protocol import EngineQuery, Found, Prefix, Term
from indexer.errors import IndexOutdatedError
from indexer.manifest import REMEDY
from indexer.ranking import ranking

MOST_VALUES = 60_000  # below the cluster's cap on buckets (65,535)
PAGE = 10_000
_IDS = {"size": PAGE, "sort": [{"id": "asc"}], "_source": False, "stored_fields": "_none_"}


def visible(generation: int, lost: Sequence[int] = ()) -> tuple[Filter, Filter]:
    """The documents of a state: written by then, and not replaced or deleted by then.

    What bears one of the `lost` numbers counts for nothing: it came from a writer whose state
    never was, however late it arrived.
    """
    born: Filter = {"range": {"born": {"lte": generation}}}
    alive: Filter = {"range": {"died": {"gt": generation}}}
    if not lost:
        return born, alive
    late: Filter = {"terms": {"died": list(lost)}}
    return (
        {"bool": {"filter": [born], "must_not": [{"terms": {"born": list(lost)}}]}},
        {"bool": {"should": [alive, late], "minimum_should_match": 1}},
    )


class OpenSearchReader:
    """Answers from the state that a pointer names; nothing is kept on the cluster for it."""

    def __init__(self, cluster: Cluster, folder: Path, pointer: Pointer) -> None:
        self.generation = pointer.generation
        self.pointer = pointer
        self._cluster = cluster
        self._visible = visible(pointer.generation, pointer.lost)
        self._dictionary = Dictionary([folder / name for name in pointer.dictionaries])
        size, mean = self._measured()
        if size != pointer.documents:
            message = f"{pointer.index}: the cluster has {size} of {pointer.documents} documents"
            raise IndexOutdatedError(message, REMEDY)
        self._ranking = ranking()
        self._statistics = Statistics(
            cluster,
            pointer.index,
            self._dictionary,
            self._visible,
            size,
            mean,
            self._ranking.rarity,
        )

    def _measured(self) -> tuple[int, float]:
        """How many documents there are, and their mean length."""
        told = self._search(
            {
                "size": 0,
                "track_total_hits": True,
                "query": self._all(),
                "aggs": {"mean": {"avg": {"field": "length"}}},
            }
        )
        mean = float(told["aggregations"]["mean"]["value"] or 1.0)
        return int(told["hits"]["total"]["value"]), mean

    def _search(self, body: dict[str, Any]) -> dict[str, Any]:
        path = f"/{self.pointer.index}/_search"
        told: dict[str, Any] = self._cluster.ask(
            "POST", path, body, allow_partial_search_results="false"
        )
        return told

    def search(self, query: EngineQuery) -> Found:
        """The documents that a question finds; less of it counts where all finds too few."""
        (found,) = self._found([query])
        return found

    def totals(self, queries: Sequence[EngineQuery]) -> list[int]:
        """How many documents each question finds; all are asked at once."""
        bare = (replace(one, sort="newest", limit=0, count_facets=False) for one in queries)
        return [one.total for one in self._found(bare)]

    def _found(self, queries: Iterable[EngineQuery]) -> list[Found]:
        """What questions find, in two requests at most beside those for statistics."""
        asked = [Question(one, self._ranking, self._statistics, self._visible) for one in queries]
        bodies = [one.bodies() for one in asked]
        answers = self._many([first for first, *_ in bodies])
        more: list[tuple[int, dict[str, Any]]] = []
        for number, (question, answer) in enumerate(zip(asked, answers, strict=True)):
            if not question.enough(answer):
                more.extend((number, body) for body in bodies[number][1:])
        for (number, _), answer in zip(more, self._many([body for _, body in more]), strict=True):
            if not asked[number].enough(answers[number]):
                answers[number] = answer
        return [one.found(answer) for one, answer in zip(asked, answers, strict=True)]

    def _many(self, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        return self._cluster.many(self.pointer.index, bodies) if bodies else []

    def frequency(self, term: Term | Prefix) -> int:
        """In how many documents a term stands."""
        return self._dictionary.frequency(term)

    @cached_property
    def _words(self) -> Mapping[str, int]:
        return self._dictionary.counts("word")

    def words(self) -> Mapping[str, int]:
        """Every word form with the number of documents it is in."""
        return self._words

    def completions(self, begin: str, limit: int) -> Sequence[str]:
        """The words with a beginning that stand in most documents, most frequent first."""
        return most_frequent(self._dictionary.counts("word", begin), limit)

    def values(self, facet: str) -> Mapping[str, int]:
        """The values of a facet with the number of documents of each."""
        counted = {"values": {"terms": {"field": facet, "size": MOST_VALUES}}}
        told = self._search({"size": 0, "query": self._all(), "aggs": counted})
        return read_counts(told["aggregations"], "values")

    def documents(self) -> int:
        """How many documents there are."""
        return self.pointer.documents

    def ids(self) -> Sequence[int]:
        """The ids of all documents, rising; read in pages of PAGE, once."""
        return self._ids

    @cached_property
    def _ids(self) -> Sequence[int]:
        found: list[int] = []
        asked: dict[str, Any] = {**_IDS, "query": self._all()}
        while page := self._search(asked)["hits"]["hits"]:
            found.extend(int(hit["sort"][0]) for hit in page)
            asked["search_after"] = page[-1]["sort"]
        return found

    def known(self, ids: Collection[int]) -> set[int]:
        """Those of the ids that have a document; asked for in pages of PAGE."""
        found: set[int] = set()
        rising = sorted(ids)
        for start in range(0, len(rising), PAGE):
            some = {"terms": {"id": rising[start : start + PAGE]}}
            wanted = {"bool": {"filter": [*self._visible, some]}}
            told = self._search({**_IDS, "query": wanted})
            found.update(int(hit["sort"][0]) for hit in told["hits"]["hits"])
        return found

    def _all(self) -> Filter:
        return {"bool": {"filter": list(self._visible)}}

    def close(self) -> None:
        """Nothing to give back: the connection is shared by all readers of the process."""
