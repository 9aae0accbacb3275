"""Filters by values and days, and the counts of every facet as if its own filters were off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.engines.collecting import mask_name
from indexer.engines.opensearch.filters import all_of
from indexer.engines.opensearch.statistics import Filter
from indexer.engines.protocol import EngineQuery, ValueFilter
from indexer.model import FACETS

MOST_VALUES = 10_000
_TIMES = ("year", "month")


def masks(query: EngineQuery) -> dict[str, list[Filter]]:
    """For each facet that is filtered, its filters; the days belong to the year."""
    found: dict[str, list[Filter]] = {}
    for one in query.filters:
        found.setdefault(mask_name(one), []).append(value_filter(one))
    if query.days is not None:
        first, last = query.days.first, query.days.last
        found.setdefault("year", []).extend(
            [{"range": {"first_day": {"lte": last}}}, {"range": {"last_day": {"gte": first}}}]
        )
    return found


def value_filter(one: ValueFilter) -> Filter:
    """The documents that a filter lets through."""
    has: Filter = {"terms": {one.facet: list(one.values)}}
    return {"bool": {"must_not": [has]}} if one.excluded else has


def everything_in(chosen: Mapping[str, list[Filter]]) -> list[Filter]:
    """The filters of all facets."""
    return [one for filters in chosen.values() for one in filters]


def facet_counts(chosen: Mapping[str, list[Filter]]) -> dict[str, Any]:
    """Aggregations named by facet, to be read by `read_counts`."""
    asked: dict[str, Any] = {}
    for facet in FACETS:
        own = _TIMES if facet in _TIMES else (facet,)
        others = [one for name, some in chosen.items() if name not in own for one in some]
        values = {"terms": {"field": facet, "size": MOST_VALUES}}
        asked[facet] = {"filter": all_of(others), "aggs": {"values": values}} if others else values
    return asked


def read_counts(told: Mapping[str, Any], facet: str) -> dict[str, int]:
    """The values of a facet with their counts, from the answer."""
    counted = told[facet].get("values", told[facet])
    return {one["key"]: one["doc_count"] for one in counted["buckets"]}
