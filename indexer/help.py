"""Help for a question that finds little: another spelling, or what to leave out."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from indexer.engines.protocol import EngineQuery, Forms, Found, Prefix, Term
from indexer.errors import QueryLimitError
from indexer.filters import Filters, filters_of
from indexer.model import Hint, SearchRequest
from indexer.plan import Plan
from indexer.query import Excluded, Group, Node, ParsedQuery, Word, parse_query
from indexer.reading import Place
from indexer.snapshot import Snapshot

MOST_TRIES = 6
WORDS_READ = 40  # by all tries together: each reads the whole question again
_CHUNK = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Spelling:
    """The words of a question that are not in the index, and what may be meant by them.

    `unknown` are words as typed that nothing at all is found by; `instead` maps misspelt ones,
    normalised, to words of the index; `switched` is the question on the keyboard layout meant.
    """

    unknown: tuple[str, ...] = ()
    instead: Mapping[str, str] | None = None
    question: str | None = None
    switched: str | None = None


def understood(request: SearchRequest, sites: Iterable[str]) -> tuple[ParsedQuery, Filters]:
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


def spelling_of(now: Snapshot, request: SearchRequest, plan: Plan) -> Spelling:
    """What is unknown in a question, and the question with that corrected (None without idea)."""
    misspelt = {
        place.tokens[0].exact: (place, forms)
        for place, forms in plan.places
        if any(letter.isalpha() for letter in place.text)
        and not _finds(now, forms.strong)
        and not _finds(now, _other_words(place))
    }
    if not misspelt:
        return Spelling()
    unknown = {key: place.text for key, (place, forms) in misspelt.items()}
    if len(unknown) == len(plan.places):
        switched = now.speller.switched(request.q)
        if switched is not None:
            return Spelling(tuple(unknown.values()), switched=switched)
    instead: dict[str, str] = {}
    question = request.q
    for word, text in list(unknown.items())[:MOST_TRIES]:
        better = now.speller.correct(word)
        if better is not None:
            instead[word] = better
            question = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", better, question)
    lost = (
        place.text
        for key, (place, forms) in misspelt.items()
        if key not in instead and not _finds(now, _synonyms(forms))
    )
    return Spelling(tuple(lost), instead, question if question != request.q else None)


def _finds(now: Snapshot, terms: Iterable[Term | Prefix]) -> bool:
    return any(now.reader.frequency(term) for term in terms)


def _synonyms(forms: Forms) -> Iterator[Term | Prefix]:
    """Words of the same meaning; words with the same first letters are none."""
    return (term for term in forms.weak if term.field == "stem")


def _other_words(place: Place) -> Iterator[Term]:
    """What a word also stands for: facts, phrases of the same meaning (all their words)."""
    yield from (Term("stem", fact) for fact, _ in place.facts)
    for stems, _ in place.phrases:
        if len(stems) > 1:
            yield from (Term("stem", stem) for stem in stems)


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
    found: Found,
    until: float = math.inf,
) -> list[Hint]:
    """Remarks on unknown words and, when nothing is found, on what to leave out.

    Nothing more is tried once this thread has used processor time up to `until`.
    """
    hints = [Hint("unknown_words", spelling.unknown)] if spelling.unknown else []
    for word, better in (spelling.instead or {}).items():
        hints.append(Hint("corrected", (word, better)))
    if 0 < found.complete < found.total and len(plan.places) > 1:
        told = str(found.complete), str(found.total)
        hints.append(Hint("some_words", told))
    if not found.total:
        hints.extend(_less(now, request, plan, filters, until))
    return hints


def _total(now: Snapshot, request: SearchRequest) -> int:
    """How many documents another question finds."""
    try:
        parsed, filters = understood(request, now.sites)
    except QueryLimitError:
        return 0
    return _count(now, now.planner.plan(parsed), filters)


def _count(now: Snapshot, plan: Plan, filters: Filters) -> int:
    query = EngineQuery(plan.tree, filters.values, filters.days, sort="newest", limit=0)
    return now.reader.search(replace(query, count_facets=False)).total


def _less(
    now: Snapshot, request: SearchRequest, plan: Plan, filters: Filters, until: float
) -> list[Hint]:
    """Which filter or word to leave out, and how many answers there are then."""
    hints: list[Hint] = []
    for facet in filters.facets:
        if time.thread_time() > until:
            break
        count = _count(now, plan, filters.without(facet))
        if count:
            chosen = ",".join(filters.chosen(facet))
            hints.append(Hint("without_filter", (facet, chosen, str(count))))
    chunks = [chunk for chunk in _CHUNK.findall(request.q) if ":" not in chunk]
    tries = min(MOST_TRIES, WORDS_READ // max(len(chunks), 1))
    for chunk in chunks[:tries] if len(chunks) > 1 else ():
        if time.thread_time() > until:
            break
        rest = request.q.replace(chunk, " ", 1)
        count = _total(now, replace(request, q=rest))
        if count:
            hints.append(Hint("without_word", (chunk, str(count))))
    return hints
