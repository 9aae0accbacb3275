"""The first page, ready to be shown: what there is, by number, newest, region, kind and year."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.model import SearchPage
from searchui.facets import Choice, choices
from searchui.labels import Labels
from searchui.map import Tile, tiles
from searchui.rows import Row
from searchui.timeline import Timeline, years

BARS = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts."""

    number: str
    label: str


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


def home_view(
    page: SearchPage,
    newest: tuple[Row, ...],
    on_this_day: tuple[Row, ...],
    events: int | None,
    updated: str | None,
    labels: Labels,
) -> HomeView:
    """The first page out of a search for everything, its newest events and those of these days.

    `events` is how many events all the articles tell of, None where that is not known.
    """
    request = page.request
    return HomeView(
        figures=_figures(page, events, labels),
        newest=newest,
        tiles=tiles(page.facets.get("region", ()), request, labels),
        kinds=choices("kind", page.facets.get("kind", ()), request, labels)[:BARS],
        timeline=years(page.facets.get("year", ()), request, labels),
        on_this_day=on_this_day,
        updated=updated,
    )


def _figures(page: SearchPage, events: int | None, labels: Labels) -> tuple[Figure, ...]:
    say = labels.wording
    counts = {
        "events": events or 0,
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
