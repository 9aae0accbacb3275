"""Words that stand in order, at their distances, as filters of the cluster's query language."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

from indexer.engines.opensearch.encoding import safe
from indexer.engines.opensearch.filters import NONE
from indexer.engines.opensearch.statistics import Filter
from indexer.engines.protocol import Ordered

Stems: TypeAlias = tuple[str, ...]


def phrase_filter(node: Ordered) -> Filter:
    """The documents in which words stand in order, at their distances."""
    if not node.stems or not all(node.stems):
        return NONE
    places: dict[int, list[Stems]] = {}
    for place, stems in sorted(zip(node.places, node.stems, strict=True)):
        places.setdefault(place, []).append(stems)
    steps = [later - earlier for earlier, later in pairwise(places)]
    if any(step > 1 for step in steps):
        return _with_gaps(list(places.values()), steps)
    rules = [_together(words) for words in places.values()]
    return {"intervals": {"places": {"all_of": {"mode": "ordered", "max_gaps": 0, **_all(rules)}}}}


def stands(stems: Stems) -> Filter:
    """The rule of an interval for one word in any of its stems."""
    rules = [{"match": {"query": safe(stem), "analyzer": "keyword"}} for stem in stems]
    return rules[0] if len(rules) == 1 else {"any_of": _all(rules)}


def _all(rules: Sequence[Filter]) -> Filter:
    return {"intervals": list(rules)}


def _together(words: Sequence[Stems]) -> Filter:
    """The rule for words that all stand at one place."""
    first, *others = words
    rule = stands(first)
    if not others:
        return rule
    ((kind, told),) = rule.items()
    return {kind: {**told, "filter": {"contained_by": _together(others)}}}


def _with_gaps(places: Sequence[Sequence[Stems]], steps: Sequence[int]) -> Filter:
    clauses: list[Filter] = []
    for words, step in zip(places, (*steps, 1), strict=True):
        clauses.append(_span(words))
        if step > 1:
            clauses.append({"span_gap": {"places": step - 1}})
    return {"span_near": {"clauses": clauses, "slop": 0, "in_order": True}}


def _span(words: Sequence[Stems]) -> Filter:
    """The span of words that all stand at one place."""
    first, *others = words
    spans: list[Filter] = [{"span_term": {"places": safe(stem)}} for stem in first]
    span = spans[0] if len(spans) == 1 else {"span_or": {"clauses": spans}}
    return {"span_containing": {"big": span, "little": _span(others)}} if others else span
