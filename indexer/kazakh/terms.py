"""The terms of a normalised word: stem, folded stem, prefix; and guesses at other words."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from indexer.kazakh.compounds import is_suffix_tail
from indexer.kazakh.function_words import function_forms
from indexer.kazakh.keyboard import FoldedStems
from indexer.kazakh.letters import KAZAKH_ONLY, fold, is_roman, script_of
from indexer.kazakh.lexicon import Lexicon
from indexer.kazakh.russian import RussianStemmer
from indexer.kazakh.scripts import readings
from indexer.kazakh.stemmer import Stemmer
from indexer.kazakh.tokens import PREFIX_LENGTH, Token
from indexer.kazakh.typed_paragraphs import TYPED

# Exact spelling, stem, prefix and folded stem of a word, and whether it is a stop word.
WordTerms = tuple[str, str, str, str, bool]
REMEMBERED = 20_000

# Weights of the query's guesses: a word that is known as typed is seldom meant otherwise.
KEYBOARD_WEIGHT = 0.8
KNOWN_KEYBOARD_WEIGHT = 0.5
TYPED_WEIGHT = 0.9  # in questions that are Kazakh in Russian letters
SCRIPT_WEIGHT = 0.9
SHORTEST_FOREIGN = 4
# Support of a stem that one word form alone may have brought into the lexicon; of a sure one.
STRAY = 1.0
KNOWN = 5.0
# Letters of a Kazakh word that is told from a Russian one without Kazakh letters.
CLEAR = 7
SHORTEST_GUESS = {"script": 3, "keyboard": 2}


class Terms:
    """Finds the terms of words with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.stemmer = Stemmer(lexicon)
        # Terms by the word as written, its language and the Latin alphabet of its paragraph.
        self.remembered: dict[tuple[str, str, str | None], WordTerms] = {}
        self._lexicon = lexicon

    @cached_property
    def _russian(self) -> RussianStemmer:
        return RussianStemmer(self._lexicon)

    @cached_property
    def _folded_stems(self) -> FoldedStems:
        return FoldedStems(self._lexicon)

    def stem_of(self, word: str, language: str) -> str:
        """Stem of a normalised word read in a language (kk, ru or en)."""
        script = script_of(word)
        if script == "cyrillic":
            plain = KAZAKH_ONLY.isdisjoint(word)
            if language == "ru" and plain:
                return self._in_russian(word)
            return self._in_kazakh(word) if plain else self.stemmer.stem(word)
        if script == "latin":
            head, _, tail = word.rpartition("-")
            if head and is_suffix_tail(head, tail):
                return head
            return self._russian.english(word)
        if "-" in word:
            return self.stemmer.stem(word)
        return word

    def _in_kazakh(self, word: str) -> str:
        """Stem of a word among Kazakh ones; Russian ones stand there too: ``в библиотеке``."""
        stem = self.stemmer.stem(word)
        if "-" in word or len(word) < SHORTEST_FOREIGN or word in function_forms():
            return stem
        if self._support(stem) > STRAY:
            return stem
        return self._russian.guess(word) or stem

    def _in_russian(self, word: str) -> str:
        """Stem of a word among Russian ones; Kazakh ones stand there too: ``конкурс Балалар``."""
        russian = self._russian.stem(word)
        if "-" in word or self._russian.guess(word) is not None:
            return russian
        stem = self.stemmer.stem(word)
        cut = len(word) - len(stem)
        clear = cut >= 2 and len(stem) >= 3 and len(word) >= CLEAR
        return stem if clear and self._support(stem) > KNOWN else russian

    def _support(self, stem: str) -> float:
        return max(self._lexicon.support("N", stem), self._lexicon.support("V", stem))

    def folded_of(self, word: str, stem: str, language: str) -> str:
        """Folded stem; a word typed without Kazakh letters is first looked up folded."""
        typed = language == TYPED and self._support(stem) <= KNOWN
        if typed or (language in ("kk", TYPED) and not self.stemmer.knows(word)):
            match = self._folded_stems.best(fold(word))
            if match:
                return fold(match.stem)
        return fold(stem)

    @staticmethod
    def prefix_of(word: str) -> str:
        """The first five letters, folded; of a word in Latin those of a Cyrillic reading."""
        if script_of(word) == "latin":
            word = next(iter(readings(word, "adhoc")), word)
        return fold(word)[:PREFIX_LENGTH] or word[:PREFIX_LENGTH]

    def is_known_folded_alone(self, word: str) -> bool:
        """Whether a normalised word is a sure stem's in folded spelling, and none as typed."""
        if self.stemmer.knows(word):
            return False
        match = self._folded_stems.best(fold(word))
        return match is not None and self._support(match.stem) > KNOWN

    def guess(self, token: Token, typed: bool = False) -> Token | None:
        """The other word that a query's word may stand for, as a token of lower weight.

        ``typed``: the question is known to be Kazakh in Russian letters.
        """
        script = script_of(token.exact)
        if script == "latin" and not is_roman(token.exact):
            spelled = [fold(reading) for reading in readings(token.exact, "adhoc")]
            origin, weight = "script", SCRIPT_WEIGHT
        elif script == "cyrillic" and self._may_be_folded(token.exact):
            spelled = [fold(token.exact)]
            origin, weight = "keyboard", self._keyboard_weight(token.exact, typed)
        else:
            return None
        matches = [match for match in map(self._folded_stems.best, spelled) if match]
        if not matches or len(token.exact) < SHORTEST_GUESS[origin]:
            return None
        stem = min(matches, key=lambda match: match.cost).stem
        if stem == token.stem:
            return None
        folded = fold(stem)
        return replace(token, stem=stem, folded=folded, weight=weight, origin=origin)

    def _keyboard_weight(self, word: str, typed: bool) -> float:
        if typed:
            return TYPED_WEIGHT
        return KNOWN_KEYBOARD_WEIGHT if self.stemmer.knows(word) else KEYBOARD_WEIGHT

    def _may_be_folded(self, word: str) -> bool:
        return KAZAKH_ONLY.isdisjoint(word) or not self.stemmer.knows(word)
