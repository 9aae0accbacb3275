"""How likely a reading is: cost of its suffixes, of the change to its stem, of the stem itself.

Costs are natural logarithms of probabilities with the sign turned; the grammar's part was learned
once (``data/costs.tsv``), the stems' part comes from a :class:`~indexer.kazakh.lexicon.Lexicon`.
"""

from __future__ import annotations

import math
from functools import cache

from indexer.kazakh.candidates import Candidate, bases
from indexer.kazakh.function_words import function_forms
from indexer.kazakh.letters import VOWELS
from indexer.kazakh.lexicon import Lexicon
from indexer.kazakh.loans import is_no_verb
from indexer.kazakh.suffixes import suffixes
from indexer.kazakh.tables import rows_of, text_of

UNSEEN = 9.0
# A form of the corpus speaks for its own stem once, and one form more proves little: that much is
# taken off before comparing. A stem that one form brought keeps a trace; less support is none.
OWN_VOTE = 1.5
ONE_FORM = 0.9
TRACE = {"N": 0.1, "V": 0.01}
# The stem under a derived one may have nothing but the vote of the very form that is read.
BASE_VOTE = 1.0
_VOICED_STOPS = "бгғд"
_FIRST = frozenset("бвгғджзйклмнңпрстфхшщчцқһу")
_SECOND = frozenset("нмлрзжғгбдвйңқкс")


@cache
def grammar_costs() -> dict[tuple[str, str], float]:
    """Cost of each step: (state, suffix row) or (state, "end"), ("change", x), ("model", x)."""
    costs = {(row[0], row[1]): float(row[2]) for row in rows_of("costs.tsv", 3)}
    for state, step, added, _ in rows_of("adjustments.tsv", 4):
        costs[state, step] = costs.get((state, step), UNSEEN) + float(added)
    return costs


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


@cache
def change_cost(change: str) -> float:
    """Cost of a changed stem end (``hard``, ``vowel``, ...)."""
    return grammar_costs().get(("change", change or "none"), UNSEEN)


def letters_cost(kind: str, stem: str) -> float:
    """Cost of a stem nobody has seen: by its length, as a new noun or a (rarer) new verb."""
    model = grammar_costs()
    cost = model["model", "base"] + model["model", "letter"] * len(stem)
    if kind == "V":
        cost += model["model", "new verb"]
    if VOWELS.isdisjoint(stem):
        cost += model["model", "no vowel"]
    return cost


@cache
def _odd_ends() -> tuple[float, float, float, float]:
    model = grammar_costs()
    return (
        model["model", "voiced noun"],
        model["model", "voiced verb"],
        model["model", "cluster"],
        model["model", "short"],
    )


@cache
def _short_stems() -> frozenset[str]:
    lines = text_of("short_stems.txt").splitlines()
    return frozenset(stem for line in lines if not line.startswith("#") for stem in line.split())


def shape_cost(kind: str, stem: str) -> float:
    """Cost of what Kazakh stems seldom are: so short, ended by a voiced stop, a form of another."""
    noun, verb, cluster, short = _odd_ends()
    if len(stem) < 3 and (len(stem) < 2 or stem[1] in VOWELS):
        return 0.0 if f"{kind}:{stem}" in _short_stems() else short
    last = stem[-1]
    cost = short if kind == "N" and function_forms().get(stem, stem) != stem else 0.0
    if last in _VOICED_STOPS:
        cost += noun if kind == "N" else verb
    if last in _SECOND and stem[-2:-1] in _FIRST:
        cost += cluster
    if kind == "V" and is_no_verb(stem):
        cost += grammar_costs()["model", "loan verb"]
    return cost


@cache
def derivation_cost(name: str) -> float:
    """Cost of making a stem by a derivation or a voice."""
    return grammar_costs().get(("derivation", name), UNSEEN)


MOST_PRIORS = 40_000  # remembered; 12 MB


class Judge:
    """Compares readings with the help of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        model = grammar_costs()
        self.lexicon = lexicon
        self.unseen = math.exp(model["model", "unseen weight"])
        self.most = model["model", "base support"]
        totals = {"N": sum(lexicon.nouns.values()), "V": sum(lexicon.verbs.values())}
        whole = sum(totals.values()) + 1.0
        self.kind_cost = {
            kind: math.log(total + self.unseen) - math.log((total + 1.0) / whole)
            for kind, total in totals.items()
        }
        self._priors: dict[tuple[str, str], tuple[float, float]] = {}

    def prior(self, kind: str, stem: str) -> tuple[float, float]:
        """Weight of a stem before any form speaks for it, and the cost of its shape."""
        known = self._priors.get((kind, stem))
        if known is None:
            weight = self.unseen * math.exp(-letters_cost(kind, stem)) + self._made(
                kind, stem, deep=True
            )
            if len(self._priors) >= MOST_PRIORS:
                self._priors.clear()
            known = self._priors[kind, stem] = (weight, shape_cost(kind, stem))
        return known

    def _support(self, kind: str, stem: str, deep: bool) -> float:
        support = max(0.0, self.lexicon.support(kind, stem) - BASE_VOTE)
        if support or not deep:
            return support
        return self.unseen * math.exp(-letters_cost(kind, stem)) + self._made(
            kind, stem, deep=False
        )

    def _made(self, kind: str, stem: str, deep: bool) -> float:
        weight = 0.0
        for base, _, made in bases(stem):
            if made.target == kind:
                support = min(self._support(made.source, base, deep), self.most)
                weight += support * math.exp(-derivation_cost(made.name))
        return weight

    def stem_cost(self, kind: str, stem: str, own: float | None = None) -> float:
        """Cost of a stem: low when many other forms of the corpus speak for it.

        ``own`` is what the form that is read has given to the stem, where that is known.
        """
        weight, odd = self.prior(kind, stem)
        support = self.lexicon.support(kind, stem)
        if own is not None:
            weight += max(0.0, support - own)
        elif support > ONE_FORM:
            weight += max(TRACE[kind], support - OWN_VOTE)
        return self.kind_cost[kind] - math.log(weight) + odd

    def cost(self, reading: Candidate) -> float:
        """Cost of a whole reading; the cheapest one is taken."""
        return suffix_cost(reading) + self.stem_cost(reading.chain.kind, reading.stem)


def suffix_cost(reading: Candidate) -> float:
    """Cost of all of a reading but its stem."""
    return chain_cost(reading.chain.kind, reading.chain.rows) + change_cost(reading.change)
