"""A request as it is understood: the question meant, its words, filters and plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from indexer.engines.protocol import EngineQuery
from indexer.errors import QueryLimitError
from indexer.filters import Filters, filters_of
from indexer.misspelt import Spelling, spelling_of
from indexer.model import Hint, SearchRequest
from indexer.plan import Plan
from indexer.query import Excluded, Group, Node, ParsedQuery, Word, parse_query
from indexer.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of an engine for a request, and how it was understood.

    `asked` has the question as meant, where the keyboard was on another layout; `slips` tells so.
    """

    asked: SearchRequest
    slips: tuple[Hint, ...]
    parsed: ParsedQuery
    filters: Filters
    plan: Plan
    spelling: Spelling

    def engine_query(self) -> EngineQuery:
        """A question without words has no best answers: the newest come first."""
        request, plan = self.asked, self.plan
        newest = plan.everything and request.sort == "relevance"
        return EngineQuery(
            tree=plan.tree,
            filters=self.filters.values,
            days=self.filters.days,
            sort="newest" if newest else request.sort,
            offset=(request.page - 1) * request.size,
            limit=request.size,
            words=plan.words,
            today=date.today().toordinal(),
        )


def question_of(now: Snapshot, request: SearchRequest) -> Question:
    """The request as meant, words that nobody uses put right; raises QueryLimitError.

    A slip of the keyboard is seen by the words of the language or, where those leave it open, by
    those of the index, when it has none of the words as typed.
    """
    meant = now.analyzer.as_meant(request.q)
    if meant is not None:
        meant = now.speller.in_kazakh(meant)
    question = _planned(now, request, meant)
    if meant is None and question.spelling.switched is not None:
        return _planned(now, request, question.spelling.switched)
    return question


def totals_of(now: Snapshot, requests: Iterable[SearchRequest]) -> list[int]:
    """How many documents each request finds; none when it is beyond the caps."""
    asked: list[EngineQuery | None] = []
    for request in requests:
        try:
            asked.append(question_of(now, request).engine_query())
        except QueryLimitError:
            asked.append(None)
    totals = iter(now.reader.totals([one for one in asked if one is not None]))
    return [0 if one is None else next(totals) for one in asked]


def _planned(now: Snapshot, request: SearchRequest, meant: str | None) -> Question:
    asked = request if meant is None else replace(request, q=meant)
    slips = () if meant is None else (Hint("switched", (request.q, meant)),)
    parsed, filters = _understood(asked, now.sites)
    plan = now.planner.plan(parsed)
    spelling = spelling_of(now, asked, plan)
    if spelling.instead:
        plan = now.planner.plan(parsed, spelling.instead)
    return Question(asked, slips, parsed, filters, plan, spelling)


def _understood(request: SearchRequest, sites: Iterable[str]) -> tuple[ParsedQuery, Filters]:
    """The words and the filters of a request; what is no filter after all is a word.

    Raises QueryLimitError.
    """
    parsed = parse_query(request.q)
    filters = filters_of(request, parsed.filters, sites)
    words: list[Node] = [
        Excluded(Word(one.value)) if one.excluded else Word(one.value) for one in filters.unknown
    ]
    tree = Group((*parsed.tree.parts, *words))
    return replace(parsed, tree=tree), filters
