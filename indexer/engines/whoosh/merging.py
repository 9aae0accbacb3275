"""Which segments to make one: few segments keep questions fast, rare merges keep updates fast."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.engines.whoosh.codec import ArraySegment

MOST_SEGMENTS = 6
LARGEST = 60_000
DELETED_SHARE = 0.3


def to_merge(segments: Sequence[ArraySegment]) -> list[ArraySegment]:
    """The segments to merge now; none while there are few and little in them is deleted.

    The smallest are taken until no more than half of the allowed number would be left, so that
    a large segment is rewritten seldom; a segment of which much is deleted is rewritten alone.
    """
    small = sorted((one for one in segments if one.size < LARGEST), key=ArraySegment.doc_count)
    if len(segments) > MOST_SEGMENTS and len(small) > 1:
        count = max(2, min(len(small), len(segments) - MOST_SEGMENTS // 2 + 1))
        return _within(small[:count])
    wasted = [one for one in segments if one.deleted_count() > DELETED_SHARE * one.size]
    return wasted[:1]


def _within(small: Sequence[ArraySegment]) -> list[ArraySegment]:
    """As many of the smallest segments as stay below the largest size together."""
    chosen: list[ArraySegment] = []
    total = 0
    for one in small:
        total += one.doc_count()
        if total > LARGEST and len(chosen) > 1:
            break
        chosen.append(one)
    return chosen
