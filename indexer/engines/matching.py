"""Which documents a question's tree finds, and how well: BM25 over arrays.

The score of a term is idf ** rarity * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean)), with
idf = ln(1 + (N - n + 0.5) / (n + 0.5)) and tf the count weighted by zone, as in BM25F with one
length (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, sections 3.3, 3.6).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import numpy as np

from indexer.engines.arrays import Array, common, united
from indexer.engines.protocol import (
    All,
    Everything,
    Forms,
    Node,
    Ordered,
    Prefix,
    Some,
    Term,
    Without,
)
from indexer.engines.remembering import Remembered
from indexer.engines.segment import QUARTERS
from indexer.engines.state import State
from indexer.ranking import Ranking

POSTINGS = 3_000_000  # remembered at most; 12 bytes each
_WIDTH = 1 << 17  # wider than any place, so that index * _WIDTH + place sorts by both


@dataclass(frozen=True, slots=True)
class Match:
    """For every document: whether found, whether by a strong form, and the score."""

    found: Array
    strong: Array
    score: Array


class Matcher:
    """Evaluates trees on one state of an index."""

    def __init__(self, state: State, ranking: Ranking) -> None:
        self.state = state
        self.ranking = ranking
        share = ranking.b * state.lengths / np.float32(max(state.mean_length, 1e-6))
        self._norms = (QUARTERS * ranking.k1 * (1 - ranking.b + share)).astype(np.float32)
        self._known = Remembered(POSTINGS)
        self.recencies: dict[int, Array] = {}  # by day: what recency multiplies scores by

    def answer(self, tree: Node) -> Match:
        """What a question finds; where strong forms find enough, weak ones alone don't count."""
        match = self.match(tree)
        if np.count_nonzero(match.strong & self.state.live) < self.ranking.enough:
            return match
        return Match(match.strong, match.strong, match.score)

    def match(self, node: Node) -> Match:
        """What a tree finds among all documents, deleted ones too."""
        match node:
            case Forms():
                return self._forms(node)
            case Ordered():
                return self._ordered(node)
            case Some():
                return self._some(node)
            case All():
                return self._all(node)
            case Without():
                return self._without(node)
            case Everything():
                every = np.ones(self.state.size, bool)
                return Match(every, every, np.zeros(self.state.size, np.float32))

    def _forms(self, node: Forms) -> Match:
        score = np.zeros(self.state.size, np.float32)
        for number, term in enumerate(node.strong):
            docs, scores = self._term(term)
            score[docs] = np.maximum(score[docs], scores) if number else scores
        strong = score > 0  # every posting's score is above 0
        for term in node.weak:
            docs, scores = self._term(term)
            score[docs] += scores
        return Match(score > 0 if node.weak else strong, strong, score)

    def _term(self, term: Term | Prefix) -> tuple[Array, Array]:
        """The documents of a term, each once, and their scores; remembered but for the weight."""
        key = term.field, term.text, isinstance(term, Prefix)
        known = self._known.get(key)
        if known is None:
            docs, counts = self.state.postings(term)
            known = docs, self._bm25(docs, counts, self._rarity(len(docs)))
            self._known.keep(key, *known)
        docs, scores = known
        return docs, scores if term.weight == 1 else scores * np.float32(term.weight)

    def _rarity(self, frequency: int) -> float:
        idf = math.log(1 + (self.state.size - frequency + 0.5) / (frequency + 0.5))
        return float(idf**self.ranking.rarity)

    def _bm25(self, docs: Array, counts: Array, factor: float) -> Array:
        k1 = self.ranking.k1
        return np.float32(factor * (k1 + 1)) * counts / (counts + self._norms[docs])

    def _ordered(self, node: Ordered) -> Match:
        size = self.state.size
        found, score = np.zeros(size, bool), np.zeros(size, np.float32)
        docs, counts = self._phrase(node)
        if len(docs):
            found[docs] = True
            weight = node.weight * self._rarity(len(docs))
            score[docs] = self._bm25(docs, counts * np.float32(QUARTERS), weight)
        return Match(found, found, score)

    def _phrase(self, node: Ordered) -> tuple[Array, Array]:
        """The documents of a phrase and how often it stands in each."""
        each = [self._any(stems) for stems in node.stems]
        if not each:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        wanted = reduce(common, sorted(each, key=len))
        keys: Array | None = None
        for stems, place in zip(node.stems, node.places, strict=True):
            here = united([self._keys(stem, wanted) for stem in stems]) - place
            keys = here if keys is None else common(*sorted((keys, here), key=len))
        assert keys is not None
        counts = np.bincount((keys + _WIDTH // 4) // _WIDTH, minlength=len(wanted))
        which = np.flatnonzero(counts)
        return wanted[which], counts[which].astype(np.float32)

    def _any(self, stems: tuple[str, ...]) -> Array:
        return united([self._term(Term("stem", stem))[0] for stem in stems])

    def _keys(self, stem: str, wanted: Array) -> Array:
        which, places = self.state.standing(stem, wanted)
        return which * _WIDTH + places

    def _some(self, node: Some) -> Match:
        size = self.state.size
        found, score = np.zeros(size, bool), np.zeros(size, np.float32)
        strong, counted = np.zeros(size, bool), np.zeros(size, np.float32)
        for part in node.parts:
            match = self.match(part)
            found |= match.found
            strong |= match.strong
            counted += match.strong
            score += match.score
        count = len(node.parts)
        if count > 1 and node.bonus:
            bonus = self.ranking.all_words * self.ranking.shortness(count)
            score *= 1 + np.float32(bonus) * ((counted - 1).clip(0) / (count - 1)) ** 2
        for part in node.wished:
            score += self.match(part).score
        return Match(found, strong, score)

    def _all(self, node: All) -> Match:
        matches = [self.match(part) for part in node.parts]
        strong = reduce(np.logical_and, (match.strong for match in matches))
        score = reduce(np.add, (match.score for match in matches))
        for part in node.wished:
            score = score + self.match(part).score
        return Match(strong, strong, score)

    def _without(self, node: Without) -> Match:
        match = self.match(node.part)
        kept = ~reduce(np.logical_or, (self.match(part).strong for part in node.excluded))
        return Match(match.found & kept, match.strong & kept, match.score)

    def nearness(self, words: tuple[tuple[str, ...], ...], wanted: Array) -> Array:
        """For each wanted document (rising), the share of neighbouring words standing close.

        Two neighbours of the question that stand within NEAR words of each other, in either
        order, count 1, nearer ones more than farther ones.
        """
        total = np.zeros(len(wanted), np.float32)
        pairs = list(pairwise(words))
        for one, other in pairs:
            gaps = self._gaps(one, other, wanted)
            total += np.where(gaps <= NEAR, 1.0 / np.maximum(gaps, 1) ** 0.5, 0).astype(np.float32)
        return total / max(len(pairs), 1)

    def _gaps(self, one: tuple[str, ...], other: tuple[str, ...], wanted: Array) -> Array:
        """The least distance of two words in each wanted document."""
        here = united([self._keys(stem, wanted) for stem in one])
        there = united([self._keys(stem, wanted) for stem in other])
        gaps = np.full(len(wanted), _WIDTH, np.int64)
        if not len(here) or not len(there):
            return gaps
        after = np.searchsorted(there, here)
        for at in (after - 1, after):
            ok = (at >= 0) & (at < len(there))
            near = np.abs(there[at[ok]] - here[ok])
            np.minimum.at(gaps, here[ok] // _WIDTH, np.where(near == 0, _WIDTH, near))
        return gaps


NEAR = 8
