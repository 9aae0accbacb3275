"""Write the cities and districts of ``crawler/data/places.tsv`` for the Kazakh analysis.

python scripts/places_of_regions.py > indexer/kazakh/data/districts.tsv

The analysis may not read the crawler's data, so it has a copy in its own form; a test tells when
the copy is stale. Places that ``indexer/kazakh/data/places.tsv`` has already are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from crawler.vocabulary import Place, places, regions
from indexer.kazakh.expansions import region_of_places

HEAD = """\
# Districts, wards and cities by all their names. Columns: Kazakh name, other Kazakh names, Russian
# names, region (Kazakh). Several names are parted by " | ".
# Made by scripts/places_of_regions.py from crawler/data/places.tsv (our own): edit that file.
"""
KAZAKH = frozenset("әғқңөұүһіӘҒҚҢӨҰҮҺІ")


def table() -> str:
    """The whole file."""
    return HEAD + "".join(f"{line}\n" for line in sorted(set(_lines())))


def _lines() -> Iterator[str]:
    known = region_of_places("places.tsv")
    for place in places():
        if place.region in regions() and place.type != "town" and place.label not in known:
            region = regions()[place.region].kk
            yield "\t".join((place.label, _kazakh(place), " | ".join(_russian(place)), region))


def _is_district(place: Place) -> bool:
    return place.type not in ("city", "town")


def _kazakh(place: Place) -> str:
    names = [name for name in place.also if not KAZAKH.isdisjoint(name) and name[0].isupper()]
    if _is_district(place):
        names = [name if name.endswith("ауданы") else f"{name} ауданы" for name in names]
    return " | ".join(names)


def _russian(place: Place) -> Iterator[str]:
    names = [place.ru, *(name for name in place.also if KAZAKH.isdisjoint(name))]
    for name in names:
        if not _is_district(place):
            if name[0].isupper():
                yield name
        elif "район" in name:
            yield name
        elif name.endswith(("ский", "цкий")):
            yield f"{name} район"


if __name__ == "__main__":
    print(table(), end="")
