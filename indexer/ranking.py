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
    rarity: float
    b: float
    zones: Mapping[str, float]
    forms: Mapping[str, float]
    enough: int
    readings: Mapping[str, float]
    expansions: Mapping[str, float]
    wishes: Mapping[str, float]
    most: float
    some: float
    telling: float
    title: float
    runs: float
    all_words: float
    near: float
    short: int
    recent: float
    recent_years: float

    def shortness(self, words: int) -> float:
        """How much of the bonuses for short questions a question of so many words gets."""
        return min(max(2 - words / self.short, 0.0), 1.0)


def zones_in_words(zones: Mapping[str, float]) -> str:
    """The weights of the zones, which an index is made with: `body=1.0 labels=0.25 ...`."""
    return " ".join(f"{name}={weight}" for name, weight in sorted(zones.items()))


@cache
def ranking() -> Ranking:
    """The weights as shipped."""
    told = tomllib.loads((files("indexer") / "data" / "ranking.toml").read_text("utf-8"))
    names = ("zones", "forms", "readings", "expansions", "wishes")
    tables = {name: told[name] for name in names}
    return Ranking(**told["bm25"], **tables, **told["found"], **told["bonus"])
