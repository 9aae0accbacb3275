"""The lexicon of a collection, learned from its own words when the index is rebuilt.

Only words that the base lexicon does not explain are learned from: learning from all words of
5,192 passages took 70 s more and answered the questions no better (docs/search.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from crawler.model import Document
from indexer.analysis import Analyzer, default_analyzer
from indexer.kazakh.induction import induce
from indexer.kazakh.letters import normalise, script_of
from indexer.kazakh.lexicon import base_lexicon
from indexer.kazakh.words import words
from indexer.place import LEXICON

LEAST_WORDS = 200
MOST_DOCUMENTS = 4_000
MOST_WORDS = 20_000
LEAST_COUNT = 4


def save_lexicon(folder: Path, documents: Iterable[Document]) -> None:
    """Learn from the Kazakh words of the documents and keep the lexicon with the index."""
    learned = unexplained(documents, default_analyzer())
    if len(learned) >= LEAST_WORDS:
        induce(learned, base_lexicon()).save(folder / LEXICON)


def unexplained(documents: Iterable[Document], analyzer: Analyzer) -> dict[str, int]:
    """The most frequent word forms, with their counts, whose stems the lexicon does not have."""
    written: Counter[str] = Counter()
    for document in islice(documents, MOST_DOCUMENTS):
        if document.article.language == "kk":
            written.update(piece.text for piece in words(document.article.text))
    counts: Counter[str] = Counter()
    for text, count in written.items():
        counts[normalise(text)] += count
    unknown = (
        (word, count)
        for word, count in counts.most_common()
        if count >= LEAST_COUNT
        and script_of(word) == "cyrillic"
        and analyzer.stem_of(word, "kk") not in analyzer.lexicon
    )
    return dict(islice(unknown, MOST_WORDS))
