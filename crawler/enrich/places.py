"""In which region, city or district of Kazakhstan an event took place."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from crawler.enrich.endings import NOMINATIVE
from crawler.enrich.lexicon import Found
from crawler.enrich.occasions import When
from crawler.enrich.reading import Marked, Reading
from crawler.enrich.venues import Venue
from crawler.enrich.wordlists import wordlist
from crawler.model import Evidence
from crawler.vocabulary import places

ABROAD = "abroad"
# Whose, or from where, somebody is.
OF_LEFT = re.compile(
    r"\b(?:ветеран|герой|уроженец|уроженка|житель|жительница|гость|гостья|поэт|писатель|художник|ученый|мастер)"
    r"\w{0,3}\s{1,2}(?:из\s{1,2})?\Z"
)
STREET_LEFT = re.compile(
    r"(?:\bул(?:ица|ице|ицы|\.)|\bпр(?:оспект|оспекте|\.|-т)|\bпер\.)\s{0,2}\Z"
)
VILLAGE_RIGHT = re.compile(r"\s{1,2}(?:кент(?:і|інің|інде)|ауыл(?:ы|ының|ында))")
STREET_RIGHT = re.compile(r"\s{1,2}(?:көше|даңғыл|көш\.)")
# More places in one text than this are not looked at.
MOST = 200
# Letters from a region to the district in it.
NEXT = 4
SIGNED = 1.0
# A town by the way of fewer points than this does not speak against the site's own region.
FAR_FROM_OWN = 1.1
# Letters between a region and the place in it that makes clear which is meant.
BESIDE = 6


@dataclass(frozen=True, slots=True)
class Where:
    """Region id (or None), Kazakh name of the city or district, and the words they come from."""

    region: str | None = None
    city: str | None = None
    evidence: tuple[Evidence, ...] = ()
    abroad: bool = False


@dataclass(frozen=True, slots=True)
class _Spot:
    regions: tuple[str, ...]
    city: str | None
    points: float
    evidence: Evidence


def where_of(reading: Reading, when: When, venue: Venue | None, own: str | None) -> Where:
    """The place that the text names; `own` is the site's region, which settles doubts."""
    spots = [spot for marked in reading.both for spot in _spots(marked, when, venue)]
    sums: dict[str, float] = defaultdict(float)
    for spot in spots:
        for region in spot.regions:
            share = spot.points / len(spot.regions)
            sums[region] += share + (0.3 * share if region == own else 0.0)
    best = max(sums, key=lambda r: sums[r], default=None)
    if best is None or sums[best] < 0.3:
        return Where()
    whole = any(spot.city is None and best in spot.regions for spot in spots)
    if own not in (None, best) and not whole and sums[best] < FAR_FROM_OWN:
        return Where()
    if best == ABROAD:
        return Where(abroad=True)
    told = [spot for spot in spots if best in spot.regions and spot.points > 0]
    first = max(told, key=lambda spot: spot.points)
    named = [spot for spot in told if spot.city is not None]
    city = max(named, key=lambda spot: spot.points, default=None)
    proof = [first.evidence]
    if city is None or city.points < 1.0:
        return Where(best, None, tuple(proof))
    e = city.evidence
    proof.append(Evidence("city", e.where, e.start, e.end, e.words))
    return Where(best, _city(city, best), tuple(proof))


def _city(spot: _Spot, region: str) -> str | None:
    keys = (spot.city or "").split(",")
    labels = [places()[int(k)].label for k in keys if places()[int(k)].region == region]
    return labels[0] if labels else None


def _spots(marked: Marked, when: When, venue: Venue | None) -> list[_Spot]:
    groups: list[tuple[int, int, list[Found]]] = []
    for found in marked.tagged("place", "region"):
        told = marked.passage.text[found.start : found.end]
        if told == told.lower() and "ск" not in told[3:]:
            continue
        if _is_street(marked, found):
            continue
        if groups and groups[-1][:2] == (found.start, found.end):
            groups[-1][2].append(found)
        elif groups and groups[-1][0] == found.start:
            groups[-1] = (found.start, found.end, [found])
        elif not groups or found.start >= groups[-1][1]:
            groups.append((found.start, found.end, [found]))
    rows = [_spot(marked, *group, when, venue) for group in groups[:MOST]]
    return [_today(rows, number) for number in range(len(rows))]


