"""Which segments to make one: few segments keep questions fast, rare merges keep updates fast."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.engines.whoosh.codec import ArraySegment

# Segments allowed, and one more for each LARGEST documents, as nothing larger is made by merging:
# merging 25,000 articles takes about 400 MB.
MOST_SEGMENTS = 6
LARGEST = 25_000
DELETED_SHARE = 0.3


def to_merge(segments: Sequence[ArraySegment]) -> list[ArraySegment]:
    """The segments to merge now; none while there are few and little in them is deleted.

    The smallest are taken until no more than half of the allowed number would be left, so that
    a large segment is rewritten seldom; a segment of which much is deleted is rewritten alone.
    """
    total = sum(one.doc_count() for one in segments)
    excess = len(segments) - MOST_SEGMENTS - total // LARGEST
    if excess > 0:
        chosen = _within(sorted(segments, key=ArraySegment.doc_count), excess + MOST_SEGMENTS // 2)
        if len(chosen) > 1:
            return chosen
    wasted = [one for one in segments if one.deleted_count() > DELETED_SHARE * one.size]
    return wasted[:1]


def _within(segments: Sequence[ArraySegment], count: int) -> list[ArraySegment]:
    """At most so many of the first segments as stay below the largest size together."""
    chosen: list[ArraySegment] = []
    total = 0
    for one in segments[:count]:
        total += one.doc_count()
        if total > LARGEST:
            break
        chosen.append(one)
    return chosen
