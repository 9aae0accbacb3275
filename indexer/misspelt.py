"""The words of a question that the index does not have, and what may be meant by them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from indexer.engines.protocol import Forms, Prefix, Term
from indexer.model import SearchRequest
from indexer.plan import Plan
from indexer.reading import Place
from indexer.snapshot import Snapshot

MOST_CORRECTED = 6


@dataclass(frozen=True, slots=True)
class Spelling:
    """The words of a question that are not in the index, and what may be meant by them.

    `unknown` are words as typed that nothing at all is found by; `instead` maps misspelt ones,
    normalised, to words of the index; `question` is the question with these; `switched` is it on
    the keyboard layout meant.
    """

    unknown: tuple[str, ...] = ()
    instead: Mapping[str, str] | None = None
    question: str | None = None
    switched: str | None = None


def spelling_of(now: Snapshot, request: SearchRequest, plan: Plan) -> Spelling:
    """What is unknown in a question, and the question with that corrected (None without idea)."""
    words = [(place, forms) for place, forms in plan.places if any(map(str.isalpha, place.text))]
    misspelt = {
        place.tokens[0].exact: (place, forms)
        for place, forms in words
        if not _finds(now, forms.strong) and not _finds(now, _other_words(place))
    }
    if not misspelt:
        return Spelling()
    if all(place.tokens[0].exact in misspelt for place, _ in words):
        switched = now.speller.switched(request.q)
        if switched is not None:
            unknown = tuple(place.text for place, _ in misspelt.values())
            return Spelling(unknown, switched=switched)
    instead: dict[str, str] = {}
    question = request.q
    for word, (place, _) in list(misspelt.items())[:MOST_CORRECTED]:
        better = now.speller.correct(word)
        if better is not None:
            instead[word] = better
            question = re.sub(rf"(?<!\w){re.escape(place.text)}(?!\w)", better, question)
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
