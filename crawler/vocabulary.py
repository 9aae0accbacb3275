"""Kinds of event and regions of Kazakhstan: ids, labels in three languages, other names.

The data are `kinds.toml`, `regions.toml` and `places.tsv` in `crawler/data`, which say where
they come from; a librarian can edit them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: `kk`, `ru`, `en` are its labels in base form, `forms` other words for it.

    `group` is the id of a group of kinds (`learning`, `exhibition`, ...), `broader` that of a
    more general kind. A `weak` word often only points back to an event already named; a `named`
    one is a name and stands in quotation marks. `signs` are verbs that tell of this kind as a
    part of a celebration.
    """

    id: str
    group: str
    kk: str
    ru: str
    en: str
    forms: tuple[str, ...] = ()
    broader: str | None = None
    weak: bool = False
    named: bool = False
    signs: tuple[str, ...] = ()

    def label(self, language: str) -> str:
        """The label in `kk`, `ru` or `en`; Kazakh for any other language."""
        return {"ru": self.ru, "en": self.en}.get(language, self.kk)


@dataclass(frozen=True, slots=True)
class Region:
    """One of today's 20 regions, by its names of today (`kk`, `ru`, `en`).

    `forms` are other ways of writing that name, `former` earlier names of the region or its
    city, `places` cities and districts in it (Kazakh and Russian base forms).
    """

    id: str
    kk: str
    ru: str
    en: str
    forms: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def label(self, language: str) -> str:
        """The name in `kk`, `ru` or `en`; Kazakh for any other language."""
        return {"ru": self.ru, "en": self.en}.get(language, self.kk)


@dataclass(frozen=True, slots=True)
class Place:
    """A city or district: `region` is a region's id or `abroad`, `kk` and `ru` its names of today.

    `type` is `city`, `town`, `district`, `common` or `ward` (places.tsv says what each means),
    `also` are former and other names.
    """

    region: str
    type: str
    kk: str
    ru: str
    also: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The Kazakh name as one would write it alone: `Қарағанды`, `Нұра ауданы`."""
        return self.kk if self.type in ("city", "town") else f"{self.kk} ауданы"

    @property
    def russian(self) -> str:
        """The Russian name as one would write it alone: `Караганда`, `Нуринский район`."""
        alone = self.type in ("city", "town") or self.ru.startswith("район")
        return self.ru if alone else f"{self.ru} район"


def _table(name: str) -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((files("crawler") / "data" / name).read_text("utf-8"))


def _fields(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of event by id, in the order of the file."""
    return {key: Kind(id=key, **_fields(row)) for key, row in _table("kinds.toml").items()}


@cache
def places() -> tuple[Place, ...]:
    """Every city and district, and some cities abroad, in the order of the file."""
    lines = (files("crawler") / "data" / "places.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")][1:]
    return tuple(
        Place(region, type_, kk, ru, tuple(filter(None, also.split(";"))))
        for region, type_, kk, ru, also in rows
    )


@cache
def russian_places() -> Mapping[str, str]:
    """The Russian name of every city and district by its Kazakh one."""
    return {place.label: place.russian for place in reversed(places())}


@cache
def regions() -> Mapping[str, Region]:
    """Every region by id, in the order of the file."""
    found = {}
    for key, row in _table("regions.toml").items():
        names = [name for place in places() if place.region == key for name in (place.kk, place.ru)]
        found[key] = Region(id=key, places=tuple(dict.fromkeys(names)), **_fields(row))
    return found


@cache
def _ids(which: str) -> Mapping[str, str]:
    """Lower-case label, form or former name -> id; labels of today win over other names."""
    found: dict[str, str] = {}
    if which == "kind":
        for kind in kinds().values():
            for name in (kind.id, kind.kk, kind.ru, kind.en, *kind.forms):
                found.setdefault(name.lower(), kind.id)
        return found
    for region in regions().values():
        for name in (region.id, region.kk, region.ru, region.en):
            found[name.lower()] = region.id
    for region in regions().values():
        for name in (*region.forms, *region.former):
            found.setdefault(name.lower(), region.id)
    return found


def kind_id(name: str) -> str | None:
    """The id of a kind by id, label in any language or other form, whatever its case."""
    return _ids("kind").get(name.strip().lower())


def region_id(name: str) -> str | None:
    """The id of a region by id, name in any language, of today or former, whatever its case."""
    return _ids("region").get(name.strip().lower())
