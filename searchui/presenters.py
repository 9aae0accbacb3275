"""The results page, ready to be shown: everything its template needs, computed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from indexer.caps import MAX_WINDOW
from indexer.model import SORTS, Hint, SearchPage, SearchRequest
from searchui.facets import Chip, Group, chips, dates_in_words, groups
from searchui.labels import Labels
from searchui.map import Tile, tiles
from searchui.params import FILTERS, address, in_language, without_filters
from searchui.rows import Row, rows_of
from searchui.same_event import Others, counted, events_among
from searchui.timeline import Timeline

AROUND = 2
MOST_NAMED = 3  # values of a filter that a link names


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
    map: tuple[Tile, ...]
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


def search_view(
    page: SearchPage,
    timeline: Timeline | None,
    labels: Labels,
    find: Mapping[str, str] = MappingProxyType({}),
    others: Others = MappingProxyType({}),
    before: Collection[int] = (),
) -> SearchView:
    """A page of answers as it is shown.

    `find` narrows the lists of filter values by name; `others` are the other articles on the
    events of the hits, by id; `before` are the articles on the pages before.
    """
    request, say = page.request, labels.wording
    reachable = min(page.total, MAX_WINDOW)
    last_page = max(1, -(-reachable // request.size))
    first = (request.page - 1) * request.size + 1
    values: dict[str, Any] = {"first": first, "last": first + len(page.hits) - 1}
    values["total"] = say.number(page.total)
    rows = rows_of(page.hits, labels, others, before)
    alone = values["first"] == values["last"]
    shown = [say("results.shown_one" if alone else "results.shown", **values)]
    shown += [say("results.together")] if len(rows) < len(page.hits) else []
    return SearchView(
        request=request,
        total=page.total,
        found=say("results.found", told=counted(page.total, _events(page, others), say)),
        shown="; ".join(shown),
        took=say("results.took", ms=max(1, round(page.took_ms))),
        rows=rows,
        groups=groups(page, labels, find),
        chips=chips(request, labels),
        clear=address(without_filters(request)),
        timeline=timeline,
        map=_map(page, labels),
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
        feed=in_language(address(request, "/feed.atom"), say.language),
    )


def _map(page: SearchPage, labels: Labels) -> tuple[Tile, ...]:
    """The regions on the map, where there is more than one to choose from or one is chosen."""
    counts = page.facets.get("region", ())
    if len(counts) < 2 and not page.request.regions:
        return ()
    return tiles(counts, page.request, labels)


def _events(page: SearchPage, others: Others) -> int | None:
    """How many events the answers tell of, where all of them stand on this page."""
    if page.total > len(page.hits):
        return None
    return events_among((hit.document.id for hit in page.hits), others)


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
        if hint.code == "without_word":
            _, count, question = hint.parts
            label, href = question, address(request, q=question)
        elif hint.code == "without_filter":
            facet, chosen, count, question = hint.parts
            values = chosen.split(",") if chosen else []
            label = say("none.without", value=_narrowed_to(request, facet, values, labels))
            href = address(request, q=question, **_no_filter(facet))
        else:
            continue
        yield Way(label, href, note=say("count.articles", n=int(count)))


def _no_filter(facet: str) -> dict[str, Any]:
    if facet in FILTERS:
        return {FILTERS[facet]: ()}
    return {"date_from": None, "date_to": None}


def _narrowed_to(request: SearchRequest, facet: str, values: Sequence[str], labels: Labels) -> str:
    """The values that a filter has, as they are called; its name where they are many or none."""
    named = [labels.facet(facet, value) for value in values]
    dates = dates_in_words(request) if facet not in FILTERS else ""
    if dates != "":
        named.append(dates)
    if 0 < len(named) <= MOST_NAMED:
        return ", ".join(named)
    return labels.wording(f"filters.{facet}")


def _remarks(hints: Iterable[Hint], labels: Labels) -> Iterable[str]:
    """Remarks on how the question was understood, for the codes that have a phrase."""
    for hint in hints:
        key = f"remark.{hint.code}"
        if labels.wording.has(key):
            yield labels.wording(
                key,
                parts=", ".join(hint.parts),
                first=(*hint.parts, "")[0],
                last=("", *hint.parts)[-1],
            )


def _takes(page: SearchPage, labels: Labels) -> tuple[Way, ...]:
    """The exports of this search, each saying how many rows it will have."""
    rows = labels.wording("count.articles", n=min(page.total, MAX_WINDOW))
    return tuple(
        Way(
            labels.wording("results.export", format=name.upper(), rows=rows),
            address(page.request, f"/export.{name}"),
            note=name.upper(),
        )
        for name in ("xlsx", "csv", "ris")
    )
