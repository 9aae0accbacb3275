"""Measures the index and the search. Run from the checkout: `python benchmarks/search.py ...`.

    questions EVAL            nDCG@10, MRR@10, recall@100 on EVAL/questions.jsonl over
                              EVAL/passages.jsonl, through the real store, index and Searcher
    weights EVAL              nDCG@10 over passages as imported, and golden questions right, for
                              neighbours of the shipped weights, cross-validated
    speed EVAL DOCUMENTS      indexing, 200 mixed questions, adding 50 articles, memory,
                              beside plain Whoosh and SQLite FTS5 in the same run

Hostile questions over the API are in fuzz.py. `--work DIR` keeps stores and indexes between runs (default: a folder that is deleted).
Figures of other programs are taken on the same machine in the same run; compare ratios.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from measuring import questions, speed, weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=("questions", "weights", "speed"))
    parser.add_argument("eval", type=Path, help="folder with passages.jsonl and questions.jsonl")
    parser.add_argument("documents", type=int, nargs="?", default=10_000)
    parser.add_argument("--work", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        match options.what:
            case "questions":
                questions.run(options.eval, work)
            case "weights":
                weights.run(options.eval, work)
            case "speed":
                speed.run(options.eval, work, options.documents)


if __name__ == "__main__":
    main()
