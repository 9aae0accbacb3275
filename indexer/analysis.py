"""The one analysis of index and query: text in, tokens with their terms and offsets out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib import resources

from indexer.kazakh.compounds import is_suffix_tail
from indexer.kazakh.expansions import Expansion, Thesaurus
from indexer.kazakh.function_words import function_forms, stop_words
from indexer.kazakh.keyboard import FoldedStems
from indexer.kazakh.letters import KAZAKH_ONLY, fold, normalise, script_of
from indexer.kazakh.lexicon import Lexicon, base_lexicon
from indexer.kazakh.russian import RussianStemmer, looks_russian
from indexer.kazakh.scripts import latin_variant, readings
from indexer.kazakh.stemmer import Stemmer
from indexer.kazakh.words import Piece, parts, words

PREFIX_LENGTH = 5
# Weights of the query's guesses: a word that is known as typed is seldom meant otherwise.
KEYBOARD_WEIGHT = 0.8
KNOWN_KEYBOARD_WEIGHT = 0.5
SCRIPT_WEIGHT = 0.9
SHORTEST_GUESS = {"script": 3, "keyboard": 2}
# The analysis version: raise it when code, not data, changes what a term is.
VERSION = "1"

_PARAGRAPH = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word in its place with all its terms.

    ``text[start:end]`` is the word as written. ``exact`` is its normalised spelling, ``stem`` the
    dictionary form, ``prefix`` the first five letters, ``folded`` the stem as a Russian keyboard
    would write it, ``stop`` whether it is a function word. ``position`` counts words: a
    hyphenated word stands whole at the position of its first part, its parts follow at their own
    positions. ``origin`` is ``keyboard`` or ``script`` for a guess of the query side, whose
    ``weight`` is mostly below 1; ``part`` and ``compound`` mark hyphenated words.
    """

    text: str
    start: int
    end: int
    position: int
    exact: str
    stem: str
    prefix: str
    folded: str
    stop: bool
    weight: float = 1.0
    origin: str = "word"


class Analyzer:
    """Turns text into tokens with one lexicon; the same for documents and queries."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self.lexicon = base_lexicon() if lexicon is None else lexicon
        self.stemmer = Stemmer(self.lexicon)
        self._russian = RussianStemmer(self.lexicon)

    @cached_property
    def _folded_stems(self) -> FoldedStems:
        return FoldedStems(self.lexicon)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the code version, the data files and the lexicon: the manifest's check."""
        digest = hashlib.sha256(VERSION.encode())
        data = resources.files("indexer.kazakh") / "data"
        for file in sorted(data.iterdir(), key=lambda entry: entry.name):
            digest.update(file.name.encode() + file.read_bytes())
        digest.update(self.lexicon.fingerprint.encode())
        return digest.hexdigest()

    def tokens(self, text: str, language: str | None = None) -> list[Token]:
        """Tokens of a document, in order; ``language`` is kk, ru, en or None to guess.

        The guess is made for every paragraph (line) by itself.
        """
        found: list[Token] = []
        position = 0
        for paragraph in _PARAGRAPH.finditer(text):
            reader = _Reader(self, paragraph.group(), language)
            for piece in words(paragraph.group()):
                made = list(reader.tokens(piece, position, paragraph.start()))
                found.extend(made)
                position = max(token.position for token in made) + 1
        return found

    def query_tokens(self, text: str) -> list[Token]:
        """Tokens of a query, guesses included.

        A word that may be Kazakh typed with Russian letters or in Latin gets a second token at
        the same position with a lower weight.
        """
        found: list[Token] = []
        for token in self.tokens(text):
            found.append(token)
            guess = self._guess(token)
            if guess is not None:
                found.append(guess)
        return found

    @cached_property
    def _thesaurus(self) -> Thesaurus:
        return Thesaurus(self._phrase_stems)

    def _phrase_stems(self, phrase: str, language: str) -> tuple[str, ...]:
        return tuple(t.stem for t in self.tokens(phrase, language) if t.origin != "compound")

    def expansions(
        self, tokens: list[Token], kinds: tuple[str, ...] = ("abbreviation", "place")
    ) -> list[Expansion]:
        """Abbreviations, places and (when asked for) synonyms of a query's words, as stems.

        ``start`` and ``end`` count the words of the query (guesses and whole compounds left out),
        so they are token positions when the query is one paragraph.
        """
        stems = [t.stem for t in tokens if t.origin in ("word", "part")]
        return self._thesaurus.expand(stems, kinds)

    def _guess(self, token: Token) -> Token | None:
        script = script_of(token.exact)
        if script == "latin":
            spelled = [fold(reading) for reading in readings(token.exact, "adhoc")]
            origin, weight = "script", SCRIPT_WEIGHT
        elif script == "cyrillic" and self._may_be_folded(token.exact):
            spelled = [fold(token.exact)]
            known = self.stemmer.knows(token.exact)
            origin, weight = "keyboard", KNOWN_KEYBOARD_WEIGHT if known else KEYBOARD_WEIGHT
        else:
            return None
        matches = [match for match in map(self._folded_stems.best, spelled) if match]
        if not matches or len(token.exact) < SHORTEST_GUESS[origin]:
            return None
        stem = min(matches, key=lambda match: match.cost).stem
        if stem == token.stem:
            return None
        return replace(
            token,
            stem=stem,
            prefix=stem[:PREFIX_LENGTH],
            folded=fold(stem),
            weight=weight,
            origin=origin,
        )

    def _may_be_folded(self, word: str) -> bool:
        return KAZAKH_ONLY.isdisjoint(word) or not self.stemmer.knows(word)

    def stem_of(self, word: str, language: str) -> str:
        """Stem of a normalised word read in a language (kk, ru or en)."""
        script = script_of(word)
        if script == "cyrillic":
            if language == "ru" and KAZAKH_ONLY.isdisjoint(word):
                return self._russian.stem(word)
            return self.stemmer.stem(word)
        if script == "latin":
            head, _, tail = word.rpartition("-")
            if head and is_suffix_tail(head, tail):
                return head
            return self._russian.english(word)
        if "-" in word:
            return self.stemmer.stem(word)
        return word

    def folded_of(self, word: str, stem: str, language: str) -> str:
        """Folded stem; a word typed without Kazakh letters is first looked up folded."""
        if language == "kk" and not self.stemmer.knows(word):
            match = self._folded_stems.best(fold(word))
            if match:
                return fold(match.stem)
        return fold(stem)


