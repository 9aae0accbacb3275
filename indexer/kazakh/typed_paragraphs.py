"""Paragraphs of documents that are Kazakh typed with Russian letters, told by words and endings.

Cheap, and without a lexicon: a document has many paragraphs. For questions see
:mod:`indexer.kazakh.typed`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from indexer.kazakh.function_words import stop_words
from indexer.kazakh.letters import KAZAKH_ONLY, fold
from indexer.kazakh.russian_words import betrays_russian
from indexer.kazakh.tables import rows_of

TYPED = "kk-typed"
"""The language of such a paragraph, beside kk, ru and en."""

LEAST_WITNESSES = 2
MOST_WORDS = 60
_SHORTEST = 5
_WORD = re.compile("[\u0400-\u052f]+")
PATTERNS = (_WORD,)


def is_typed(paragraph: str) -> bool:
    """Whether a paragraph without Kazakh letters is Kazakh all the same.

    Two words at least must say so, one in six, and half as many again as speak for Russian.
    """
    words = _WORD.findall(paragraph.lower())[:MOST_WORDS]
    kazakh = sum(map(_speaks_for_kazakh, words))
    if kazakh < LEAST_WITNESSES or 6 * kazakh < len(words):
        return False
    return 2 * kazakh > 3 * sum(map(betrays_russian, words))


@lru_cache(maxsize=20_000)
def _speaks_for_kazakh(word: str) -> bool:
    if betrays_russian(word):
        return False
    if fold(word) in typed_stop_words() or fold(word) in _folded("words"):
        return True
    return len(word) >= _SHORTEST and fold(word).endswith(_ends())


@cache
def typed_stop_words() -> frozenset[str]:
    """Kazakh stop words with a letter of their own as a Russian keyboard would write them."""
    return frozenset(fold(word) for word in stop_words() if not KAZAKH_ONLY.isdisjoint(word))


@cache
def _folded(kind: str) -> frozenset[str]:
    cells = (row[1] for row in rows_of("typed_words.tsv", 2) if row[0] == kind)
    return frozenset(fold(word) for cell in cells for word in cell.split())


@cache
def _ends() -> tuple[str, ...]:
    return tuple(sorted(_folded("endings")))
