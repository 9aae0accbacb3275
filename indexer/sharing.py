"""An analyzer that several threads may use: one at a time.

The stemmers underneath keep what they are at work on in themselves (Snowball's) and remember
endings as they meet them. Threads of one process share all that, so one lock guards it.
"""

from __future__ import annotations

import threading
from functools import lru_cache

from indexer.analysis import Analyzer, Token
from indexer.kazakh.expansions import Expansion
from indexer.kazakh.lexicon import Lexicon
from indexer.kazakh.russian import RussianStemmer

_LOCK = threading.RLock()
_RUSSIAN = RussianStemmer(Lexicon())  # no loans: Snowball alone


@lru_cache(maxsize=20_000)
def russian_root(word: str) -> str:
    """The Snowball stem of a word read as Russian, a beginning of it (ё read as е)."""
    with _LOCK:
        return _RUSSIAN.stem(word)


class SharedAnalyzer(Analyzer):
    """The same analysis; its methods wait for each other."""

    def tokens(self, text: str, language: str | None = None) -> list[Token]:
        """Tokens of a document, in order."""
        with _LOCK:
            return super().tokens(text, language)

    def query_tokens(self, text: str) -> list[Token]:
        """Tokens of a query, guesses included."""
        with _LOCK:
            return super().query_tokens(text)

    def as_meant(self, text: str) -> str | None:
        """A question typed with the keyboard on another layout, as meant."""
        with _LOCK:
            return super().as_meant(text)

    def stem_of(self, word: str, language: str) -> str:
        """Stem of a normalised word read in a language."""
        with _LOCK:
            return super().stem_of(word, language)

    def expansions(
        self, tokens: list[Token], kinds: tuple[str, ...] = ("abbreviation", "place")
    ) -> list[Expansion]:
        """Abbreviations, places and synonyms of a query's words."""
        with _LOCK:
            return super().expansions(tokens, kinds)
