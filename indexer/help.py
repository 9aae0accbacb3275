"""Help for a question that finds little: another spelling, or what to leave out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from indexer.engines.protocol import EngineQuery
from indexer.errors import QueryLimitError
from indexer.filters import Filters, filters_of
from indexer.model import Hint, SearchRequest
from indexer.plan import Plan
from indexer.query import parse_query
from indexer.snapshot import Snapshot
from indexer.spelling import other_layouts

MOST_TRIES = 6
_CHUNK = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Helped:
    """A question that has hits, or None, and remarks."""

    suggestion: str | None = None
    hints: tuple[Hint, ...] = ()


def help_for(
    now: Snapshot, request: SearchRequest, plan: Plan, filters: Filters, total: int
) -> Helped:
    """What may help; nothing when every word of the question is known and something was found."""
    unknown = tuple(dict.fromkeys(token.text for token in plan.tokens if not now.knows(token.text)))
    if not unknown and total:
        return Helped()
    hints = [Hint("unknown_words", unknown)] if unknown else []
    suggestion = _better(now, request, unknown) if unknown else None
    if not total:
        hints.extend(_less(now, request, plan, filters))
    return Helped(suggestion, tuple(hints))


def _better(now: Snapshot, request: SearchRequest, unknown: tuple[str, ...]) -> str | None:
    """The question with unknown words corrected, if it finds something then."""
    switched = _switched(now, request.q)
    if switched is not None:
        return switched
    question = request.q
    for word in unknown[:MOST_TRIES]:
        normal = now.analyzer.tokens(word)
        better = now.speller.correct(normal[0].exact) if normal else None
        if better is not None:
            question = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", better, question)
    if question == request.q or not _total(now, replace(request, q=question)):
        return None
    return question


def _switched(now: Snapshot, question: str) -> str | None:
    """The whole question as typed with the other keyboard layout, if all its words are known."""
    chunks = _CHUNK.findall(question)
    if not chunks or any(now.knows(chunk) for chunk in chunks):
        return None
    return next((typed for typed in other_layouts(question) if now.knows(typed)), None)


def _total(now: Snapshot, request: SearchRequest) -> int:
    """How many documents another question finds."""
    try:
        parsed = parse_query(request.q)
    except QueryLimitError:
        return 0
    filters = filters_of(request, parsed.filters, now.sites)
    return _count(now, now.planner.plan(parsed), filters)


def _count(now: Snapshot, plan: Plan, filters: Filters) -> int:
    query = EngineQuery(plan.tree, filters.values, filters.days, limit=0, count_facets=False)
    return now.reader.search(replace(query, sort="newest")).total


def _less(now: Snapshot, request: SearchRequest, plan: Plan, filters: Filters) -> list[Hint]:
    """Which filter or word to leave out, and how many answers there are then."""
    hints: list[Hint] = []
    for facet in filters.facets:
        count = _count(now, plan, filters.without(facet))
        if count:
            hints.append(
                Hint("without_filter", (facet, ",".join(filters.chosen(facet)), str(count)))
            )
    chunks = _CHUNK.findall(request.q)
    for number, chunk in enumerate(chunks[:MOST_TRIES] if len(chunks) > 1 else ()):
        rest = " ".join([*chunks[:number], *chunks[number + 1 :]])
        count = _total(now, replace(request, q=rest))
        if count:
            hints.append(Hint("without_word", (chunk, str(count))))
    return hints
