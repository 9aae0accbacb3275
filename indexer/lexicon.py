"""The lexicon of a collection, learned from its own words when the index is rebuilt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from crawler.model import Document
from indexer.analysis import default_analyzer
from indexer.kazakh.induction import induce
from indexer.kazakh.lexicon import base_lexicon
from indexer.place import LEXICON

# Fewer words than this teach nothing that the base lexicon does not know better.
LEAST_WORDS = 2_000


def save_lexicon(folder: Path, documents: Iterable[Document]) -> None:
    """Learn from the Kazakh words of the documents and keep the lexicon with the index."""
    counts: Counter[str] = Counter()
    for document in documents:
        if document.article.language == "kk":
            counts.update(_words(document))
    if len(counts) >= LEAST_WORDS:
        induce(counts, base_lexicon()).save(folder / LEXICON)


def _words(document: Document) -> Iterable[str]:
    tokens = default_analyzer().tokens(document.article.text, "kk")
    return (token.exact for token in tokens)
