"""The search page and the first page, ready to be shown: everything a template needs, computed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from crawler.vocabulary import regions
from indexer.caps import MAX_WINDOW
from indexer.model import SORTS, Hint, SearchPage, SearchRequest
from searchui.facets import Chip, Choice, Group, chips, choices, groups
from searchui.labels import Labels
from searchui.params import FILTERS, address, without_filters
from searchui.rows import Row, row_of, rows_of
from searchui.timeline import Timeline, years

AROUND = 2
BARS = 10


@dataclass(frozen=True, slots=True)
class Way:
    """A link with its words; `current` where the reader already is."""

    label: str
    href: str
    current: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class SearchView:
    """One page of results."""

    request: SearchRequest
    total: int
    found: str
    shown: str
    took: str
    rows: tuple[Row, ...]
    groups: tuple[Group, ...]
    chips: tuple[Chip, ...]
    clear: str
    timeline: Timeline | None
    sorts: tuple[Way, ...]
    pages: tuple[Way, ...]
    previous: str | None
    next: str | None
    cut: str | None
    suggestion: Way | None
    hints: tuple[Way, ...]
    remarks: tuple[str, ...]
    takes: tuple[Way, ...]
    report: str
    feed: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts."""

    number: str
    label: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A region's place on the map: `shade` is 0 (nothing) to 5 (most), `href` None for nothing."""

    id: str
    label: str
    short: str
    count: int
    shade: int
    href: str | None


@dataclass(frozen=True, slots=True)
class HomeView:
    """The first page: what there is, by number, newest, region, kind and year."""

    figures: tuple[Figure, ...]
    newest: tuple[Row, ...]
    tiles: tuple[Tile, ...]
    kinds: tuple[Choice, ...]
    timeline: Timeline | None
    on_this_day: tuple[Row, ...]
    updated: str | None


