"""The first page, ready to be shown: what there is, by number, newest, region, kind and year."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.vocabulary import regions
from indexer.model import SearchPage
from searchui.facets import Choice, choices
from searchui.labels import Labels
from searchui.rows import Row
from searchui.timeline import Timeline, years

BARS = 10


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


def home_view(
    page: SearchPage,
    newest: tuple[Row, ...],
    on_this_day: tuple[Row, ...],
    updated: str | None,
    labels: Labels,
) -> HomeView:
    """The first page out of a search for everything, its newest events and those of these days."""
    request = page.request
    return HomeView(
        figures=_figures(page, labels),
        newest=newest,
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
