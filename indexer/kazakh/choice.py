"""How likely a reading is: cost of its suffixes, of the change to its stem, of the stem itself.

Costs are natural logarithms of probabilities with the sign turned; the grammar's part was learned
once (``data/costs.tsv``), the stems' part comes from a :class:`~indexer.kazakh.lexicon.Lexicon`.
"""

from __future__ import annotations

import math
from functools import cache

from indexer.kazakh.candidates import Candidate
from indexer.kazakh.letters import VOWELS
from indexer.kazakh.lexicon import Lexicon
from indexer.kazakh.suffixes import suffixes
from indexer.kazakh.tables import rows_of

UNSEEN = 9.0
# A form of the corpus speaks for its own stem once; that much is taken off before comparing.
OWN_VOTE = 0.9


@cache
def grammar_costs() -> dict[tuple[str, str], float]:
    """Cost of each step: (state, suffix row) or (state, "end"), ("change", x), ("model", x)."""
    return {(row[0], row[1]): float(row[2]) for row in rows_of("costs.tsv", 3)}


def row_key(number: int) -> str:
    """The name under which ``costs.tsv`` keeps a suffix row: its shape and target state."""
    row = suffixes()[number]
    return f"{row.shape or '-'}>{row.target}"


@cache
def chain_cost(kind: str, rows: tuple[int, ...]) -> float:
    """Cost of a whole suffix chain from the entry state ``kind`` to the end of the word."""
    costs, state, total = grammar_costs(), kind, 0.0
    for number in rows:
        total += costs.get((state, row_key(number)), UNSEEN)
        state = suffixes()[number].target
    return total + costs.get((state, "end"), UNSEEN)


def change_cost(change: str) -> float:
    """Cost of a changed stem end (``hard``, ``vowel``, ...)."""
    return grammar_costs().get(("change", change or "none"), UNSEEN)


def strangeness(kind: str, stem: str) -> float:
    """Cost of a stem nobody has seen: long, without vowels or with an odd last letter."""
    model = grammar_costs()
    cost = model["model", "base"] + model["model", "letter"] * len(stem)
    if stem[-1] in "бгғд":
        cost += model["model", "voiced noun" if kind == "N" else "voiced verb"]
    if VOWELS.isdisjoint(stem):
        cost += model["model", "no vowel"]
    return cost + (model["model", "one letter"] if len(stem) < 2 else 0.0)


class Judge:
    """Compares readings with the help of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        model = grammar_costs()
        self.lexicon = lexicon
        self.unseen = math.exp(model["model", "unseen weight"])
        totals = {"N": sum(lexicon.nouns.values()), "V": sum(lexicon.verbs.values())}
        whole = sum(totals.values()) + 1.0
        self.kind_cost = {
            kind: math.log(total + self.unseen) - math.log((total + 1.0) / whole)
            for kind, total in totals.items()
        }

    def stem_cost(self, kind: str, stem: str, own: float = OWN_VOTE) -> float:
        """Cost of a stem: low when many other forms of the corpus speak for it."""
        support = max(0.0, self.lexicon.support(kind, stem) - own)
        weight = support + self.unseen * math.exp(-strangeness(kind, stem))
        return self.kind_cost[kind] - math.log(weight)

    def cost(self, reading: Candidate, own: float = OWN_VOTE) -> float:
        """Cost of a whole reading; the cheapest one is taken."""
        chain = reading.chain
        return (
            chain_cost(chain.kind, chain.rows)
            + change_cost(reading.change)
            + self.stem_cost(chain.kind, reading.stem, own)
        )
