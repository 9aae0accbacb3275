"""Learning a lexicon from the word forms of a corpus (see :mod:`indexer.kazakh.lexicon`)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import chain as joined

from indexer.kazakh.candidates import Candidate, candidates
from indexer.kazakh.choice import Judge, suffix_cost
from indexer.kazakh.lexicon import Lexicon, counted
from indexer.kazakh.suffixes import suffixes

ROUNDS = 6
LEAST_SUPPORT = 0.05
LEAST_SHARE = 0.001

# A reading while learning: kind, stem, cost of its suffixes and stem change, whether it tells.
_Reading = tuple[str, str, float, bool]


def induce(
    words_with_counts: Mapping[str, int] | Iterable[tuple[str, int]],
    base: Lexicon | None = None,
    rounds: int = ROUNDS,
) -> Lexicon:
    """Lexicon of a corpus given its normalised words and their counts.

    The support of ``base`` counts from the first round on and is part of the answer, so that a
    small collection reads its words as the base would. The answer depends on the set of words
    alone, not on their order.
    """
    items = (
        words_with_counts.items() if isinstance(words_with_counts, Mapping) else words_with_counts
    )
    forms = [_readings(word) for word in _spelled(counted(items))]
    forms = [readings for readings in forms if readings]
    lexicon = base or Lexicon()
    shares: list[list[float]] = [[0.0] * len(readings) for readings in forms]
    for _ in range(rounds):
        judge = Judge(lexicon)
        shares = [_share(judge, f, own) for f, own in zip(forms, shares, strict=True)]
        lexicon = _counted_again(forms, shares, base or Lexicon())
    return lexicon


def _spelled(words: list[str]) -> list[str]:
    """The words with е for ё, as they are read; sorted, each once."""
    return sorted({word.replace("ё", "е") for word in words})


def _readings(word: str) -> list[_Reading]:
    return [weighed_reading(reading) for reading in candidates(word)]


def weighed_reading(reading: Candidate) -> _Reading:
    """What learning needs of a reading."""
    return reading.chain.kind, reading.stem, suffix_cost(reading), _tells(reading)


def _tells(reading: Candidate) -> bool:
    """Whether a reading alone may bring a stem: a converb in а, е may as well be a name."""
    return [suffixes()[number].target for number in reading.chain.rows] != ["CVA"]


def _share(judge: Judge, readings: list[_Reading], own: list[float]) -> list[float]:
    costs = [
        cost + judge.stem_cost(kind, stem, vote)
        for (kind, stem, cost, _), vote in zip(readings, own, strict=True)
    ]
    least = min(costs)
    weights = [math.exp(least - cost) for cost in costs]
    whole = sum(weights)
    return [weight / whole for weight in weights]


def _counted_again(
    forms: list[list[_Reading]], shares: list[list[float]], base: Lexicon
) -> Lexicon:
    support = {"N": dict(base.nouns), "V": dict(base.verbs)}
    pairs = joined.from_iterable(zip(f, s, strict=True) for f, s in zip(forms, shares, strict=True))
    told = [(reading, share) for reading, share in pairs if share > LEAST_SHARE]
    for (kind, stem, _, _), share in (one for one in told if one[0][3]):
        support[kind][stem] = support[kind].get(stem, 0.0) + share
    for (kind, stem, _, tells), share in told:
        if not tells and support[kind].get(stem, 0.0) > LEAST_SUPPORT:
            support[kind][stem] += share
    nouns, verbs = (
        {stem: round(value, 3) for stem, value in support[kind].items() if value > LEAST_SUPPORT}
        for kind in "NV"
    )
    return Lexicon(nouns, verbs)
