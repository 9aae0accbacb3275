"""From what a tree finds to one page: filters, facet counts, order, the first hits."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

import numpy as np

from indexer.engines.arrays import Array
from indexer.engines.closeness import closeness
from indexer.engines.matching import Match, Matcher
from indexer.engines.protocol import EngineQuery, Found, ValueFilter
from indexer.engines.state import State
from indexer.model import FACETS

NEAR_CANDIDATES = 200
MOST_CLOSE = 12  # words of a question; longer ones are told by their words alone
_TIMES = ("year", "month")


def collect(matcher: Matcher, query: EngineQuery) -> Found:
    """Answer a question on the matcher's state of the index."""
    state = matcher.state
    if not state.size:
        return Found((), 0, {facet: {} for facet in FACETS} if query.count_facets else {})
    match = matcher.answer(query.tree)
    base = match.found & state.live
    masks = _masks(state, query)
    allowed = reduce(np.logical_and, masks.values(), base)
    found = np.flatnonzero(allowed)
    facets = _facets(state, base, masks) if query.count_facets else {}
    complete = int(np.count_nonzero(match.complete[found]))
    if query.sort == "relevance":
        hits = _best(matcher, query, match, found)
    else:
        hits = _in_order(state, query, match, found)
    return Found(hits, len(found), facets, complete)


def _masks(state: State, query: EngineQuery) -> dict[str, Array]:
    """For each facet that is filtered, the documents that its filters let through."""
    masks: dict[str, Array] = {}
    for one in query.filters:
        mask = value_mask(state, one)
        name = mask_name(one)
        known = masks.get(name)
        masks[name] = mask if known is None else known & mask
    if query.days is not None:
        mask = (state.first_days <= query.days.last) & (state.last_days >= query.days.first)
        known = masks.get("year")
        masks["year"] = mask if known is None else known & mask
    return masks


def mask_name(one: ValueFilter) -> str:
    """The facet whose counts a filter is off for; none for a minus, which stays on."""
    return f"-{one.facet}" if one.excluded else one.facet


def value_mask(state: State, one: ValueFilter) -> Array:
    """The documents that one filter lets through."""
    values = state.values[one.facet]
    wanted = np.isin(np.array(values.names, dtype=object), list(one.values))
    mask = np.zeros(state.size, bool)
    if not wanted.any():
        pass
    elif columns := state.columns[one.facet]:
        let = np.append(wanted, False)
        for column in columns:
            mask |= let[column]
    else:
        mask[state.owners[one.facet][wanted[values.codes]]] = True
    return ~mask if one.excluded else mask


def _facets(state: State, base: Array, masks: dict[str, Array]) -> dict[str, dict[str, int]]:
    """Counts of every facet's values, each as if its own filters were off."""
    counted = {}
    unfiltered = np.flatnonzero(base)
    for facet in FACETS:
        own = _TIMES if facet in _TIMES else (facet,)
        others = [mask for name, mask in masks.items() if name not in own]
        let = np.flatnonzero(reduce(np.logical_and, others, base)) if others else unfiltered
        counted[facet] = count_values(state, facet, let)
    return counted


def count_values(state: State, facet: str, docs: Array) -> dict[str, int]:
    """How many of the documents have each value of a facet; values with none are left out."""
    values, size = state.values[facet], len(state.values[facet].names)
    columns = [column[docs] for column in state.columns[facet]]
    if not columns:
        mask = np.zeros(state.size, bool)
        mask[docs] = True
        columns = [values.codes[mask[state.owners[facet]]]]
    counts = reduce(np.add, (np.bincount(one, minlength=size + 1)[:size] for one in columns))
    return {name: count for name, count in zip(values.names, counts.tolist(), strict=True) if count}


def _best(
    matcher: Matcher, query: EngineQuery, match: Match, found: Array
) -> tuple[tuple[int, float], ...]:
    """The best scores first; equal ones by the newer day, then by the lower id."""
    state = matcher.state
    scores = match.score[found].astype(np.float64)
    if query.today is not None and matcher.ranking.recent:
        scores *= _recency(matcher, query.today, found)
    top = _top(scores, state.first_days[found], max(NEAR_CANDIDATES, query.offset + query.limit))
    docs, scores = _in_rank(state, found[top], scores[top])
    if query.words and len(query.words) <= MOST_CLOSE:
        # Always the same ones, whichever page is asked for: else pages would not join.
        near = docs[:NEAR_CANDIDATES]
        closer = scores[: len(near)] * _closeness(matcher, query.words, near)
        first = _in_rank(state, near, closer)
        docs = np.concatenate((first[0], docs[len(near) :]))
        scores = np.concatenate((first[1], scores[len(near) :]))
    page = slice(query.offset, query.offset + query.limit)
    return _pairs(state.ids[docs[page]], scores[page])


def _in_rank(state: State, docs: Array, scores: Array) -> tuple[Array, Array]:
    """Documents and their scores in the order of answers."""
    order = np.lexsort((state.ids[docs], -state.first_days[docs], -scores))
    return docs[order], scores[order]


def _closeness(matcher: Matcher, words: tuple[tuple[str, ...], ...], docs: Array) -> Array:
    """The factor by which documents gain that have the words of a question close together."""
    ranking = matcher.ranking
    rising = np.argsort(docs)
    close = closeness([matcher.standing(stems, docs[rising]) for stems in words], len(docs))
    short = ranking.shortness(len(words))
    gain = short * (ranking.near * close.near + ranking.title * close.title)
    factor = np.empty(len(docs))
    factor[rising] = 1 + gain + ranking.runs * close.runs
    return factor


def _recency(matcher: Matcher, today: int, found: Array) -> Array:
    """1 for old articles, up to 1 + recent for those of today."""
    known = matcher.recencies.get(today)
    if known is None:
        years = np.maximum(today - matcher.state.first_days, 0) / 365.25
        known = 1 + matcher.ranking.recent * np.exp(-years / matcher.ranking.recent_years)
        matcher.recencies.clear()
        matcher.recencies[today] = known
    recent: Array = known[found]
    return recent


def _top(scores: Array, days: Array, count: int) -> Array:
    """The indices of at least `count` best (score, then day), in no order, ties included."""
    if len(scores) <= count:
        return np.arange(len(scores))
    bits = np.maximum(scores, 0).astype(np.float32).view(np.uint32).astype(np.uint64)
    keys = (bits << np.uint64(32)) | days.astype(np.uint64)
    least = np.partition(keys, len(keys) - count)[len(keys) - count]
    return np.flatnonzero(keys >= least)


def _in_order(
    state: State, query: EngineQuery, match: Match, found: Array
) -> tuple[tuple[int, float], ...]:
    """In order of the event's first day, equal days by the lower id; or by the higher id.

    Ids rise in the order in which articles were first seen.
    """
    keys = (state.ids if query.sort == "added" else state.first_days)[found].astype(np.int64)
    keys = keys if query.sort == "oldest" else -keys
    count = query.offset + query.limit
    if len(found) > count:
        chosen = np.flatnonzero(keys <= np.partition(keys, count - 1)[count - 1])
        found, keys = found[chosen], keys[chosen]
    order = np.lexsort((state.ids[found], keys))
    page = found[order[query.offset : count]]
    return _pairs(state.ids[page], match.score[page])


def _pairs(ids: Array, scores: Array) -> tuple[tuple[int, float], ...]:
    def of(values: Array) -> Iterable[float]:
        return (round(float(score), 6) for score in values)

    return tuple(zip(ids.tolist(), of(scores), strict=True))
