"""Help for a question that finds little: another spelling, or what to leave out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from indexer.engines.protocol import EngineQuery
from indexer.errors import QueryLimitError
from indexer.filters import Filters, filters_of
from indexer.model import Hint, SearchRequest
from indexer.plan import Plan
from indexer.query import parse_query
from indexer.snapshot import Snapshot

MOST_TRIES = 6
_CHUNK = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Spelling:
    """The words of a question that are not in the index, and what may be meant by them.

    `unknown` are words as typed; `instead` maps them, normalised, to words of the index.
    """

    unknown: tuple[str, ...] = ()
    instead: Mapping[str, str] | None = None
    question: str | None = None


def spelling_of(now: Snapshot, request: SearchRequest, plan: Plan) -> Spelling:
    """What is unknown in a question, and the question with that corrected (None without idea)."""
    unknown = {
        place.tokens[0].exact: place.text
        for place, forms in plan.places
        if any(letter.isalpha() for letter in place.text)
        and not any(now.reader.frequency(term) for term in forms.strong)
    }
    if not unknown:
        return Spelling()
    typed = tuple(unknown.values())
    if len(unknown) == len(plan.places):
        switched = now.speller.switched(request.q)
        if switched is not None:
            return Spelling(typed, None, switched)
    instead: dict[str, str] = {}
    question = request.q
    for word, text in list(unknown.items())[:MOST_TRIES]:
        better = now.speller.correct(word)
        if better is not None:
            instead[word] = better
            question = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", better, question)
    return Spelling(typed, instead, question if question != request.q else None)


def suggestion_of(now: Snapshot, request: SearchRequest, spelling: Spelling) -> str | None:
    """The corrected question, if it has answers."""
    if spelling.question is None:
        return None
    asked = replace(request, q=spelling.question)
    return spelling.question if _total(now, asked) else None


def hints_of(
    now: Snapshot,
    request: SearchRequest,
    plan: Plan,
    filters: Filters,
    spelling: Spelling,
    total: int,
) -> list[Hint]:
    """Remarks on unknown words and, when nothing is found, on what to leave out."""
    hints = [Hint("unknown_words", spelling.unknown)] if spelling.unknown else []
    for word, better in (spelling.instead or {}).items():
        hints.append(Hint("corrected", (word, better)))
    if not total:
        hints.extend(_less(now, request, plan, filters))
    return hints


def _total(now: Snapshot, request: SearchRequest) -> int:
    """How many documents another question finds."""
    try:
        parsed = parse_query(request.q)
    except QueryLimitError:
        return 0
    filters = filters_of(request, parsed.filters, now.sites)
    return _count(now, now.planner.plan(parsed), filters)


def _count(now: Snapshot, plan: Plan, filters: Filters) -> int:
    query = EngineQuery(plan.tree, filters.values, filters.days, sort="newest", limit=0)
    return now.reader.search(replace(query, count_facets=False)).total


def _less(now: Snapshot, request: SearchRequest, plan: Plan, filters: Filters) -> list[Hint]:
    """Which filter or word to leave out, and how many answers there are then."""
    hints: list[Hint] = []
    for facet in filters.facets:
        count = _count(now, plan, filters.without(facet))
        if count:
            chosen = ",".join(filters.chosen(facet))
            hints.append(Hint("without_filter", (facet, chosen, str(count))))
    chunks = [chunk for chunk in _CHUNK.findall(request.q) if ":" not in chunk]
    for chunk in chunks[:MOST_TRIES] if len(chunks) > 1 else ():
        rest = request.q.replace(chunk, " ", 1)
        count = _total(now, replace(request, q=rest))
        if count:
            hints.append(Hint("without_word", (chunk, str(count))))
    return hints
