"""Articles like one: a question made of its most telling words."""

from __future__ import annotations

import math
from collections import Counter

from crawler.model import Document
from indexer.engines.protocol import EngineQuery, Forms, Some, Term
from indexer.plan import Plan
from indexer.schema import LANGUAGES
from indexer.snapshot import Snapshot

WORDS = 25
TITLE_WEIGHT = 3
SHARED_MOST = 0.2


def similar_query(now: Snapshot, document: Document, limit: int) -> tuple[Plan, EngineQuery]:
    """The question for articles like a document; its own is the best answer to it."""
    counts: Counter[str] = Counter()
    article = document.article
    language = article.language if article.language in LANGUAGES else None
    for text, weight in ((article.title or "", TITLE_WEIGHT), (article.text, 1)):
        zone = now.texts.zone("body", text, language)
        for stem, prefix in zip(zone.stems, zone.prefixes, strict=True):
            if prefix and len(stem) > 2:
                counts[stem] += weight
    total = max(now.reader.documents(), 1)
    worth: dict[str, float] = {}
    for stem, count in counts.most_common(WORDS * 4):
        frequency = now.reader.frequency(Term("stem", stem))
        if 1 < frequency <= max(total * SHARED_MOST, 2):
            worth[stem] = (1 + math.log(count)) * math.log(1 + total / frequency)
    best = sorted(worth, key=lambda stem: (-worth[stem], stem))[:WORDS]
    parts = tuple(Forms((Term("stem", stem, 1 + math.log(counts[stem])),)) for stem in best)
    tree = Some(parts)
    return Plan(tree), EngineQuery(tree, limit=limit, count_facets=False)
