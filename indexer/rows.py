"""What an engine stores of a document: terms by zone, values to filter and count by, days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Zone:
    """One part of a document with its words as terms, one of each list a word, in order.

    `name` is a key of the zone weights in ranking.toml; `places` are word numbers inside the
    zone; the lists are of one length. A word of no use for searching by itself (a stop word) has
    empty `prefixes` and `folded` terms.
    """

    name: str
    places: list[int]
    stems: list[str]
    prefixes: list[str]
    folded: list[str]
    words: list[str]


@dataclass(frozen=True, slots=True)
class Row:
    """A document ready for an engine.

    `values` has the ids to filter and count by for each facet but year, and `library`, whose
    values are names. Days are proleptic ordinals (date.toordinal): the event lasts from
    `first_day` to `last_day`; a document without an event day has its publication's.
    `sequence` is the store's change number.
    """

    id: int
    sequence: int
    zones: tuple[Zone, ...]
    values: Mapping[str, tuple[str, ...]]
    first_day: int
    last_day: int