def search_view(page: SearchPage, timeline: Timeline | None, labels: Labels) -> SearchView:
    """A page of answers as it is shown."""
    request, say = page.request, labels.wording
    reachable = min(page.total, MAX_WINDOW)
    last_page = max(1, -(-reachable // request.size))
    first = (request.page - 1) * request.size + 1
    values: dict[str, Any] = {"first": first, "last": first + len(page.hits) - 1}
    values["total"] = say.number(page.total)
    return SearchView(
        request=request,
        total=page.total,
        found=say("results.found", n=page.total),
        shown=say("results.shown", **values),
        took=say("results.took", ms=max(1, round(page.took_ms))),
        rows=rows_of(page.hits, labels),
        groups=groups(page, labels),
        chips=chips(request, labels),
        clear=address(without_filters(request)),
        timeline=timeline,
        sorts=_sorts(request, labels),
        pages=_pages(request, last_page, labels),
        previous=_page_address(request, request.page - 1, last_page),
        next=_page_address(request, request.page + 1, last_page),
        cut=_cut(page, last_page, labels),
        suggestion=_suggestion(page),
        hints=tuple(_hint_ways(page, labels)),
        remarks=tuple(_remarks(page.hints, labels)),
        takes=_takes(page, labels),
        report=address(request, "/report"),
        feed=address(request, "/feed.atom"),
    )


def home_view(
    page: SearchPage, on_this_day: tuple[Row, ...], updated: str | None, labels: Labels
) -> HomeView:
    """The first page out of a search for everything."""
    request = page.request
    return HomeView(
        figures=_figures(page, labels),
        newest=tuple(row_of(hit, labels) for hit in page.hits),
        tiles=_tiles(page, labels),
        kinds=choices("kind", page.facets.get("kind", ()), request, labels)[:BARS],
        timeline=years(page.facets.get("year", ()), request, labels),
        on_this_day=on_this_day,
        updated=updated,
    )


def _tiles(page: SearchPage, labels: Labels) -> tuple[Tile, ...]:
    """Every region in the vocabulary's order; the style sheet knows where each stands."""
    counted = choices("region", page.facets.get("region", ()), page.request, labels)
    by_id = {one.value: one for one in counted}
    tiles = []
    for region in regions():
        one = by_id.get(region)
        tiles.append(
            Tile(
                id=region,
                label=labels.region(region),
                short=labels.wording(f"tiles.{region}"),
                count=one.count if one else 0,
                shade=1 + round(4 * one.share**0.5) if one else 0,
                href=one.href if one else None,
            )
        )
    return tuple(tiles)


def _figures(page: SearchPage, labels: Labels) -> tuple[Figure, ...]:
    say = labels.wording
    counts = {
        "articles": page.total,
        "libraries": len(page.facets.get("site", ())),
        "regions": len(page.facets.get("region", ())),
    }
    found = [Figure(say.number(n), say(f"figures.{name}", n=n)) for name, n in counts.items() if n]
    told = [one.value for one in page.facets.get("year", ()) if one.value.isdigit()]
    if told:
        first, last = min(told), max(told)
        text = first if first == last else f"{first}–{last}"
        found.append(Figure(text, say("figures.years")))
    return tuple(found)


def _sorts(request: SearchRequest, labels: Labels) -> tuple[Way, ...]:
    offered = SORTS if request.q else SORTS[1:]
    return tuple(
        Way(labels.wording(f"sort.{one}"), address(request, sort=one), one == request.sort)
        for one in offered
    )


def _pages(request: SearchRequest, last: int, labels: Labels) -> tuple[Way, ...]:
    """The first, the last and those around the current page; a gap is a way without address."""
    if last == 1:
        return ()
    near = range(request.page - AROUND, request.page + AROUND + 1)
    wanted = sorted({1, last, *(n for n in near if 1 <= n <= last)})
    ways: list[Way] = []
    before = 0
    for number in wanted:
        if number > before + 1:
            ways.append(Way("…", ""))
        ways.append(Way(str(number), address(request, page=number), number == request.page))
        before = number
    return tuple(ways)


def _page_address(request: SearchRequest, number: int, last: int) -> str | None:
    return address(request, page=number) if 1 <= number <= last else None


def _cut(page: SearchPage, last_page: int, labels: Labels) -> str | None:
    if page.total <= MAX_WINDOW or page.request.page < last_page:
        return None
    return labels.wording("results.last_page", n=MAX_WINDOW)


def _suggestion(page: SearchPage) -> Way | None:
    if not page.suggestion:
        return None
    return Way(page.suggestion, address(page.request, q=page.suggestion))


def _hint_ways(page: SearchPage, labels: Labels) -> Iterable[Way]:
    """What would be found with less asked for."""
    request, say = page.request, labels.wording
    for hint in page.hints:
        if hint.code not in ("without_filter", "without_word") or not hint.parts[-1].isdigit():
            continue
        note = say("none.hint", n=int(hint.parts[-1]))
        if hint.code == "without_word":
            words = [word for word in request.q.split() if word != hint.parts[0]]
            label = " ".join(words)
            yield Way(label, address(request, q=label), note=note)
            continue
        name, value = hint.parts[0], hint.parts[1]
        label = labels.facet(name, value) if name in FILTERS and value else ""
        label = label or say(f"filters.{name}" if say.has(f"filters.{name}") else "filters.dates")
        text = say("none.without", value=label)
        yield Way(text, _without(request, name, value), note=note)


def _without(request: SearchRequest, name: str, value: str) -> str:
    if name not in FILTERS:
        return address(request, date_from=None, date_to=None)
    field = FILTERS[name]
    rest = tuple(one for one in getattr(request, field) if value and one != value)
    return address(request, **{field: rest})


def _remarks(hints: Iterable[Hint], labels: Labels) -> Iterable[str]:
    """Remarks on how the question was understood, for the codes that have a phrase."""
    for hint in hints:
        key = f"remark.{hint.code}"
        if labels.wording.has(key):
            yield labels.wording(
                key,
                parts=", ".join(hint.parts),
                first=(*hint.parts, "")[0],
                last=(*hint.parts, "")[-1],
            )


def _takes(page: SearchPage, labels: Labels) -> tuple[Way, ...]:
    """The exports of this search, each saying how many rows it will have."""
    rows = labels.wording("filters.count", n=min(page.total, MAX_WINDOW))
    return tuple(
        Way(
            labels.wording("results.export", format=name.upper(), rows=rows),
            address(page.request, f"/export.{name}"),
            note=name.upper(),
        )
        for name in ("xlsx", "csv", "ris")
    )
