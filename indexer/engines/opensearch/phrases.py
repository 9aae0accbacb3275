"""Words that stand in order, at their distances, as filters of the cluster's query language."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from indexer.engines.opensearch.encoding import safe
from indexer.engines.opensearch.filters import NONE, all_of, one_of
from indexer.engines.opensearch.statistics import Filter
from indexer.engines.protocol import Ordered


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
