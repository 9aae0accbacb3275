"""What an index learns from its own words when it is rebuilt: a lexicon and counts of words.

Only words that the base lexicon does not explain are learned from: learning from all words of
5,192 passages took 70 s more and answered the questions no better (docs/search.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path

from crawler.model import Document
from indexer.analysis import Analyzer, default_analyzer
from indexer.kazakh.induction import induce
from indexer.kazakh.letters import normalise, script_of
from indexer.kazakh.lexicon import base_lexicon
from indexer.kazakh.words import words
from indexer.place import COUNTS, LEXICON
from indexer.word_counts import counts_of, counts_text

LEAST_WORDS = 200
MOST_DOCUMENTS = 20_000
MOST_WORDS = 20_000
LEAST_COUNT = 4


def learn(folder: Path, documents: Iterable[Document]) -> None:
    """Learn from the documents and keep what was learned with the index."""
    kazakh: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for document in islice(documents, MOST_DOCUMENTS):
        chunks = kazakh if document.article.language == "kk" else others
        chunks.update((document.article.title or "").split())
        chunks.update(document.article.text.split())
    counts = counts_text(counts_of(kazakh + others))
    (folder / COUNTS).write_text(counts, "utf-8", errors="replace")
    learned = unexplained(kazakh, default_analyzer())
    if len(learned) >= LEAST_WORDS:
        induce(learned, base_lexicon()).save(folder / LEXICON)


def unexplained(chunks: Mapping[str, int], analyzer: Analyzer) -> dict[str, int]:
    """The most frequent word forms, with their counts, whose stems the lexicon does not have.

    `chunks` are the texts' pieces between blanks with their counts.
    """
    counts: Counter[str] = Counter()
    for chunk, count in chunks.items():
        for piece in words(chunk):
            counts[normalise(piece.text)] += count
    unknown = (
        (word, count)
        for word, count in counts.most_common()
        if count >= LEAST_COUNT
        and script_of(word) == "cyrillic"
        and analyzer.stem_of(word, "kk") not in analyzer.lexicon
    )
    return dict(islice(unknown, MOST_WORDS))
