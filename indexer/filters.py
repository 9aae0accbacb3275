"""Filters of a question, from the request and from operators in its words, as engines get them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from indexer.engines.protocol import DayFilter, ValueFilter
from indexer.model import Hint, SearchRequest
from indexer.names import ids_named
from indexer.query import Filter

_YEARS = re.compile(r"^(\d{4})(?:(?:-|–|\.\.)(\d{4}))?$")
FIRST_DAY, LAST_DAY = 1, 3_652_059  # date.min and date.max as ordinals


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a question: values by facet, days, and remarks on what was not understood.

    `unknown` are the operators whose values nobody knows; they narrow nothing.
    """

    values: tuple[ValueFilter, ...] = ()
    days: DayFilter | None = None
    hints: tuple[Hint, ...] = ()
    unknown: tuple[Filter, ...] = ()

    def without(self, facet: str) -> Filters:
        """The filters less those of one facet; `year` has the days with it."""
        kept = tuple(one for one in self.values if one.facet != facet)
        return replace(self, values=kept, days=None if facet == "year" else self.days)

    @property
    def facets(self) -> tuple[str, ...]:
        """The facets that are filtered."""
        named = [one.facet for one in self.values]
        return tuple(dict.fromkeys([*named, *(["year"] if self.days else [])]))

    def chosen(self, facet: str) -> tuple[str, ...]:
        """The values chosen of a facet."""
        return self._named(facet, excluded=False)

    def excluded(self, facet: str) -> tuple[str, ...]:
        """The values that a minus rules out."""
        return self._named(facet, excluded=True)

    def _named(self, facet: str, excluded: bool) -> tuple[str, ...]:
        named = (one for one in self.values if one.facet == facet and one.excluded == excluded)
        return tuple(value for one in named for value in one.values)


def filters_of(request: SearchRequest, typed: Iterable[Filter], sites: Iterable[str]) -> Filters:
    """Everything that narrows a request; `sites` are the ids that the index knows."""
    asked: dict[str, list[str]] = {
        "site": list(request.sites),
        "region": list(request.regions),
        "kind": list(request.kinds),
        "language": list(request.languages),
    }
    excluded: list[ValueFilter] = []
    unknown: list[Filter] = []
    known_sites = tuple(sites)
    for one in typed:
        known = known_sites if one.facet == "site" else ()
        is_year = one.facet == "year"
        values = _years(one.value) if is_year else ids_named(one.facet, one.value, known)
        if not values:
            unknown.append(one)
        elif one.excluded:
            excluded.append(ValueFilter(one.facet, values, excluded=True))
        else:
            asked.setdefault(one.facet, []).extend(values)
    chosen = [ValueFilter(facet, tuple(dict.fromkeys(v))) for facet, v in asked.items() if v]
    hints = (Hint("unknown_value", (one.operator, one.value)) for one in unknown)
    return Filters((*chosen, *excluded), _days(request), tuple(hints), tuple(unknown))


def _days(request: SearchRequest) -> DayFilter | None:
    if request.date_from is None and request.date_to is None:
        return None
    first = request.date_from.toordinal() if request.date_from else FIRST_DAY
    last = request.date_to.toordinal() if request.date_to else LAST_DAY
    return DayFilter(first, last)


def _years(value: str) -> tuple[str, ...]:
    found = _YEARS.match(value)
    if found is None:
        return ()
    first, last = int(found.group(1)), int(found.group(2) or found.group(1))
    return tuple(str(year) for year in range(first, min(last, first + 200) + 1))
