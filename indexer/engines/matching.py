"""Which documents a question's tree finds, and how well: BM25 over arrays.

The score of a term is idf ** rarity * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean)), with
idf = ln(1 + (N - n + 0.5) / (n + 0.5)) and tf the count weighted by zone, as in BM25F with one
length (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, sections 3.3, 3.6).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from indexer.engines.arrays import Array, common, united
from indexer.engines.closeness import WIDTH, keys_of
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

POSTINGS = 1_000_000  # remembered at most; 12 bytes each


@dataclass(frozen=True, slots=True)
class Match:
    """For every document: whether found, whether by a strong form, and the score.

    `most` are those that have most of a question's words, `complete` those that have all.
    """

    found: Array
    strong: Array
    score: Array
    most: Array
    complete: Array


NOTHING = Forms(())  # a word without forms is found nowhere


class Matcher:
    """Evaluates trees on one state of an index."""

    def __init__(self, state: State, ranking: Ranking) -> None:
        self.state = state
        self.ranking = ranking
        share = ranking.b * state.lengths / np.float32(max(state.mean_length, 1e-6))
        self._norms = (QUARTERS * ranking.k1 * (1 - ranking.b + share)).astype(np.float32)
        self._known = Remembered(POSTINGS)
        # The last answer: a page asks the same tree for several spans of days.
        self._last: tuple[Node, Match] | None = None
        self.recencies: dict[int, Array] = {}  # by day: what recency multiplies scores by

    def answer(self, tree: Node) -> Match:
        """What a question finds: strong forms of most of it, and more while that is not enough.

        First documents that have less of the question are added, then those found by weak forms.
        """
        last = self._last
        if last is not None and last[0] is tree:
            return last[1]
        match = self.match(tree)
        for found in (match.most, match.strong, match.found):
            if np.count_nonzero(found & self.state.live) >= self.ranking.enough:
                break
        answer = replace(match, found=found)
        self._last = tree, answer
        return answer

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
                return _plain(every, every, np.zeros(self.state.size, np.float32))

    def _forms(self, node: Forms) -> Match:
        score = np.zeros(self.state.size, np.float32)
        for number, term in enumerate(node.strong):
            docs, scores = self._term(term)
            score[docs] = np.maximum(score[docs], scores) if number else scores
        strong = score > 0  # every posting's score is above 0
        found = strong.copy() if node.weak else strong
        most = max(self.ranking.enough, self.state.size * self.ranking.telling)
        for term in node.weak:
            docs, scores = self._term(term)
            score[docs] += scores
            if len(docs) <= most:
                found[docs] = True
        return _plain(found, strong, score)

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
        return _plain(found, found, score)

    def _phrase(self, node: Ordered) -> tuple[Array, Array]:
        """The documents of a phrase and how often it stands in each."""
        each = [self._any(stems) for stems in node.stems]
        if not each:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        wanted = reduce(common, sorted(each, key=len))
        keys: Array | None = None
        for stems, place in zip(node.stems, node.places, strict=True):
            here = self.standing(stems, wanted) - place
            keys = here if keys is None else common(*sorted((keys, here), key=len))
        assert keys is not None
        counts = np.bincount((keys + WIDTH // 4) // WIDTH, minlength=len(wanted))
        which = np.flatnonzero(counts)
        return wanted[which], counts[which].astype(np.float32)

    def _any(self, stems: tuple[str, ...]) -> Array:
        return united([self._term(Term("stem", stem))[0] for stem in stems])

    def _some(self, node: Some) -> Match:
        matches = [self.match(part) for part in node.parts or (NOTHING,)]
        found = reduce(np.logical_or, (match.found for match in matches))
        strong = reduce(np.logical_or, (match.strong for match in matches))
        score = reduce(np.add, (match.score for match in matches))
        most = complete = strong
        if len(matches) > 1 and node.bonus:
            share = self._share([match.strong for match in matches])
            strong, most = strong & (share >= self.ranking.some), share >= self.ranking.most
            found &= self._share([match.found for match in matches]) >= self.ranking.some
            counted = reduce(np.add, (match.strong.astype(np.float32) for match in matches))
            complete = counted == len(matches)
            bonus = self.ranking.all_words * self.ranking.shortness(len(matches))
            score *= 1 + np.float32(bonus) * ((counted - 1).clip(0) / (len(matches) - 1)) ** 2
        for part in node.wished:
            score = score + self.match(part).score
        return Match(found, strong, score, most, complete)

    def _share(self, words: Sequence[Array]) -> Array:
        """How much of a question's rarity (idf ** rarity) the words that a document has make up.

        Words that no document has are not counted.
        """
        size = self.state.size
        had, total = np.zeros(size, np.float32), 1e-6
        for mask in words:
            count = np.count_nonzero(mask)
            if count:
                rarity = self._rarity(int(count))
                had += np.float32(rarity) * mask
                total += rarity
        share: Array = had / np.float32(total) + np.float32(1e-4)
        return share

    def _all(self, node: All) -> Match:
        matches = [self.match(part) for part in node.parts]
        strong = reduce(np.logical_and, (match.strong for match in matches))
        score = reduce(np.add, (match.score for match in matches))
        for part in node.wished:
            score = score + self.match(part).score
        return _plain(strong, strong, score)

    def _without(self, node: Without) -> Match:
        match = self.match(node.part)
        kept = ~reduce(np.logical_or, (self.match(part).strong for part in node.excluded))
        return Match(
            match.found & kept,
            match.strong & kept,
            match.score,
            match.most & kept,
            match.complete & kept,
        )

    def standing(self, stems: tuple[str, ...], wanted: Array) -> Array:
        """Where a word of these stems stands in the wanted documents (rising), see `keys_of`."""
        return united([keys_of(*self.state.standing(stem, wanted)) for stem in stems])


def _plain(found: Array, strong: Array, score: Array) -> Match:
    """A match of a part that is not several words of a question."""
    return Match(found, strong, score, strong, strong)
