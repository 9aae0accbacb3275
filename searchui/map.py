"""The map of the regions: where each stands, how much was told there, and the way to it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from indexer.model import FacetCount, SearchRequest
from searchui.labels import Labels
from searchui.params import address


@dataclass(frozen=True, slots=True)
class Tile:
    """A region on the map: `column` and `row` from 1, `shade` 0 (nothing) to 5 (most).

    `name` is its name where there is room, `short` where there is little, `words` the whole of
    it with the number of articles; `href` is None where there is nothing.
    """

    id: str
    column: int
    row: int
    label: str
    name: str
    short: str
    words: str
    count: int
    shade: int
    selected: bool
    href: str | None


@cache
def places() -> Mapping[str, tuple[int, int]]:
    """Column and row of every region, from 1, out of map.toml."""
    told = tomllib.loads((files("searchui") / "map.toml").read_text("utf-8"))
    return {region: (column, row) for region, (column, row) in told.items()}


def tiles(counts: Iterable[FacetCount], request: SearchRequest, labels: Labels) -> tuple[Tile, ...]:
    """Every region, from north to south; a click adds it to the regions chosen or takes it off."""
    counted = {one.value: one for one in counts if one.count or one.selected}
    most = max((one.count for one in counted.values()), default=0) or 1
    return tuple(
        _tile(region, place, counted.get(region), most, request, labels)
        for region, place in places().items()
    )


def _tile(
    region: str,
    place: tuple[int, int],
    counted: FacetCount | None,
    most: int,
    request: SearchRequest,
    labels: Labels,
) -> Tile:
    say, count = labels.wording, counted.count if counted else 0
    chosen = region in request.regions
    label = labels.region(region)
    rest = tuple(one for one in request.regions if one != region)
    name, short = say(f"tiles.{region}"), f"map.{region}"
    told = say("map.region", region=label, articles=say("count.articles", n=count))
    return Tile(
        id=region,
        column=place[0],
        row=place[1],
        label=label,
        name=name,
        short=say(short) if say.has(short) else name,
        words=say("filters.remove", name=say("filters.region"), value=label) if chosen else told,
        count=count,
        shade=1 + round(4 * (count / most) ** 0.5) if count else 0,
        selected=chosen,
        href=address(request, regions=rest if chosen else (*rest, region)) if counted else None,
    )
