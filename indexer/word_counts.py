"""How often words stand in a collection: what tells glued words from long ones (`seams`).

The counts of a collection are taken when its index is rebuilt and kept beside its lexicon; on
top of them come the counts that ship with the program, so that a small collection works too.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from indexer.repair import vocabulary_of

# A word met once is as likely a slip of the pen: it tells nothing.
LEAST_COUNT = 2
PUNCTUATION = '.,;:!?…"«»“”()–—'
MOST_WORDS = 150_000
_CYRILLIC = re.compile(r"[\u0400-\u052f]{2}[а-яёәғқңөұүһі]*").fullmatch
HEADER = "# word\ttimes it stands in the texts\n"


def counts_of(chunks: Mapping[str, int]) -> dict[str, int]:
    """The counts worth keeping, of texts given as their chunks between blanks with counts."""
    found: Counter[str] = Counter()
    for chunk, count in chunks.items():
        bare = chunk.strip(PUNCTUATION)
        if bare.isalpha() and _CYRILLIC(bare):
            found[bare.lower()] += count
            continue
        for word, times in vocabulary_of((chunk,)).items():
            found[word] += times * count
    return {word: count for word, count in found.most_common(MOST_WORDS) if count >= LEAST_COUNT}


def plain_words(chunks: Mapping[str, int]) -> list[str]:
    """The Cyrillic words in small letters, of such chunks, the most frequent first."""
    found: Counter[str] = Counter()
    for chunk, count in chunks.items():
        bare = chunk.strip(PUNCTUATION)
        if bare.isalpha() and _CYRILLIC(bare):
            found[bare.lower()] += count
    return [word for word, _ in found.most_common(MOST_WORDS)]


def counts_text(counts: Mapping[str, int]) -> str:
    """The counts as readable text, one word a line, sorted."""
    return HEADER + "".join(f"{word}\t{counts[word]}\n" for word in sorted(counts))


def counts_from_text(text: str, name: str = "word counts") -> dict[str, int]:
    """Read what `counts_text` wrote; ValueError names the line that is wrong."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        word, _, count = line.partition("\t")
        if not count.isdecimal():
            raise ValueError(f"{name}, line {number}: expected word and number parted by a tab")
        found[word] = int(count)
    return found


def load_counts(path: Path) -> dict[str, int]:
    """The counts of a collection and those that ship, added; of these alone without the file."""
    if not path.is_file():
        return base_counts()
    return summed(base_counts(), counts_from_text(path.read_text("utf-8"), str(path)))


def summed(first: Mapping[str, int], second: Mapping[str, int]) -> dict[str, int]:
    """Both counts together."""
    total = dict(first)
    for word, count in second.items():
        total[word] = total.get(word, 0) + count
    return total


@cache
def base_counts() -> dict[str, int]:
    """The counts that ship with the program; the head of the file names the sources."""
    path = files("indexer") / "data" / "word_counts.tsv"
    return counts_from_text(path.read_text("utf-8"), "word_counts.tsv")


@cache
def repair_fingerprint() -> bytes:
    """SHA-256 of the data of the repair that ships."""
    digest = hashlib.sha256()
    for name in ("repair.toml", "word_counts.tsv"):
        digest.update((files("indexer") / "data" / name).read_bytes())
    return digest.digest()


def total_fingerprint(counts: Iterable[tuple[str, int]]) -> bytes:
    """SHA-256 of counts, whatever their order."""
    told = "\n".join(f"{word}\t{count}" for word, count in sorted(counts))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest()
