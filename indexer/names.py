"""What people call regions, kinds of event, languages and sites: names to ids, and near misses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache

from crawler import vocabulary
from indexer.kazakh.letters import fold

LANGUAGE_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("kk", "kz", "қаз", "қазақша", "казахский", "kazakh"), "kk"),
    **dict.fromkeys(("ru", "рус", "орысша", "русский", "russian"), "ru"),
    **dict.fromkeys(("en", "eng", "ағылшынша", "английский", "english"), "en"),
}
SHORTEST = 3
LONGEST = 80
NEAR_NAMES = 3
CUTOFF = 0.72

Names = Mapping[str, tuple[str, ...]]


def ids_named(facet: str, text: str, known: Iterable[str] = ()) -> tuple[str, ...]:
    """The ids that a name means; several where it is that, or the beginning, of several.

    Capitals and missing Kazakh letters make no difference: `Караганда`, `қарағанды` and
    `Карагандинская` are one region, former names are today's. `known` are the ids of sites and
    languages that there are. Nothing where the name is unknown.
    """
    if facet == "region":
        exact = vocabulary.region_id(text)
    elif facet == "kind":
        exact = vocabulary.kind_id(text)
    else:
        value = text.strip().casefold()
        exact = LANGUAGE_NAMES.get(value, value) if facet == "language" else value
        by_fold = {one.casefold(): one for one in (*known, *_default(facet))}
        exact = by_fold.get(exact)
    if exact is not None:
        return (exact,)
    typed, names = _plain(text), _folded(facet, tuple(known))
    same = tuple(key for key, told in names.items() if typed in told)
    if same or len(typed) < SHORTEST:
        return same
    return tuple(key for key, told in names.items() if any(name.startswith(typed) for name in told))


def nearest(facet: str, text: str, known: Iterable[str] = ()) -> tuple[str, ...]:
    """Names most like an unknown one, the likest first; a few sites where none is alike."""
    written = {
        _plain(name): name
        for names in _names(facet, tuple(known)).values()
        for name in reversed(names)
    }
    found = get_close_matches(_plain(text)[:LONGEST], written, NEAR_NAMES, CUTOFF)
    if not found and facet == "site":
        return tuple(sorted(known)[:NEAR_NAMES])
    return tuple(dict.fromkeys(written[one] for one in found))


def _default(facet: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(LANGUAGE_NAMES.values())) if facet == "language" else ()


def _plain(text: str) -> str:
    return fold(" ".join(text.casefold().split()))


@cache
def _vocabulary(facet: str) -> Names:
    if facet == "kind":
        return {
            kind.id: (kind.kk, kind.ru, kind.en, *kind.forms)
            for kind in vocabulary.kinds().values()
        }
    also: dict[str, list[str]] = {}
    for place in vocabulary.places():
        also.setdefault(place.region, []).extend(place.also)
    return {
        region.id: (
            *(region.kk, region.ru, region.en, *region.forms, *region.former, *region.places),
            *also.get(region.id, ()),
        )
        for region in vocabulary.regions().values()
    }


def _names(facet: str, known: tuple[str, ...]) -> Names:
    if facet in ("kind", "region"):
        return _vocabulary(facet)
    if facet == "language":
        return {code: (name,) for name, code in LANGUAGE_NAMES.items()}
    return {one: (one,) for one in known}


def _folded(facet: str, known: tuple[str, ...]) -> Mapping[str, frozenset[str]]:
    return _folded_vocabulary(facet) if facet in ("kind", "region") else _fold(_names(facet, known))


@cache
def _folded_vocabulary(facet: str) -> Mapping[str, frozenset[str]]:
    return _fold(_vocabulary(facet))


def _fold(names: Names) -> Mapping[str, frozenset[str]]:
    return {key: frozenset(_plain(name) for name in told) for key, told in names.items()}