def _is_street(marked: Marked, found: Found) -> bool:
    """Whether a street or a village has the name: `улица Астана`, `Төле би ауылы`."""
    low = marked.passage.low
    left = low[max(0, found.start - 12) : found.start]
    if STREET_LEFT.search(left) or STREET_RIGHT.match(low, found.end):
        return True
    # A village may have a person's name as a district of another region does.
    return found.last > found.first and VILLAGE_RIGHT.match(low, found.end) is not None


def _today(rows: list[_Spot], number: int) -> _Spot:
    """A region told with a place beside it that belongs to a newer region today, as that."""
    spot = rows[number]
    if spot.city is not None or len(spot.regions) != 1:
        return spot
    newer = wordlist("divisions")["made_from"].get(spot.regions[0], ())
    for other in rows[max(0, number - 1) : number + 2]:
        one, two = sorted((spot.evidence, other.evidence), key=lambda e: e.start)
        beside = two.start - one.end <= BESIDE
        if other.city is not None and beside and set(other.regions) <= set(newer):
            return replace(spot, regions=other.regions)
    return spot


def _spot(
    marked: Marked, start: int, end: int, group: list[Found], when: When, venue: Venue | None
) -> _Spot:
    whole = [found.key for found in group if found.tag == "region"]
    parts = [found.key for found in group if found.tag == "place"]
    ids = tuple(dict.fromkeys((*whole, *(places()[int(key)].region for key in parts))))
    city = ",".join(parts) if parts else None
    points = _points(marked, group[0], when, venue)
    return _Spot(ids, city, points, marked.evidence("region", start, end))


def _points(marked: Marked, found: Found, when: When, venue: Venue | None) -> float:
    passage = marked.passage
    number = passage.sentence_of(found.start)
    start, end = passage.sentence_span(number)
    points = 3.0 if passage.where == "title" else max(0.2, 2.0 - 0.4 * number)
    day = next((e for e in when.evidence if e.fact == "starts"), None)
    if day is not None and day.where == passage.where and start <= day.start < end:
        points += 2.0
    if venue is not None and _inside(found, venue, passage.where, (start, end)):
        points += 3.0
    if found.case == "ablative" or _is_list(marked, start, end) or _is_origin(marked, found):
        points *= 0.2
    if found.case in ("locative", "attributive"):
        points *= 1.5
    if passage.in_quotes(found.start):
        points *= 0.4
    if _is_attribute(marked, found):
        points *= 0.2
    return max(points, SIGNED) if _is_signature(marked, found) else points


def _is_signature(marked: Marked, found: Found) -> bool:
    """Whether the place and its word (`Кентау қаласы`) begin the last line, as a signature."""
    text = marked.passage.text.rstrip()
    line = text.rfind("\n") + 1
    told = found.last > found.first and found.case == NOMINATIVE
    return line > 0 and found.start == line and told


def _is_attribute(marked: Marked, found: Found) -> bool:
    """Whether a bare Russian name says whose or from where somebody is: `ветеран Байконура`."""
    low = marked.passage.low
    word = low[found.start : found.end]
    if found.first != found.last or not word.endswith(("а", "ы", "и", "я")) or found.tag != "place":
        return False
    return OF_LEFT.search(low[max(0, found.start - 30) : found.start]) is not None


def _is_origin(marked: Marked, found: Found) -> bool:
    """Whether a region is told with the district in it that somebody came from."""
    if found.case != "genitive":
        return False
    after = marked.within(found.end, found.end + NEXT, "place", "region")
    return bool(after) and after[0].case == "ablative"


def _inside(found: Found, venue: Venue, where: str, sentence: tuple[int, int]) -> bool:
    e = venue.evidence
    told = e.where == where and sentence[0] <= e.start < sentence[1]
    return told and e.start - 40 <= found.start < e.end + 20


def _is_list(marked: Marked, start: int, end: int) -> bool:
    """Whether a sentence names so many places that none of them can be the event's."""
    ids = {
        places()[int(f.key)].region if f.tag == "place" else f.key
        for f in marked.within(start, end, "place", "region")
    }
    return len(ids) > 3
