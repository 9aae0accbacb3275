"""Programmes, campaigns and days that an event belongs to."""

from __future__ import annotations

from crawler.enrich.reading import Reading
from crawler.model import Evidence

EARLY = 8


def topics_of(reading: Reading) -> tuple[tuple[str, Evidence], ...]:
    """Kazakh names of the campaigns named, in order, with their words."""
    found: dict[str, Evidence] = {}
    for marked in reading.both:
        for hit in marked.tagged("topic"):
            if marked.passage.sentence_of(hit.start) < EARLY:
                found.setdefault(hit.key, marked.evidence("topics", hit.start, hit.end))
    return tuple(found.items())
