"""The forms under which a word of a question is looked up, each with its weight."""

from __future__ import annotations

from indexer.analysis import Token
from indexer.engines.protocol import Forms, Node, Ordered, Prefix, Term
from indexer.ranking import ranking
from indexer.reading import Place

Stems = tuple[str, ...]


def stems_of_word(place: Place) -> Stems:
    """The stems of the word itself at a place; a hyphenated whole stands over its parts."""
    alone = [token for token in place.tokens if token.origin != "compound"]
    return tuple(dict.fromkeys(token.stem for token in alone or place.tokens))


def forms_of(place: Place) -> Forms:
    """A word's stems and, weaker, its folded forms and beginnings, and words of its meaning."""
    weights = ranking().forms
    strong: dict[tuple[str, str], float] = {}
    weak: dict[tuple[str, str], float] = {}
    for token in place.tokens:
        _most(strong, ("stem", token.stem), weights["stem"] * token.weight)
        _most(strong, ("folded", token.folded), weights["folded"] * token.weight)
        if _has_prefix(token):
            _most(weak, ("prefix", token.prefix), weights["prefix"] * token.weight)
    for stems, weight in place.phrases:
        if len(stems) == 1:
            _most(strong, ("stem", stems[0]), weight)
    for stems, weight in place.synonyms:
        if len(stems) == 1:
            _most(weak, ("stem", stems[0]), weight)
    return Forms(_terms(strong), _terms(weak))


def _has_prefix(token: Token) -> bool:
    return token.origin in ("word", "part")


def phrase_of(stems: Stems, weight: float) -> Node:
    """Stems that stand side by side, or a single one."""
    if len(stems) == 1:
        return Forms((Term("stem", stems[0], weight),))
    return Ordered(tuple((stem,) for stem in stems), tuple(range(len(stems))), weight)


def _most(weights: dict[tuple[str, str], float], key: tuple[str, str], weight: float) -> None:
    weights[key] = max(weight, weights.get(key, 0.0))


def _terms(weights: dict[tuple[str, str], float]) -> tuple[Term | Prefix, ...]:
    return tuple(Term(name, text, weight) for (name, text), weight in weights.items() if text)
