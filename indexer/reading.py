"""Reading the words of a question: every piece analysed in the context of all, with guesses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from indexer.analysis import Analyzer, Token
from indexer.kazakh.letters import KAZAKH_ONLY, script_of
from indexer.query import Begins, Either, Excluded, Group, Node, Phrase, Required, Word
from indexer.ranking import ranking

_PLAIN = ("word", "part")


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the question: the word there with its other readings, the likeliest first.

    `phrases` are stems of phrases that mean the same, with weights; `other` are terms of the
    same meaning that only add to the score (synonyms).
    """

    tokens: tuple[Token, ...]
    phrases: tuple[tuple[tuple[str, ...], float], ...] = ()
    synonyms: tuple[tuple[tuple[str, ...], float], ...] = ()

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
    phrases: tuple[tuple[tuple[str, ...], float], ...]


def read(tree: Group, analyzer: Analyzer, instead: Mapping[str, str]) -> Reading:
    """Analyse all pieces together; `instead` has other words for misspelt ones (normalised)."""
    nodes = list(_pieces(tree))
    texts = [" ".join(node.text.split()) for node in nodes]
    tokens = analyzer.query_tokens(" ".join(texts))
    expanded = _Expanded(analyzer, tokens)
    groups = [
        expanded.place(_readings(analyzer, list(group), instead))
        for _, group in groupby(tokens, key=lambda token: token.position)
    ]
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
    found = list(tokens)
    weights = ranking().readings
    for token in tokens:
        if token.origin in _PLAIN and _of_either_language(token.exact):
            for language in ("kk", "ru"):
                stem = analyzer.stem_of(token.exact, language)
                if all(stem != known.stem for known in found):
                    weight = weights["language"]
                    found.append(replace(token, stem=stem, weight=weight, origin="language"))
        if token.exact in instead:
            found.extend(
                replace(better, position=token.position, weight=weights["corrected"])
                for better in analyzer.tokens(instead[token.exact])
            )
    return tuple(found)


def _of_either_language(word: str) -> bool:
    return KAZAKH_ONLY.isdisjoint(word) and script_of(word) == "cyrillic"


class _Expanded:
    """Other words for the words of a question, by place."""

    def __init__(self, analyzer: Analyzer, tokens: Iterable[Token]) -> None:
        known = list(tokens)
        positions = [token.position for token in known if token.origin in _PLAIN]
        self.one: dict[int, list[tuple[tuple[str, ...], float]]] = {}
        self.same: dict[int, list[tuple[tuple[str, ...], float]]] = {}
        self.several: list[tuple[tuple[str, ...], float]] = []
        weights = ranking().expansions
        for found in analyzer.expansions(known, ("abbreviation", "place", "synonym")):
            phrases = [(phrase, weights[found.kind]) for phrase in found.phrases]
            if found.end - found.start > 1:
                self.several.extend(phrases)
            elif found.kind == "synonym":
                self.same.setdefault(positions[found.start], []).extend(phrases)
            else:
                self.one.setdefault(positions[found.start], []).extend(phrases)

    def place(self, tokens: tuple[Token, ...]) -> Place:
        at = tokens[0].position
        return Place(tokens, tuple(self.one.get(at, ())), tuple(self.same.get(at, ())))
