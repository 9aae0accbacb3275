"""The one analysis of index and query: text in, tokens with their terms and offsets out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, cached_property
from importlib import resources

from indexer.kazakh.expansions import Expansion, Thesaurus
from indexer.kazakh.letters import normalise
from indexer.kazakh.lexicon import Lexicon, base_lexicon
from indexer.kazakh.paragraphs import Paragraph
from indexer.kazakh.russian import looks_russian
from indexer.kazakh.terms import Terms
from indexer.kazakh.tokens import PREFIX_LENGTH, Token
from indexer.kazakh.typed import is_kazakh_in_russian_letters, with_folded_stops
from indexer.kazakh.words import parts, words
from indexer.repair import Repaired, repair
from indexer.seams import seams
from indexer.slips import unslipped
from indexer.word_counts import base_counts, repair_fingerprint, total_fingerprint

__all__ = ["PREFIX_LENGTH", "VERSION", "Analyzer", "Token", "default_analyzer"]

# The analysis version: raise it when code, not data, changes what a term is.
VERSION = "5"

_PARAGRAPH = re.compile(r"[^\n]+")


class Analyzer:
    """Turns text into tokens with one lexicon; the same for documents and queries.

    Texts are read as mended (:mod:`indexer.repair`); ``counts`` tell glued words, None means
    those that ship. Offsets and ``text`` of tokens are those of the text as it was.
    """

    def __init__(
        self, lexicon: Lexicon | None = None, counts: Mapping[str, int] | None = None
    ) -> None:
        self.lexicon = base_lexicon() if lexicon is None else lexicon
        self.counts = base_counts() if counts is None else counts
        self._terms = Terms(self.lexicon)
        self.stemmer = self._terms.stemmer

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over code version, data files, lexicon and counts: the manifest's check."""
        digest = hashlib.sha256(VERSION.encode())
        data = resources.files("indexer.kazakh") / "data"
        for file in sorted(data.iterdir(), key=lambda entry: entry.name):
            digest.update(file.name.encode() + file.read_bytes())
        digest.update(self.lexicon.fingerprint.encode())
        digest.update(repair_fingerprint() + total_fingerprint(self.counts.items()))
        return digest.hexdigest()

    def tokens(self, text: str, language: str | None = None) -> list[Token]:
        """Tokens of a document, in order; ``language`` is kk, ru, en or None to guess.

        The guess is made for every paragraph (line) by itself. ``kk-typed`` is Kazakh in Russian
        letters: what is found by its folded spelling is looked up among the known stems.
        """
        found: list[Token] = []
        position = 0
        for match in _PARAGRAPH.finditer(text):
            mended = repair(match.group(), self.counts)
            shift = 0 if mended.changes else match.start()
            read = Paragraph(self._terms, mended.text, shift, language).tokens(position)
            made = list(_put_back(read, mended, match.start()) if mended.changes else read)
            found.extend(made)
            position = max((token.position for token in made), default=position - 1) + 1
        return found

    def is_glued(self, word: str) -> bool:
        """Whether a word of letters is read as several that were glued."""
        return bool(seams(word, self.counts))

    def as_meant(self, text: str) -> str | None:
        """A question typed with the keyboard on another layout, as meant; None for any other."""
        return unslipped(text, lambda word: self.stemmer.knows(normalise(word)))

    def is_typed(self, text: str) -> bool:
        """Whether a question is Kazakh in Russian letters by most of its words that tell."""
        return is_kazakh_in_russian_letters(text, self._terms)

    def query_tokens(self, text: str) -> list[Token]:
        """Tokens of a query, guesses included.

        A word that may be Kazakh typed with Russian letters or in Latin gets a second token at
        the same position with a lower weight. A question that is Kazakh in Russian letters by its
        other words is read as Kazakh, with the stop words so typed.
        """
        typed = self.is_typed(text)
        found: list[Token] = []
        language = "ru" if looks_russian(text) and not typed else "kk"
        tokens = self.tokens(text, language)
        if typed:
            tokens = with_folded_stops(tokens)
        for token in tokens:
            found.append(token)
            guess = self._terms.guess(token, typed)
            if guess is not None:
                found.append(guess)
        return found

    @cached_property
    def _thesaurus(self) -> Thesaurus:
        return Thesaurus(self._phrase_stems)

    def _phrase_stems(self, phrase: str, language: str) -> tuple[str, ...]:
        pieces = (part for word in words(phrase) for part in parts(word))
        return tuple(self.stem_of(normalise(piece.text), language) for piece in pieces)

    def expansions(
        self, tokens: list[Token], kinds: tuple[str, ...] = ("abbreviation", "place")
    ) -> list[Expansion]:
        """Abbreviations, places and (when asked for) synonyms of a query's words, as stems.

        ``start`` and ``end`` count the words of the query (guesses and whole compounds left out),
        so they are token positions when the query is one paragraph. Guesses that are as good as
        the word (``кытапхана`` in a question in Russian letters) have theirs too.
        """
        plain = [token for token in tokens if token.origin in ("word", "part")]
        guessed = {t.position: t.stem for t in tokens if t.origin in ("keyboard", "script")}
        typed = [token.stem for token in plain]
        meant = [guessed.get(token.position, token.stem) for token in plain]
        found = self._thesaurus.expand(typed, kinds)
        if meant != typed:
            found += [one for one in self._thesaurus.expand(meant, kinds) if one not in found]
        return found

    def stem_of(self, word: str, language: str) -> str:
        """Stem of a normalised word read in a language (kk, ru or en)."""
        return self._terms.stem_of(word, language)

    def folded_of(self, word: str, stem: str, language: str) -> str:
        """Folded stem; a word typed without Kazakh letters is first looked up folded."""
        return self._terms.folded_of(word, stem, language)


def _put_back(tokens: Iterable[Token], mended: Repaired, shift: int) -> Iterator[Token]:
    """Tokens of a mended paragraph with their places in the original, which begins at `shift`."""
    for token in tokens:
        start, end = mended.span(token.start, token.end)
        written = mended.original[start:end]
        yield replace(token, text=written, start=start + shift, end=end + shift)


@cache
def default_analyzer() -> Analyzer:
    """The analyzer with the base lexicon alone, made once."""
    return Analyzer()
