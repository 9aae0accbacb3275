"""How often the repair for the search parts words that are whole, and how many glued ones it finds.

    python benchmarks/repair.py PASSAGES.jsonl [--show] [--counts OUT]

PASSAGES has a JSON object with `text` a line. The vocabulary is that of the texts themselves, as
in an index. 10,000 sentences are repaired as they are: every parting is counted as a false one
(some are not; --show lists them). Then two neighbouring words of a sentence are glued. --counts
writes the counts that ship with the program (indexer/data/word_counts.tsv).
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import Counter
from pathlib import Path

from indexer.repair import repair, vocabulary_of
from indexer.seams import seams
from indexer.word_counts import counts_of, counts_text

SENTENCES = 10_000
LEAST_SHIPPED = 3
HEAD = """\
# How often words stand in Kazakh texts; tells glued words from long ones (indexer/seams.py).
# Licence of this file: CC BY-SA 4.0. Sources: KazQAD contexts (CC BY-SA 4.0) and KazNERD sentences
# (CC BY 4.0), words met three times or more.
# Made by: python benchmarks/repair.py PASSAGES.jsonl --counts indexer/data/word_counts.tsv
"""
PAIR = re.compile(r"(?<!\w)([а-яәғқңөұүһі]{3,}) ([а-яәғқңөұүһі]{3,})(?!\w)")


def main() -> None:
    parser = argparse.ArgumentParser(description="false partings, glued words found")
    parser.add_argument("passages", type=Path)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--counts", type=Path, help="write the counts that ship, and end")
    asked = parser.parse_args()
    lines = asked.passages.read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    if asked.counts:
        chunks = Counter(chunk for text in texts for chunk in text.split())
        kept = {word: count for word, count in counts_of(chunks).items() if count >= LEAST_SHIPPED}
        asked.counts.write_text(HEAD + counts_text(kept), "utf-8")
        return
    vocabulary = vocabulary_of(texts)
    sentences = [one for text in texts for one in re.split(r"(?<=[.!?])\s+", text) if len(one) > 20]
    chance = random.Random(1)
    chosen = chance.sample(sentences, min(SENTENCES, len(sentences)))
    words = sum(len(re.findall(r"\w+", one)) for one in chosen)
    start = time.process_time()
    repaired = [repair(one, vocabulary) for one in chosen]
    seconds = time.process_time() - start
    parted = [c for one in repaired for c in one.changes if c.reason == "glued words"]
    print(f"{words:,} words, {words / seconds:,.0f} a second, {len(parted)} parted", end="")
    print(f" = 1 in {words / max(len(parted), 1):,.0f}")
    if asked.show:
        for one in repaired:
            for change in one.changes:
                near = one.original[max(change.start - 12, 0) : change.start + 12]
                print(f"  {change.reason}: …{near}…")
    pairs = [chance.choice(found) for one in chosen if (found := PAIR.findall(one))]
    found = [seams(left + right, vocabulary) for left, right in pairs]
    right = sum(at == (len(pair[0]),) for at, pair in zip(found, pairs, strict=True))
    wrong = sum(bool(at) for at in found) - right
    print(f"{len(pairs):,} glued pairs: {right / len(pairs):.1%} parted, {wrong} elsewhere")


if __name__ == "__main__":
    main()
