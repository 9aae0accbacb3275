"""A row as the cluster keeps it.

    stem, folded, prefix   `term|weighted count`, parted by blanks: the count is the sum of the
                           zones' weights in quarters, which Lucene keeps as the term's frequency
    places                 the stems in their order; several at one place as `one|other`, a place
                           without any as `%`, so that Lucene's positions are the row's places
    title                  the stems that stand in the title

The analyzers of `mapping.py` read these back; nothing else is analysed on the cluster.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

from indexer.engines.closeness import TITLE_END
from indexer.engines.protocol import TEXT_FIELDS, VALUE_FIELDS
from indexer.engines.segment import GAP, MOST, QUARTERS
from indexer.rows import Row, Zone

LONGEST = 500  # letters of a term that are kept, as many as a question may have; then its digest
HOLE = "%"
NEVER = 2**31 - 1
REMEMBERED = 65_536  # terms
_MONTHLY = 364  # days; what lasts longer is dated by its year alone
_UNSAFE = re.compile(r"[\s%|]")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A document for the cluster, and its different terms by field (`word` among them)."""

    source: dict[str, Any]
    terms: Mapping[str, frozenset[str]]


@lru_cache(REMEMBERED)  # terms come again and again, a thousand an article
def safe(term: str) -> str:
    """A term as one token: blanks, bars and percent signs written as %XX.

    Of a very long one the end is written as its digest: Lucene takes none of more than 32,766
    bytes. No beginning that can be asked for is as long as what is kept.
    """
    if len(term) > LONGEST:
        term = term[:LONGEST] + blake2b(term[LONGEST:].encode(), digest_size=16).hexdigest()
    return _UNSAFE.sub(lambda found: quote(found[0], safe=""), term)


def encoded(row: Row, weights: Mapping[str, float]) -> Encoded:
    """What the cluster keeps of a row; `weights` are those of the zones."""
    counts: dict[str, dict[str, int]] = {name: {} for name in TEXT_FIELDS}
    words: set[str] = set()
    length = 0
    for zone in row.zones:
        weight = round(weights[zone.name] * QUARTERS)
        for known, terms in zip(
            counts.values(), (zone.stems, zone.prefixes, zone.folded), strict=True
        ):
            for term, times in Counter(terms).items():
                known[term] = known.get(term, 0) + times * weight
        words.update(zone.words)
        length += weight * len(zone.places)
    for known in counts.values():
        known.pop("", None)
    source: dict[str, Any] = {
        "id": row.id,
        "sequence": row.sequence,
        "length": length / QUARTERS,
        "first_day": row.first_day,
        "last_day": row.last_day,
        **_dates(row),
        **{name: list(dict.fromkeys(row.values.get(name, ()))) for name in VALUE_FIELDS},
        **{name: _counted(known) for name, known in counts.items()},
        **_placed(row.zones),
    }
    told = {name: frozenset(known) for name, known in counts.items()}
    return Encoded(source, {**told, "word": frozenset(words - {""})})


def _counted(counts: Mapping[str, int]) -> str:
    return " ".join(
        f"{safe(term)}|{count if count < MOST else MOST}" for term, count in counts.items()
    )


def _dates(row: Row) -> dict[str, str]:
    first = date.fromordinal(row.first_day)
    year = {"year": f"{first.year:04}"}
    if row.last_day - row.first_day >= _MONTHLY:
        return year
    return {**year, "month": f"{first.year:04}-{first.month:02}"}


def _placed(zones: tuple[Zone, ...]) -> dict[str, Any]:
    """The stems at their places, and those of the title."""
    found = [(place, safe(stem)) for place, stem in _places(zones) if stem]
    tokens = [HOLE] * (max((place for place, _ in found), default=-1) + 1)
    for place, stem in found:
        before = tokens[place]
        if before == HOLE:
            tokens[place] = stem
        elif stem not in before.split("|"):
            tokens[place] = f"{before}|{stem}"
    title = {stem for place, stem in found if place < TITLE_END}
    return {"places": " ".join(tokens), "title": sorted(title)}


def _places(zones: tuple[Zone, ...]) -> Iterator[tuple[int, str]]:
    base = 0
    for zone in zones:
        for place, stem in zip(zone.places, zone.stems, strict=True):
            yield base + place, stem
        if zone.places:
            base += zone.places[-1] + GAP
