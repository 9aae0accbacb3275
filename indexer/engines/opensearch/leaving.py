"""The terms of the documents that a state is the first to be without.

They are taken off the dictionary's counts, so that those are of the documents that count, however
often articles are written anew. Words as they are spelt are not kept on the cluster: they stay
counted, as in the embedded engine, until a rebuild or until all documents are replaced at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.statistics import Filter
from indexer.engines.protocol import TEXT_FIELDS

PAGE = 500

Found = Mapping[str, frozenset[str]]


def terms_leaving(cluster: Cluster, index: str, leaving: Filter) -> Iterator[Found]:
    """The different terms by field of every document that a filter finds."""
    asked: dict[str, Any] = {
        "size": PAGE,
        "query": leaving,
        "sort": [{"id": "asc"}, {"born": "asc"}],
        "_source": list(TEXT_FIELDS),
        "track_total_hits": False,
    }

    def page() -> list[Any]:
        told = cluster.ask("POST", f"/{index}/_search", asked, allow_partial_search_results="false")
        return list(told["hits"]["hits"])

    while hits := page():
        for hit in hits:
            yield {name: _terms(hit["_source"].get(name, "")) for name in TEXT_FIELDS}
        asked["search_after"] = hits[-1]["sort"]


def _terms(counted: str) -> frozenset[str]:
    """The terms of a field as the cluster keeps it: `term|count`, parted by blanks."""
    return frozenset(one.rpartition("|")[0] for one in counted.split(" ") if one)
