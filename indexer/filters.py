"""Filters of a question, from the request and from operators in its words, as engines get them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from crawler import vocabulary
from indexer.engines.protocol import DayFilter, ValueFilter
from indexer.model import Hint, SearchRequest
from indexer.query import Filter

_YEARS = re.compile(r"^(\d{4})(?:(?:-|–|\.\.)(\d{4}))?$")
FIRST_DAY, LAST_DAY = 1, 3_652_059  # date.min and date.max as ordinals
LANGUAGE_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("kk", "kz", "қаз", "қазақша", "казахский", "kazakh"), "kk"),
    **dict.fromkeys(("ru", "рус", "орысша", "русский", "russian"), "ru"),
    **dict.fromkeys(("en", "eng", "ағылшынша", "английский", "english"), "en"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a question: values by facet, days, and remarks on what was not understood."""

    values: tuple[ValueFilter, ...] = ()
    days: DayFilter | None = None
    hints: tuple[Hint, ...] = ()

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
        chosen = (one.values for one in self.values if one.facet == facet and not one.excluded)
        return tuple(value for values in chosen for value in values)


def filters_of(request: SearchRequest, typed: Iterable[Filter], sites: Iterable[str]) -> Filters:
    """Everything that narrows a request; `sites` are the ids that the index knows."""
    asked: dict[str, list[str]] = {
        "site": list(request.sites),
        "region": list(request.regions),
        "kind": list(request.kinds),
        "language": list(request.languages),
    }
    excluded: list[ValueFilter] = []
    hints: list[Hint] = []
    known_sites = tuple(sites)
    for one in typed:
        values = _values(one, known_sites)
        if not values:
            hints.append(Hint("unknown_value", (one.operator, one.value)))
        elif one.excluded:
            excluded.append(ValueFilter(one.facet, values, excluded=True))
        else:
            asked.setdefault(one.facet, []).extend(values)
    chosen = [ValueFilter(facet, tuple(dict.fromkeys(v))) for facet, v in asked.items() if v]
    return Filters((*chosen, *excluded), _days(request), tuple(hints))


def _days(request: SearchRequest) -> DayFilter | None:
    if request.date_from is None and request.date_to is None:
        return None
    first = request.date_from.toordinal() if request.date_from else FIRST_DAY
    last = request.date_to.toordinal() if request.date_to else LAST_DAY
    return DayFilter(first, last)


def _values(one: Filter, sites: tuple[str, ...]) -> tuple[str, ...]:
    """The ids that a typed value means; several where it is the beginning of several names."""
    value = one.value.casefold()
    named: dict[str, tuple[str, ...]]
    match one.facet:
        case "year":
            return _years(value)
        case "language":
            return (LANGUAGE_NAMES.get(value, value),)
        case "kind":
            exact = vocabulary.kind_id(value)
            named = {kind.id: (kind.kk, kind.ru, kind.en) for kind in vocabulary.kinds().values()}
        case "region":
            exact = vocabulary.region_id(value)
            named = {
                region.id: (region.kk, region.ru, region.en, *region.former, *region.places)
                for region in vocabulary.regions().values()
            }
        case _:
            exact = next((site for site in sites if site.casefold() == value), None)
            named = {site: (site,) for site in sites}
    if exact is not None:
        return (exact,)
    return _beginning(value, named)


def _beginning(value: str, named: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    def fits(names: tuple[str, ...]) -> bool:
        return any(name.casefold().startswith(value) for name in names)

    return tuple(key for key, names in named.items() if fits(names)) if len(value) > 2 else ()


def _years(value: str) -> tuple[str, ...]:
    found = _YEARS.match(value)
    if found is None:
        return ()
    first, last = int(found.group(1)), int(found.group(2) or found.group(1))
    return tuple(str(year) for year in range(first, min(last, first + 200) + 1))
