"""Learn the costs of the suffix graph from text: ``python benchmarks/learn_costs.py COUNTS OUT``.

COUNTS holds one normalised word and its count a line, parted by a tab. The costs are learned by
expectation maximisation together with the stems (indexer/kazakh/induction.py) and written in the
form of ``indexer/kazakh/data/costs.tsv``; rows of the kinds ``model``, ``change`` and
``derivation`` are settings and are kept as they are.
"""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from pathlib import Path

from indexer.kazakh import choice
from indexer.kazakh.candidates import candidates
from indexer.kazakh.induction import _counted_again, _share, weighed_reading
from indexer.kazakh.lexicon import Lexicon
from indexer.kazakh.suffixes import suffixes
from indexer.kazakh.tables import rows_of

ROUNDS = 8
SMOOTHING = 0.5
RARE = 6.5
SETTINGS = ("model", "change", "derivation")


def steps(kind: str, rows: tuple[int, ...]) -> list[tuple[str, str]]:
    """The steps of a chain as costs.tsv names them."""
    state, path = kind, []
    for number in rows:
        path.append((state, choice.row_key(number)))
        state = suffixes()[number].target
    return [*path, (state, "end")]


def possible() -> list[tuple[str, str]]:
    """Every step of the graph."""
    found = {("N", "end"), ("V", "end")}
    for number, row in enumerate(suffixes()):
        found |= {(source, choice.row_key(number)) for source in row.sources}
        if not row.target.endswith("!"):
            found.add((row.target, "end"))
    return sorted(found)


def learn(words: list[str]) -> dict[tuple[str, str], float]:
    """Costs of all steps after the last round."""
    forms = [list(candidates(word)) for word in words]
    shares = [[0.0] * len(readings) for readings in forms]
    lexicon = Lexicon()
    costs = choice.grammar_costs()
    for _ in range(ROUNDS):
        choice.chain_cost.cache_clear()
        judge = choice.Judge(lexicon)
        weighed = [[weighed_reading(reading) for reading in readings] for readings in forms]
        shares = [_share(judge, f, own) for f, own in zip(weighed, shares, strict=True)]
        lexicon = _counted_again(weighed, shares, Lexicon())
        used: dict[tuple[str, str], float] = defaultdict(float)
        for readings, parts in zip(forms, shares, strict=True):
            for reading, part in zip(readings, parts, strict=True):
                if part > 0.001:
                    for step in steps(reading.chain.kind, reading.chain.rows):
                        used[step] += part
        learned = normalised(used)
        for step, cost in learned.items():
            costs[step] = cost + ADJUSTED.get(step, 0.0)
    return learned


def normalised(used: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """Minus the logarithm of each step's share among the steps of its state."""
    all_steps = possible()
    whole: dict[str, float] = defaultdict(float)
    for state, step in all_steps:
        whole[state] += used.get((state, step), 0.0) + SMOOTHING
    return {
        (state, step): min(
            RARE, -math.log((used.get((state, step), 0.0) + SMOOTHING) / whole[state])
        )
        for state, step in all_steps
    }


ADJUSTED = {(state, step): float(added) for state, step, added, _ in rows_of("adjustments.tsv", 4)}


def main(counts: str, out: str) -> None:
    """Learn from the word list and rewrite the cost table."""
    lines = Path(counts).read_text(encoding="utf-8").splitlines()
    learned = learn(sorted({line.split("\t")[0] for line in lines}))
    path = Path(out)
    old = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in old if line.startswith("#") or line.split("\t")[0] in SETTINGS]
    rows = [f"{state}\t{step}\t{cost:.2f}\n" for (state, step), cost in learned.items()]
    path.write_text("".join(kept + rows), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
