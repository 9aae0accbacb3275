"""Reading the words of a question: every piece analysed in the context of all, with guesses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import TypeAlias

from indexer.analysis import Analyzer, Token
from indexer.kazakh.expansions import Expansion
from indexer.kazakh.letters import KAZAKH_ONLY, script_of
from indexer.query import Begins, Either, Excluded, Group, Node, Phrase, Required, Word
from indexer.ranking import ranking
from indexer.wishes import Wishing

Weighted: TypeAlias = tuple[tuple[str, ...], float]

MOST_JOINED = 8
_PLAIN = ("word", "part")
# Kinds of other names; one of weight 0 is switched off.
_KINDS = ("abbreviation", "place", "synonym")


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the question: the word there with its other readings, the likeliest first.

    `phrases` are stems of phrases that mean the same, with weights; `synonyms` only add to the
    score, `facts` terms of facts that the word
    stands for, and of words written as one with its neighbour.
    """

    tokens: tuple[Token, ...]
    phrases: tuple[Weighted, ...] = ()
    synonyms: tuple[Weighted, ...] = ()
    facts: tuple[tuple[str, float], ...] = ()

    @property
    def stop(self) -> bool:
        """Whether the word is too common to be searched for."""
        return all(token.stop for token in self.tokens)

    @property
    def text(self) -> str:
        """The word as typed."""
        return self.tokens[0].text

    @property
    def stems(self) -> tuple[str, ...]:
        """The stems of all readings."""
        return tuple(dict.fromkeys(token.stem for token in self.tokens if token.stem))


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as read: the places of each piece of text in its tree, by the node's id().

    `phrases` stand for several words of the question and only add to the score.
    """

    places: Mapping[int, tuple[Place, ...]]
    phrases: tuple[Weighted, ...]


def read(tree: Group, analyzer: Analyzer, wishing: Wishing, instead: Mapping[str, str]) -> Reading:
    """Analyse all pieces together; `instead` has other words for misspelt ones (normalised)."""
    nodes = list(_pieces(tree))
    texts = [" ".join(node.text.split()) for node in nodes]
    tokens = analyzer.query_tokens(" ".join(texts))
    expanded = _Expanded(analyzer, tokens)
    groups = [
        expanded.place(_readings(analyzer, list(group), instead))
        for _, group in groupby(tokens, key=lambda token: token.position)
    ]
    groups = _with_facts(groups, analyzer, wishing)
    places: dict[int, tuple[Place, ...]] = {}
    start = 0
    for node, text in zip(nodes, texts, strict=True):
        end = start + len(text)
        places[id(node)] = tuple(g for g in groups if start <= g.tokens[0].start < end)
        start = end + 1
    return Reading(places, tuple(expanded.several))


def _pieces(node: Node) -> Iterator[Word | Phrase | Begins]:
    """The pieces of text of a tree, in order."""
    match node:
        case Word() | Phrase() | Begins():
            yield node
        case Either() | Group():
            for part in node.parts:
                yield from _pieces(part)
        case Required() | Excluded():
            yield from _pieces(node.part)


def _readings(
    analyzer: Analyzer, tokens: list[Token], instead: Mapping[str, str]
) -> tuple[Token, ...]:
    """The tokens of one place, with those of the other language and of the corrected word."""
    weights = ranking().readings
    found = list(tokens)
    for token in tokens:
        if token.exact in instead:
            found.extend(
                replace(better, position=token.position, weight=weights["corrected"])
                for better in analyzer.tokens(instead[token.exact])
            )
    for token in list(found):
        if token.origin in _PLAIN and _of_either_language(token.exact):
            for language in ("kk", "ru"):
                stem = analyzer.stem_of(token.exact, language)
                if all(stem != known.stem for known in found):
                    weight = weights["language"] * token.weight
                    found.append(replace(token, stem=stem, weight=weight, origin="language"))
    return tuple(found)


def _with_facts(places: Sequence[Place], analyzer: Analyzer, wishing: Wishing) -> list[Place]:
    """The places with the facts that their words stand for, and with neighbours as one word."""
    stems = [() if place.stop else place.stems for place in places]
    facts = wishing.of(stems, [place.tokens[0].exact for place in places])
    if len(places) <= MOST_JOINED:
        for number, (one, other) in enumerate(pairwise(places)):
            joined = _joined(one, other, analyzer)
            facts[number].extend(joined)
            facts[number + 1].extend(joined)
    return [
        replace(place, facts=tuple(told)) if told else place
        for place, told in zip(places, facts, strict=True)
    ]


def _joined(one: Place, other: Place, analyzer: Analyzer) -> list[tuple[str, float]]:
    """The stems of two words written as one: `фото выставка` for `фотовыставка`."""
    word = one.tokens[0].exact + other.tokens[0].exact
    if one.stop or other.stop or not word.isalpha():
        return []
    stems = dict.fromkeys(analyzer.stem_of(word, language) for language in ("kk", "ru"))
    return [(stem, ranking().wishes["joined"]) for stem in stems]


def _of_either_language(word: str) -> bool:
    return KAZAKH_ONLY.isdisjoint(word) and script_of(word) == "cyrillic"


class _Expanded:
    """Other words for the words of a question, by place."""

    def __init__(self, analyzer: Analyzer, tokens: Iterable[Token]) -> None:
        known = list(tokens)
        self._positions = [token.position for token in known if token.origin in _PLAIN]
        self._answers: dict[int, list[Weighted]] = {}
        self._synonyms: dict[int, list[Weighted]] = {}
        self.several: list[Weighted] = []
        weights = ranking().expansions
        kinds = tuple(kind for kind in _KINDS if weights[kind] > 0)
        for found in analyzer.expansions(known, kinds):
            self._add(found)

    def _add(self, found: Expansion) -> None:
        """Words of other languages answer as the words themselves do, synonyms only add."""
        weights = ranking().expansions
        span = self._positions[found.start : found.end]
        for phrase in found.phrases:
            if found.kind == "synonym" and phrase not in found.foreign:
                weight = weights["synonym"]
                if len(span) > 1:
                    self.several.append((phrase, weight))
                else:
                    self._synonyms.setdefault(span[0], []).append((phrase, weight))
                continue
            weight = weights["translation" if found.kind == "synonym" else found.kind]
            for at in span:
                self._answers.setdefault(at, []).append((phrase, weight / len(span)))

    def place(self, tokens: tuple[Token, ...]) -> Place:
        at = tokens[0].position
        answers = tuple(self._answers.get(at, ()))
        return Place(tokens, answers, tuple(self._synonyms.get(at, ())))
