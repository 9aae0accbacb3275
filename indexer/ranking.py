"""The weights of the ranking, from `indexer/data/ranking.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Ranking:
    """All weights; the file says what each means.

    `zones` multiply a word's count by where it stands, `forms` a term's score by its field.
    """

    k1: float
    b: float
    zones: Mapping[str, float]
    forms: Mapping[str, float]
    all_words: float
    near: float
    recent: float
    recent_years: float


@cache
def ranking() -> Ranking:
    """The weights as shipped."""
    told = tomllib.loads((files("indexer") / "data" / "ranking.toml").read_text("utf-8"))
    return Ranking(**told["bm25"], zones=told["zones"], forms=told["forms"], **told["bonus"])
