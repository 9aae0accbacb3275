"""The plain verb under a passive: ``айтыл`` is found as ``айт``."""

from __future__ import annotations

from functools import cache

from indexer.kazakh.candidates import bases
from indexer.kazakh.choice import grammar_costs
from indexer.kazakh.lexicon import Lexicon

_SHORTEST_OPEN = 3


@cache
def _least_support() -> float:
    return grammar_costs()["model", "voice support"]


def plain_verb(stem: str, lexicon: Lexicon) -> str:
    """The verb stem without its passive when the lexicon knows the plain verb, else the stem.

    The passive in -н stands only after л (``салын``) and ла, ле (``жариялан``); elsewhere -н is
    reflexive and makes another verb (``түсін`` "understand" beside ``түс`` "fall").
    """
    if stem[-1:] not in ("л", "н"):
        return stem
    found = [
        (lexicon.support("V", base), base)
        for base, _, made in bases(stem)
        if made.is_voice and _may_be_passive(base, stem)
    ]
    support, base = max(found, default=(0.0, stem))
    return base if support >= _least_support() else stem


def _may_be_passive(base: str, stem: str) -> bool:
    if stem[-1] == "н" and not base.endswith(("л", "ла", "ле")):
        return False
    return len(base) >= _SHORTEST_OPEN or stem[-2] in "ыі"
