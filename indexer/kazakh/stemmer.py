"""The stem of a Kazakh word, and why."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.kazakh.candidates import Candidate, candidates
from indexer.kazakh.choice import Judge
from indexer.kazakh.compounds import stem_compound
from indexer.kazakh.dictionary_forms import dictionary_form
from indexer.kazakh.function_words import function_forms
from indexer.kazakh.lexicon import Lexicon, base_lexicon
from indexer.kazakh.quick import QuickJudge
from indexer.kazakh.suffixes import suffixes

_REMEMBERED = 40_000


@dataclass(frozen=True, slots=True)
class Reading:
    """A possible reading with its price; ``support`` is the lexicon's, 0 for an unknown stem."""

    stem: str
    kind: str
    suffixes: tuple[tuple[str, str], ...]
    change: str
    support: float
    cost: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a word got its stem.

    ``reason`` is ``closed class``, ``lexicon``, ``rules``, ``passive undone`` or ``dictionary
    form`` (then the cheapest reading's stem is the passive verb, or what a patronymic or a loan
    has before its suffixes).
    """

    word: str
    stem: str
    reason: str
    readings: tuple[Reading, ...]


class Stemmer:
    """Stems normalised Kazakh words with one lexicon; remembers what it has seen."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self.lexicon = base_lexicon() if lexicon is None else lexicon
        self._judge = Judge(self.lexicon)
        self._quick = QuickJudge(self._judge)
        self._seen: dict[str, str] = {}

    def stem(self, word: str) -> str:
        """Dictionary form of the stem; the word itself when nothing is known; never empty."""
        stem = self._seen.get(word)
        if stem is None:
            if len(self._seen) >= _REMEMBERED:
                self._seen.clear()
            stem = self._seen[word] = self._find(word)
        return stem

    def _find(self, word: str) -> str:
        word = word.replace("ё", "е")
        listed = function_forms().get(word)
        if listed is not None:
            return listed
        if "-" in word:
            return stem_compound(word, self.stem)
        best = self._quick.best(word)
        if best is None:
            return word
        kind, stem = best
        if kind == "V" and stem == word:
            return word  # nobody commands in the passive: жеңіл, қатал are adjectives
        return dictionary_form(kind, stem, self.lexicon)

    def knows(self, word: str) -> bool:
        """Whether the word or its stem is in the closed classes or the lexicon."""
        return word in function_forms() or self.stem(word) in self.lexicon

    def explain(self, word: str, most: int = 8) -> Explanation:
        """The stem with the readings that were compared, cheapest first."""
        spelled = word.replace("ё", "е")
        readings = sorted(map(self._priced, candidates(spelled)), key=lambda reading: reading.cost)
        stem = self.stem(word)
        if word in function_forms():
            reason = "closed class"
        elif readings and readings[0].stem != stem:
            reason = "passive undone" if readings[0].kind == "verb" else "dictionary form"
        else:
            known = any(reading.support for reading in readings if reading.stem == stem)
            reason = "lexicon" if known else "rules"
        return Explanation(word, stem, reason, tuple(readings[:most]))

    def _priced(self, candidate: Candidate) -> Reading:
        chain = candidate.chain
        rows = [suffixes()[number] for number in chain.rows]
        return Reading(
            candidate.stem,
            "noun" if chain.kind == "N" else "verb",
            tuple((row.name, row.gloss) for row in rows if row.name != "none"),
            candidate.change,
            self.lexicon.support(chain.kind, candidate.stem),
            round(self._judge.cost(candidate), 2),
        )