class _Reader:
    """Reads the words of one paragraph in its language and script."""

    def __init__(self, analyzer: Analyzer, paragraph: str, language: str | None) -> None:
        self.analyzer = analyzer
        self.variant = latin_variant(paragraph)
        self.language = language or ("ru" if looks_russian(paragraph) else "kk")

    def tokens(self, piece: Piece, position: int, shift: int) -> Iterator[Token]:
        """The token of a word and, when it is hyphenated, those of its parts."""
        pieces = parts(piece)
        if len(pieces) == 1 or self._ends_in_suffix(pieces):
            yield self._token(piece, position, shift, "word")
            return
        yield self._token(piece, position, shift, "compound")
        for number, part in enumerate(pieces):
            yield self._token(part, position + number, shift, "part")

    @staticmethod
    def _ends_in_suffix(pieces: list[Piece]) -> bool:
        head, tail = normalise(pieces[-2].text), normalise(pieces[-1].text)
        listed = normalise("-".join(piece.text for piece in pieces)) in function_forms()
        return listed or (len(pieces) == 2 and is_suffix_tail(head, tail))

    def _token(self, piece: Piece, position: int, shift: int, origin: str) -> Token:
        exact = self._cyrillic(normalise(piece.text))
        stem = self.analyzer.stem_of(exact, self.language)
        return Token(
            text=piece.text,
            start=piece.start + shift,
            end=piece.end + shift,
            position=position,
            exact=exact,
            stem=stem,
            prefix=exact[:PREFIX_LENGTH],
            folded=self.analyzer.folded_of(exact, stem, self.language),
            stop=exact in stop_words(),
            origin=origin,
        )

    def _cyrillic(self, word: str) -> str:
        script = script_of(word)
        variant = "arabic" if script == "arabic" else self.variant if script == "latin" else None
        if variant is None:
            return word
        found = readings(word, variant)
        known = [reading for reading in found if self.analyzer.stemmer.knows(reading)]
        return (known or found or [word])[0]


@cache
def default_analyzer() -> Analyzer:
    """The analyzer with the base lexicon alone, made once."""
    return Analyzer()
