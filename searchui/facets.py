"""Filters as the search page shows them: check boxes with counts, and chips of what is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indexer.model import FacetCount, SearchPage, SearchRequest
from searchui.dates import last_day
from searchui.labels import Labels, sorting_key
from searchui.params import FILTERS, address

SHOWN = 7
LISTED = 24
SEARCHABLE = 12
MAX_FOUND = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: a check box, or a link (`href`, else empty); `share` of the most."""

    value: str
    label: str
    count: int
    selected: bool
    href: str
    share: float


@dataclass(frozen=True, slots=True)
class Group:
    """A filter: the values shown at once and the rest, which stand folded away.

    `searchable` lists are long enough for a field to find in; `find` is what was typed there,
    `unlisted` how many values are left out of a list that would be too long.
    """

    name: str
    label: str
    first: tuple[Choice, ...]
    more: tuple[Choice, ...]
    searchable: bool = False
    find: str = ""
    unlisted: int = 0


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen filter value with the address of the search without it."""

    name: str
    value: str
    href: str


def choices(
    name: str,
    counts: Iterable[FacetCount],
    request: SearchRequest,
    labels: Labels,
    linked: bool = True,
) -> tuple[Choice, ...]:
    """The values of a facet: chosen first, then by falling count, then by alphabet.

    Check boxes need no addresses: without `linked` they are left empty.
    """
    listed = list(counts)
    most = max((one.count for one in listed), default=1) or 1
    field = FILTERS[name]
    rows = [
        Choice(
            value=one.value,
            label=labels.facet(name, one.value),
            count=one.count,
            selected=one.selected,
            href=address(request, **{field: (one.value,)}) if linked else "",
            share=one.count / most,
        )
        for one in listed
    ]
    return tuple(
        sorted(rows, key=lambda one: (not one.selected, -one.count, sorting_key(one.label)))
    )


def groups(page: SearchPage, labels: Labels, find: Mapping[str, str]) -> tuple[Group, ...]:
    """Every filter that has values, in the order of the page; `find` narrows lists by name."""
    found = []
    for name in ("region", "kind", "site", "language"):
        values = choices(name, page.facets.get(name, ()), page.request, labels, linked=False)
        if values:
            found.append(_group(name, values, find.get(name, "").strip(), labels))
    return tuple(found)


def _group(name: str, values: tuple[Choice, ...], find: str, labels: Labels) -> Group:
    label = labels.wording(f"filters.{name}")
    searchable = len(values) > SEARCHABLE
    chosen = sum(one.selected for one in values)
    if find and searchable:
        wanted = find.casefold()
        met = [one for one in values[chosen:] if wanted in one.label.casefold()]
        listed = (*values[:chosen], *met[:MAX_FOUND])
        return Group(name, label, listed, (), True, find, len(met[MAX_FOUND:]))
    cut = max(SHOWN, chosen)
    # One value more is shown rather than folded away alone.
    cut = len(values) if len(values) <= cut + 1 else cut
    end = max(LISTED, cut)
    return Group(name, label, values[:cut], values[cut:end], searchable, "", len(values[end:]))


def chips(request: SearchRequest, labels: Labels) -> tuple[Chip, ...]:
    """What is chosen, each with its way out."""
    found = []
    for name, field in FILTERS.items():
        chosen: tuple[str, ...] = getattr(request, field)
        for value in chosen:
            rest = tuple(one for one in chosen if one != value)
            href = address(request, **{field: rest})
            label = labels.wording(f"filters.{name}")
            found.append(Chip(label, labels.facet(name, value), href))
    if request.date_from or request.date_to:
        href = address(request, date_from=None, date_to=None)
        found.append(Chip(labels.wording("filters.dates"), dates_in_words(request), href))
    return tuple(found)


def dates_in_words(request: SearchRequest) -> str:
    """The chosen days, a whole year or month in short: `2024`, `04.2024`, `01.02.2024 –`."""
    first, last = request.date_from, request.date_to
    if first and last and first.year == last.year:
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
            return str(first.year)
        if first.day == 1 and last == last_day(first.year, first.month):
            return f"{first:%m.%Y}"
    parts = (f"{first:%d.%m.%Y}" if first else "", f"{last:%d.%m.%Y}" if last else "")
    return parts[0] if first == last else f"{parts[0]} – {parts[1]}".strip()
