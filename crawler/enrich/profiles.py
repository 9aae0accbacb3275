"""Profiles for langdetect, built from text: how often each run of one to three letters comes.

The shipped profiles and what they were built from: crawler/data/languages/README.md.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from itertools import islice

from langdetect.utils.ngram import NGram

LONGEST_GRAM = 3
RAREST = 2  # a run seen less often is left out


def grams_of(text: str) -> Iterable[str]:
    """Runs of one to three letters as langdetect counts them: words between blanks."""
    gram = NGram()
    for char in NGram.normalize_vi(text):
        gram.add_char(char)
        if gram.capitalword:
            continue
        for size in range(1, LONGEST_GRAM + 1):
            run = gram.get(size)
            if run:
                yield run


def build_profile(name: str, texts: Iterable[str], most: int = 6_000) -> str:
    """The JSON of a profile called `name`, of the `most` frequent runs in `texts`."""
    counts = Counter(run for text in texts for run in grams_of(text))
    sizes = [0] * LONGEST_GRAM
    for run, count in counts.items():
        sizes[len(run) - 1] += count
    kept = {r: c for r, c in islice(counts.most_common(), most) if c >= RAREST}
    told = {"freq": dict(sorted(kept.items())), "n_words": sizes, "name": name}
    return json.dumps(told, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n"


def main() -> None:
    """`python -m crawler.enrich.profiles NAME < TEXT > NAME.json`."""
    sys.stdout.write(build_profile(sys.argv[1], sys.stdin))


if __name__ == "__main__":
    main()
