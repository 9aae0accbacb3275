"""Help for a question that finds little: another spelling, or what to leave out.

Whatever is told with a number is a request of its own, understood and counted as any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from indexer.allowance import Allowance
from indexer.engines.protocol import Found
from indexer.model import Hint, SearchRequest
from indexer.pieces import Piece, pieces_of, without
from indexer.question import Question, totals_of
from indexer.snapshot import Snapshot

MOST_TRIES = 6
WORDS_READ = 40  # by all tries together: each reads the whole question again
_PARAMETERS: dict[str, dict[str, Any]] = {
    "site": {"sites": ()},
    "region": {"regions": ()},
    "kind": {"kinds": ()},
    "language": {"languages": ()},
    "year": {"date_from": None, "date_to": None},
}


def suggestion_of(now: Snapshot, question: Question, found: Found) -> str | None:
    """The question as it was meant or corrected, if it has answers."""
    if question.slips and found.total:
        return question.asked.q
    corrected = question.spelling.question
    if corrected is None or totals_of(now, [replace(question.asked, q=corrected)]) == [0]:
        return None
    return corrected


def hints_of(now: Snapshot, question: Question, found: Found, allowance: Allowance) -> list[Hint]:
    """Remarks on unknown words and, when nothing is found, on what to leave out.

    Nothing more is tried once the allowance is spent.
    """
    spelling = question.spelling
    hints = [Hint("unknown_words", spelling.unknown)] if spelling.unknown else []
    for word, better in (spelling.instead or {}).items():
        hints.append(Hint("corrected", (word, better)))
    if 0 < found.complete < found.total and len(question.plan.places) > 1:
        told = str(found.complete), str(found.total)
        hints.append(Hint("some_words", told))
    if not found.total:
        hints.extend(_ways_out(now, question, allowance))
    return hints


def _ways_out(now: Snapshot, question: Question, allowance: Allowance) -> Iterator[Hint]:
    """Which filter or word to leave out, how many answers there are then, and to what question."""
    left = _requests_of_less(question)
    while not allowance.spent and (some := list(islice(left, allowance.at_once))):
        counts = totals_of(now, (request for _, _, request in some))
        for (code, told, request), count in zip(some, counts, strict=True):
            if count:
                yield Hint(code, (*told, str(count), request.q))


def _requests_of_less(
    question: Question,
) -> Iterator[tuple[str, tuple[str, ...], SearchRequest]]:
    """The requests that ask for less: code of the hint, what is left out, the request."""
    asked, filters = question.asked, question.filters
    words, narrowing = _parts(question)
    for facet in filters.facets:
        q = without(asked.q, narrowing.get(facet, ()))
        request = replace(asked, q=q, page=1, **_PARAMETERS[facet])
        yield "without_filter", (facet, ",".join(filters.chosen(facet))), request
    for left_out in _tries(words, question.spelling.unknown):
        request = replace(asked, q=without(asked.q, left_out), page=1)
        told = " ".join(dict.fromkeys(piece.text for piece in left_out))
        yield "without_word", (told,), request


def _parts(question: Question) -> tuple[list[list[Piece]], dict[str, list[Piece]]]:
    """The words, those that a bracket has twice together, and the filters by facet.

    A filter whose value nobody knows is searched as a word.
    """
    words: dict[tuple[str, int], list[Piece]] = {}
    narrowing: dict[str, list[Piece]] = {}
    nobody_knows = {(one.facet, one.value) for one in question.filters.unknown}
    brackets = [0]
    for piece in pieces_of(question.asked.q):
        if piece.kind == "open":
            brackets.append(piece.start + 1)
        elif piece.kind == "close":
            brackets = brackets[:-1] or [0]
        facet = piece.operator[0] if piece.kind == "filter" else None
        if facet and piece.operator not in nobody_knows:
            narrowing.setdefault(facet, []).append(piece)
        elif facet or piece.searched:
            words.setdefault((piece.text, brackets[-1]), []).append(piece)
    return list(words.values()), narrowing


def _tries(words: list[list[Piece]], unknown: tuple[str, ...]) -> list[list[Piece]]:
    """The words to leave out, one after the other, those first that must be found.

    Of several words that no article has all are left out at once.
    """
    if len(words) < 2:
        return []
    tries = sorted(words, key=lambda same: not same[0].must)
    lost = [same for same in tries if same[0].plain in unknown]
    if 1 < len(lost) < len(words):
        tries.insert(0, [piece for same in lost for piece in same])
    return tries[: min(MOST_TRIES, WORDS_READ // len(words))]
