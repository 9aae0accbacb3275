"""Years, and the months of one year, as bars that are links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from indexer.model import FacetCount, SearchPage, SearchRequest
from indexer.search import Searcher
from searchui.dates import last_day, month_name, short_month
from searchui.labels import Labels
from searchui.params import address
from searchui.remembering import Memory

MAX_YEARS = 30
# Of more years only those of a round number are named: others would run into one another.
ALL_NAMED, ROUND = 14, 5
BAR_HEIGHT = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `height` is 0 to 100 of the tallest, `href` None where there is nothing to see.

    `words` is all that it tells, `label` what stands below it, empty where there is no room.
    """

    label: str
    words: str
    count: int
    height: int
    href: str | None
    selected: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars of years, or of the months of `year`; `back` leads to all years, if days are chosen."""

    bars: tuple[Bar, ...]
    year: int | None = None
    back: str | None = None


def years(counts: Iterable[FacetCount], request: SearchRequest, labels: Labels) -> Timeline | None:
    """A bar for every year from the first to the last, at most the latest thirty."""
    listed = [one for one in counts if one.value.isdigit() and one.count]
    # Years typed in the question narrow it whatever days are chosen: others would find nothing.
    typed = [one for one in listed if one.selected]
    by_year = {int(one.value): one.count for one in typed or listed}
    if len(by_year) < 2:
        return None
    last = max(by_year)
    span = range(max(min(by_year), last - MAX_YEARS + 1), last + 1)
    most = max(by_year.values())
    bars = [_year_bar(year, by_year.get(year, 0), most, request, labels) for year in span]
    if len(bars) > ALL_NAMED:
        bars = [bar if int(bar.label) % ROUND == 0 else replace(bar, label="") for bar in bars]
    return Timeline(tuple(bars))


def _year_bar(year: int, count: int, most: int, request: SearchRequest, labels: Labels) -> Bar:
    first, last = date(year, 1, 1), date(year, 12, 31)
    words = labels.wording(
        "timeline.year", year=year, articles=labels.wording("count.articles", n=count)
    )
    href = address(request, date_from=first, date_to=last) if count else None
    selected = bool(
        (request.date_from or request.date_to)
        and (request.date_from or first) <= last
        and (request.date_to or last) >= first
    )
    return Bar(str(year), words, count, _height(count, most), href, selected)


def months(
    year: int, by_month: Mapping[int, int], request: SearchRequest, labels: Labels
) -> Timeline:
    """A bar for every month of a year."""
    most = max(by_month.values(), default=0)
    bars = [
        _month_bar(year, month, by_month.get(month, 0), most, request, labels)
        for month in range(1, 13)
    ]
    chosen = request.date_from or request.date_to
    back = address(request, date_from=None, date_to=None) if chosen else None
    return Timeline(tuple(bars), year, back)


def _month_bar(
    year: int, month: int, count: int, most: int, request: SearchRequest, labels: Labels
) -> Bar:
    first, last = date(year, month, 1), last_day(year, month)
    name = month_name(month, labels.wording)
    words = labels.wording(
        "timeline.month", month=name, articles=labels.wording("count.articles", n=count)
    )
    href = address(request, date_from=first, date_to=last) if count else None
    selected = (request.date_from, request.date_to) == (first, last)
    short = short_month(month, labels.wording)
    return Bar(short, words, count, _height(count, most), href, selected)


def _height(count: int, most: int) -> int:
    """At least 4 for anything, so that one event in a busy decade is still seen."""
    return max(4, round(BAR_HEIGHT * count / most)) if count and most else 0


def timeline_of(
    page: SearchPage, searcher: Searcher, labels: Labels, memory: Memory
) -> Timeline | None:
    """Months where the search is inside one year, by its days or by `year:` typed, else years.

    Months are counted once and kept: paging, sorting and choosing a month of the same year ask
    for the same twelve numbers.
    """
    request, counts = page.request, page.facets.get("year", ())
    year = _one_year(request, counts)
    if year:
        # Order and page change nothing of what is counted.
        asked = replace(request, date_from=None, date_to=None, sort="newest", page=1, size=1)
        counted = memory.recall(
            searcher.status(), (year, asked), lambda: _by_month(year, asked, searcher)
        )
        return months(year, counted, request, labels)
    return years(counts, request, labels)


def _one_year(request: SearchRequest, counts: Iterable[FacetCount]) -> int | None:
    first, last = request.date_from, request.date_to
    if first and last:
        return first.year if first.year == last.year else None
    typed = [int(one.value) for one in counts if one.selected]
    return typed[0] if len(typed) == 1 and not (first or last) else None


def _by_month(year: int, asked: SearchRequest, searcher: Searcher) -> Mapping[int, int]:
    """Counted as its bar's link filters: an event of two months stands in both."""
    months = range(1, 13)
    spans = [(date(year, month, 1), last_day(year, month)) for month in months]
    return dict(zip(months, searcher.totals(asked, spans), strict=True))
