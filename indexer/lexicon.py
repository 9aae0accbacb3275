"""What an index learns from its own words when it is rebuilt: a lexicon and counts of words.

Only words that the base lexicon does not explain are learned from: learning from all words of
5,192 passages took 70 s more and answered the questions no better (docs/search.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path

from crawler.model import Document
from indexer.kazakh.induction import induce
from indexer.kazakh.letters import normalise, script_of
from indexer.kazakh.lexicon import base_lexicon
from indexer.kazakh.words import words
from indexer.place import COUNTS, LEXICON
from indexer.word_counts import counts_of, counts_text, plain_words
from indexer.workers import unexplained_among

LEAST_WORDS = 200
MOST_DOCUMENTS = 20_000
MOST_WORDS = 20_000
LEAST_COUNT = 4


def learn(
    folder: Path,
    documents: Iterable[Document],
    unexplained: Callable[[Sequence[str]], Container[str]] = unexplained_among,
) -> dict[str, list[str]]:
    """Learn from the documents and keep what was learned with the index.

    `unexplained` tells which of some normalised words the shipped lexicon does not explain.
    Returns the plain words met, in small letters, by the language they probably stand in.
    """
    kazakh: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for document in islice(documents, MOST_DOCUMENTS):
        chunks = kazakh if document.article.language == "kk" else others
        chunks.update((document.article.title or "").split())
        chunks.update(document.article.text.split())
    counts = counts_text(counts_of(kazakh + others))
    (folder / COUNTS).write_text(counts, "utf-8", errors="replace")
    frequent = frequent_words(kazakh)
    unknown = unexplained(list(frequent))
    learned = {word: count for word, count in frequent.items() if word in unknown}
    if len(learned) >= LEAST_WORDS:
        induce(dict(islice(learned.items(), MOST_WORDS)), base_lexicon()).save(folder / LEXICON)
    return {"kk": plain_words(kazakh), "ru": plain_words(others)}


def frequent_words(chunks: Mapping[str, int]) -> dict[str, int]:
    """Normalised Cyrillic words that stand often enough to learn from, most frequent first.

    `chunks` are the texts' pieces between blanks with their counts.
    """
    counts: Counter[str] = Counter()
    for chunk, count in chunks.items():
        for piece in words(chunk):
            counts[normalise(piece.text)] += count
    return {
        word: count
        for word, count in counts.most_common()
        if count >= LEAST_COUNT and script_of(word) == "cyrillic"
    }
