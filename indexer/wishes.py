"""What a question says of events beside its words: kinds, regions, days, months and years.

`ночь в библиотеке` is also the kind that other libraries call Библионочь, `12 ақпан 2019` also
a day, `семинар 2023` also a year. Each is found by a term of its own (indexer.schema), so that
an event answers whatever words its report uses.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.resources import files
from itertools import islice, product

from crawler import vocabulary
from indexer.ranking import ranking
from indexer.schema import day_terms, kind_term, month_terms, region_term, year_term
from indexer.told_names import StemOf, Stems, ToldNames, beginning

# For each place of a question the terms that its words stand for, with weights.
Wishes = list[list[tuple[str, float]]]

FIRST_YEAR, LAST_YEAR = 1990, 2099
LONGEST_NAME = 4
MOST_READINGS = 64


class Wishing:
    """Knows the names of kinds, regions and months by the stems of one analysis."""

    def __init__(self, stem_of: StemOf) -> None:
        self._kinds = ToldNames(_kinds(), stem_of, LONGEST_NAME)
        self._regions = ToldNames(_regions(), stem_of, 2)
        self._months = ToldNames(_months(), stem_of, 1)

    def of(self, places: Sequence[Stems], typed: Sequence[str]) -> Wishes:
        """The wishes of a question: the stems and the small letters of its places, in order.

        Stop words have no stems here.
        """
        begins = frozenset(beginning(stem) for stems in places for stem in stems)
        for names in (self._kinds, self._regions, self._months):
            names.learn(begins)
        found: Wishes = [[] for _ in places]
        self._add_kinds(places, found)
        self._add_places(places, found)
        self._add_dates(places, typed, found)
        return found

    def _add_kinds(self, places: Sequence[Stems], found: Wishes) -> None:
        """Kinds by their names: longer ones hide shorter ones inside them, then order counts."""
        weight = ranking().wishes["kind"]
        told = [number for number, stems in enumerate(places) if stems]
        taken: set[int] = set()
        for length, in_order in product(range(LONGEST_NAME, 0, -1), (True, False)):
            for start in range(len(told) - length + 1):
                here = told[start : start + length]
                if not taken.isdisjoint(here):
                    continue
                kinds = self._kinds_named([places[number] for number in here], in_order)
                taken.update(here if kinds else ())
                for number, kind in product(here, kinds):
                    found[number].append((kind_term(kind), weight / length))

    def _kinds_named(self, places: Sequence[Stems], in_order: bool) -> list[str]:
        kinds: dict[str, None] = {}
        for stems in islice(product(*places), MOST_READINGS):
            if in_order:
                kinds.update(self._kinds.values.get(stems, {}))
            elif len(set(stems)) == len(places):
                kinds.update(self._kinds.in_any_order.get(frozenset(stems), {}))
        return list(kinds)

    def _add_places(self, places: Sequence[Stems], found: Wishes) -> None:
        """Regions by their names of today and before, and by their cities."""
        weight = ranking().wishes["place"]
        for number, stems in enumerate(places):
            after = places[number + 1] if number + 1 < len(places) else ()
            known = self._regions.values
            long = [
                known[stem, other] for stem in stems for other in after if (stem, other) in known
            ]
            for named in (*long, *(known[stem,] for stem in stems if (stem,) in known)):
                found[number].extend((region_term(region), weight) for region in named)
                break

    def _add_dates(self, places: Sequence[Stems], typed: Sequence[str], found: Wishes) -> None:
        weights = ranking().wishes
        years = [_year(text) for text in typed]
        year = next((one for one in years if one is not None), None)
        for number, one in enumerate(years):
            if one is not None:
                found[number].append((year_term(one), weights["year"]))
        for number, stems in enumerate(places):
            named = (self._months.values.get((stem,)) for stem in stems)
            told = next(filter(None, named), None)
            if told is None:
                continue
            month = int(next(iter(told)))
            found[number].append((month_terms(year, month)[0], weights["month"]))
            at, day = _day_beside(typed, number)
            if day is not None and (term := _day_term(year, month, day)):
                found[at].append((term, weights["day"]))


def _kinds() -> Iterator[tuple[str, str]]:
    for kind in vocabulary.kinds().values():
        for name in (kind.kk, kind.ru, kind.en, *kind.forms):
            yield name, kind.id


def _regions() -> Iterator[tuple[str, str]]:
    """Names of regions and of the cities in them, of today and before."""
    for region in vocabulary.regions().values():
        for name in (region.kk, region.ru, region.en, *region.forms, *region.former):
            yield name, region.id
    for place in vocabulary.places():
        if place.type == "city" and place.region in vocabulary.regions():
            for name in (place.kk, place.ru, *place.also):
                yield name, place.region


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


def _months() -> Iterator[tuple[str, str]]:
    text = (files("indexer") / "data" / "months.toml").read_text("utf-8")
    for month, names in tomllib.loads(text).items():
        yield from ((name, month) for name in names)
