"""A fingerprint of an article's content, for likeness.

The signature is a MinHash (Broder 1997; datasketch) of runs of three words: the share of equal
numbers in two signatures estimates the Jaccard likeness of the two texts.
"""

from __future__ import annotations

import unicodedata

from crawler.enrich.passage import WORD
from crawler.model import Article

SIZE = 64
RUN = 3
MOST_WORDS = 5000
Signature = tuple[int, ...]


def normalised(text: str) -> str:
    """The words of a text in lower case, parted by single spaces (NFKC)."""
    return " ".join(WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def signature(article: Article) -> Signature:
    """The MinHash signature of an article's text, SIZE numbers; empty for a text without words."""
    # Here, as it brings SciPy along: 50 MB and a second that the crawl's process can do without.
    from datasketch import MinHash

    words = normalised(article.text).split()[:MOST_WORDS]
    if not words:
        return ()
    runs = {" ".join(words[i : i + RUN]) for i in range(max(1, len(words) - RUN + 1))}
    minhash = MinHash(num_perm=SIZE, seed=1)
    minhash.update_batch([run.encode("utf-8") for run in runs])
    return tuple(int(number) for number in minhash.hashvalues)


def likeness(one: Signature, two: Signature) -> float:
    """The estimated share of common word runs, 0 to 1; 0 where either signature is empty."""
    if not one or not two:
        return 0.0
    return sum(a == b for a, b in zip(one, two, strict=True)) / len(one)
