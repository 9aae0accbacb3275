"""What a commit does on the cluster before and after the pointer is changed."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.encoding import NEVER
from indexer.engines.opensearch.errors import ClusterError
from indexer.engines.opensearch.leaving import Found, terms_leaving
from indexer.engines.opensearch.pointer import Pointer
from indexer.engines.opensearch.reader import visible
from indexer.engines.opensearch.statistics import Filter
from indexer.engines.opensearch.writer import Writer
from indexer.engines.protocol import Part

CHUNK = 5_000  # ids in one request; a filter takes 65,536 at most
TIMEOUT = 300.0
PATIENCE = 300.0
TRIES = 6
KEPT = 8  # states before the last whose readers, on machines that lag behind, find all of theirs
MOST_LOST = 1_000  # numbers of tries that did not end are remembered
REMEDY = "The old state is unharmed; run `jarshy index` again."


@dataclass(frozen=True, slots=True)
class Prepared:
    """A state ready on the cluster: its documents, and those of the one before that it is without.

    What was replaced is among the latter. `lost` are numbers that no state has (`Pointer`).
    """

    documents: int
    left: int
    lost: tuple[int, ...]


class Committing:
    """One commit by a right to write, after the state of a pointer."""

    def __init__(self, cluster: Cluster, writer: Writer, old: Pointer) -> None:
        self._cluster = cluster
        self._index = writer.index
        self._alias = writer.name
        self._generation = writer.state
        self._old = old
        self.next = writer.next
        self._lost = (*old.lost, *range(writer.state + 1, writer.next))[-MOST_LOST:]

    def prepared(self, parts: Sequence[Part], deleted: Collection[int]) -> Prepared:
        """Have everything of the next state on the cluster.

        Raises ClusterError when documents that were sent, or that were there, are not there.
        """
        self._refresh()
        self._forget_tries(parts)
        ended = sorted({*deleted, *(one for part in parts for one in part.ids)})
        for chunk in _chunks(ended) if self._old.documents else ():
            self._end(chunk)
        self._refresh()
        wanted = sum(len(part.ids) for part in parts)
        found, documents, left = self._counts(
            [_born_in(self.next)], visible(self.next, self._lost), self._leaving()
        )
        if found != wanted:
            raise ClusterError(f"{self._index}: {found} of {wanted} documents arrived", REMEDY)
        expected = self._old.documents - left + wanted
        if documents != expected:
            message = f"{self._index}: {documents} documents, where {expected} must be"
            raise ClusterError(message, REMEDY)
        return Prepared(documents, left, self._lost)

    def terms_leaving(self) -> Iterator[Found]:
        """The terms of each document that the next state is the first to be without."""
        told = {"bool": {"filter": list(self._leaving())}}
        return terms_leaving(self._cluster, self._index, told)

    def _leaving(self) -> tuple[Filter, ...]:
        born, _ = visible(self._generation, self._lost)
        return (born, {"term": {"died": self.next}})

    def _forget_tries(self, parts: Sequence[Part]) -> None:
        """Undo what commits have left that did not end, until nothing of it is there."""
        names = {"terms": {"part": [part.name for part in parts]}}
        lost = list(self._lost)
        sent = _either(_after("born", self._generation), {"terms": {"born": lost}})
        left = {"bool": {"filter": [sent], "must_not": [names]}}
        marked = _either(
            {"range": {"died": {"gt": self._generation, "lt": NEVER}}}, {"terms": {"died": lost}}
        )
        for wait in range(TRIES):
            time.sleep(wait)
            documents, marks = self._counts([left], [marked])
            if documents:
                self._delete(left)
            if marks:
                self._mark(marked, NEVER)
            if not documents and not marks:
                return
            self._refresh()
        raise ClusterError(f"{self._index}: what a run left cannot be removed", REMEDY)

    def _end(self, ids: Sequence[int]) -> None:
        """Mark documents as dead from the next generation on; what a node lost is tried again."""
        born, _ = visible(self._generation, self._lost)
        alive = _either(_after("died", self.next), {"terms": {"died": list(self._lost)}})
        filters: list[Filter] = [{"terms": {"id": list(ids)}}, born, alive]
        for wait in range(TRIES):
            if not self._mark({"bool": {"filter": filters}}, self.next):
                return
            self._refresh()
            if self._counts(filters) == [0]:
                return
            time.sleep(wait)
        raise ClusterError(f"{self._index}: replaced documents could not be marked", REMEDY)

    def tidy(self, oldest: int) -> None:
        """Delete what only states before the state `oldest` can see; anybody may do that."""
        dead = {"range": {"died": {"lte": oldest}}}
        told = {"bool": {"filter": [dead], "must_not": [{"terms": {"died": list(self._lost)}}]}}
        if oldest and self._counts([told]) != [0]:
            self._delete(told, self._index)

    def _mark(self, query: Filter, died: int) -> int:
        """Set the generation in which documents died; how many there were."""
        script = {"source": "ctx._source.died = params.died", "params": {"died": died}}
        return self._by_query("_update_by_query", {"query": query, "script": script})

    def _delete(self, query: Filter, target: str = "") -> int:
        return self._by_query("_delete_by_query", {"query": query}, target)

    def _by_query(self, what: str, body: Filter, target: str = "") -> int:
        told = self._cluster.ask(
            "POST",
            f"/{target or self._alias}/{what}",
            body,
            patience=PATIENCE,
            timeout=TIMEOUT,
            conflicts="proceed",
            scroll_size="500",
        )
        if told.get("failures"):
            raise ClusterError(f"{self._index}: {str(told['failures'][0])[:300]}", REMEDY)
        return int(told["total"])

    def _refresh(self) -> None:
        self._cluster.ask("POST", f"/{self._index}/_refresh", patience=PATIENCE, timeout=TIMEOUT)

    def _counts(self, *filters: Sequence[Filter]) -> list[int]:
        """How many documents pass each list of filters."""
        told = self._cluster.many(
            self._index,
            (
                {"size": 0, "track_total_hits": True, "query": {"bool": {"filter": list(some)}}}
                for some in filters
            ),
        )
        return [int(one["hits"]["total"]["value"]) for one in told]


def _born_in(generation: int) -> Filter:
    return {"term": {"born": generation}}


def _after(name: str, generation: int) -> Filter:
    return {"range": {name: {"gt": generation}}}


def _either(*filters: Filter) -> Filter:
    return {"bool": {"should": list(filters), "minimum_should_match": 1}}


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
