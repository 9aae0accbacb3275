"""Words and endings that tell Russian from Kazakh."""

from __future__ import annotations

from functools import cache

from indexer.kazakh.letters import fold
from indexer.kazakh.tables import rows_of, text_of


def surely_russian(word: str) -> bool:
    """Whether a normalised word is a Russian function word or ends as only Russian words do."""
    return word in russian_words() or word.endswith(endings_of("sure"))


@cache
def russian_words() -> frozenset[str]:
    """Russian function words."""
    text = text_of("stopwords.txt").partition("# Russian\n")[2].partition("# English\n")[0]
    return frozenset(text.split())


@cache
def endings_of(kind: str) -> tuple[str, ...]:
    """Endings of one kind of ``russian_words.tsv``."""
    listed = (row[1] for row in rows_of("russian_words.tsv", 2) if row[0] == kind)
    return tuple(end for cell in listed for end in cell.split())


@cache
def russian_endings() -> tuple[str, ...]:
    """Endings of ``russian_endings.txt``."""
    lines = text_of("russian_endings.txt").splitlines()
    return tuple(end for line in lines if not line.startswith("#") for end in line.split())


def betrays_russian(word: str) -> bool:
    """Whether a small-letter word is Russian by itself or by its ending, if perhaps not surely."""
    return word in _russian_alone() or word.endswith((*endings_of("sure"), *russian_endings()))


@cache
def _russian_alone() -> frozenset[str]:
    """Russian function words that are no Kazakh word, as ``да`` and ``не`` are."""
    kazakh = text_of("stopwords.txt").partition("# Russian\n")[0].split()
    return russian_words().difference(kazakh, map(fold, kazakh))
