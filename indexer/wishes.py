"""What a question says of events beside its words: kinds, days, months and years.

`ночь в библиотеке` is also the kind that other libraries call Библионочь, `12 ақпан 2019` also
a day, `семинар 2023` also a year. Each is found by a term of its own (indexer.schema), so that
an event answers whatever words its report uses.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import product

from crawler import vocabulary
from indexer.kazakh.function_words import stop_words
from indexer.kazakh.letters import normalise
from indexer.kazakh.words import parts, words
from indexer.ranking import ranking
from indexer.schema import day_terms, kind_term, month_terms, year_term

Stems = tuple[str, ...]
# For each place of a question the terms that its words stand for, with weights.
Wishes = list[list[tuple[str, float]]]
StemOf = Callable[[str, str], str]

FIRST_YEAR, LAST_YEAR = 1990, 2099
LONGEST_NAME = 4
MOST_READINGS = 64


class Wishing:
    """Knows the names of kinds and months by the stems of one analysis."""

    def __init__(self, stem_of: StemOf) -> None:
        self._kinds: dict[frozenset[str], dict[str, None]] = {}
        for kind in vocabulary.kinds().values():
            for name in (kind.kk, kind.ru, kind.en, *kind.forms):
                for language in ("kk", "ru"):
                    stems = frozenset(_stems(name, language, stem_of))
                    if stems and "…" not in name:
                        self._kinds.setdefault(stems, {})[kind.id] = None
        self._months = {
            stem_of(name, language): month
            for month, names in _months().items()
            for name in names
            for language in ("kk", "ru")
        }

    def of(self, places: Sequence[Stems], typed: Sequence[str]) -> Wishes:
        """The wishes of a question: the stems and the small letters of its places, in order.

        Stop words have no stems here.
        """
        found: Wishes = [[] for _ in places]
        self._add_kinds(places, found)
        self._add_dates(places, typed, found)
        return found

    def _add_kinds(self, places: Sequence[Stems], found: Wishes) -> None:
        """Kinds by their names; a longer name hides the shorter ones inside it."""
        weight = ranking().wishes["kind"]
        told = [number for number, stems in enumerate(places) if stems]
        taken: set[int] = set()
        for length in range(LONGEST_NAME, 0, -1):
            for start in range(len(told) - length + 1):
                here = told[start : start + length]
                if not taken.isdisjoint(here):
                    continue
                kinds = self._kinds_named([places[number] for number in here])
                taken.update(here if kinds else ())
                for number, kind in product(here, kinds):
                    found[number].append((kind_term(kind), weight / length))

    def _kinds_named(self, places: Sequence[Stems]) -> list[str]:
        kinds: dict[str, None] = {}
        for number, reading in enumerate(product(*places)):
            if number >= MOST_READINGS:
                break
            stems = frozenset(reading)
            kinds.update(self._kinds.get(stems, {}) if len(stems) == len(places) else {})
        return list(kinds)

    def _add_dates(self, places: Sequence[Stems], typed: Sequence[str], found: Wishes) -> None:
        weights = ranking().wishes
        years = [_year(text) for text in typed]
        year = next((one for one in years if one is not None), None)
        for number, one in enumerate(years):
            if one is not None:
                found[number].append((year_term(one), weights["year"]))
        for number, stems in enumerate(places):
            month = next((self._months[stem] for stem in stems if stem in self._months), None)
            if month is None:
                continue
            found[number].append((month_terms(year, month)[0], weights["month"]))
            at, day = _day_beside(typed, number)
            if day is not None and (term := _day_term(year, month, day)):
                found[at].append((term, weights["day"]))


def _day_beside(typed: Sequence[str], month: int) -> tuple[int, int | None]:
    """Where the number of a day stands beside its month: before it, else after it."""
    for at in (month - 1, month + 1):
        text = typed[at] if 0 <= at < len(typed) else ""
        if text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= 31:
            return at, int(text)
    return month, None


def _day_term(year: int | None, month: int, day: int) -> str | None:
    try:
        told = date(2000 if year is None else year, month, day)  # 2000 has a 29 February
    except ValueError:
        return None
    return day_terms(told)[year is None]


def _year(text: str) -> int | None:
    known = text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR
    return int(text) if known else None


def _stems(name: str, language: str, stem_of: StemOf) -> Iterator[str]:
    for word in words(name):
        for part in parts(word):
            text = normalise(part.text)
            if text not in stop_words():
                yield stem_of(text, language)


@cache
def _months() -> Mapping[int, list[str]]:
    text = (files("indexer") / "data" / "months.toml").read_text("utf-8")
    return {int(month): names for month, names in tomllib.loads(text).items()}
