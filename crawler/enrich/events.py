"""From an article to its event: what happened, when, where and by whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.enrich.anniversaries import anniversaries_of
from crawler.enrich.attendance import online_of, participants_of
from crawler.enrich.endings import NOMINATIVE
from crawler.enrich.kinds import kinds_of
from crawler.enrich.name import Name, name_stems
from crawler.enrich.names import names_of
from crawler.enrich.occasions import When, when_of
from crawler.enrich.organisers import Organiser, organisers_of
from crawler.enrich.places import Where, where_of
from crawler.enrich.privacy import without_personal
from crawler.enrich.reading import Reading, reading_of
from crawler.enrich.registry import Registry, libraries_of
from crawler.enrich.titles import titles_of
from crawler.enrich.topics import topics_of
from crawler.enrich.venues import Venue, is_elsewhere, venue_of
from crawler.enrich.wordlists import wordlist
from crawler.model import Article, Event, Evidence
from crawler.sites import Site
from crawler.vocabulary import kinds as vocabulary
from crawler.vocabulary import region_id, regions

# Groups of kinds that may well happen nowhere in particular.
NO_PLACE = frozenset({"campaign", "journey", "online"})


OURS = re.compile(
    r"\b(?:біздің )?кітапханамызда\b|\bв (?:стенах )?нашей (?:\w{1,30}ой )?библиотек[еи]\b"
)
OURS_WITHIN = 1500
# What people post there, they post from everywhere.
SOCIAL = re.compile(
    r"(?:facebook|фейсбук|instagram|инстаграм|tiktok|тик-?ток|youtube|ютуб|телеграм|telegram)\w{0,6}\s{1,4}"
    r"(?:\w{1,30}\s{1,4}){0,2}(?:сал|жарияла|жүкте|бөліс)|"
    r"(?:выкладыва|публику|размеща|выложи|опублик)\w{0,10}\s{1,4}(?:\w{1,30}\s{1,4}){0,3}"
    r"(?:в|во)\s{1,4}(?:соц|сет|facebook|instagram|tiktok|тикток|инстаграм)"
)
ELSEWHERE = 80
# Letters between a town and the library in it.
NEAR = 60


def event_of(article: Article, site: Site | None = None, registry: Registry | None = None) -> Event:
    """The event that an article tells of; every fact with the words it was read from.

    The site gives the zone in which `today` is meant, the library that `we` means, and the
    region where the text names none; the registry has the libraries whose ids are looked for.
    """
    reading = reading_of(article)
    when = when_of(reading, published_day(article, site))
    named = names_of(reading)
    kinds = kinds_of(reading, named, when)
    venue = venue_of(reading, named, when, kinds[0].id if kinds else None)
    own_region = region_id(site.region) if site is not None and site.region else None
    where = where_of(reading, when, venue, own_region)
    own = site.name.in_language(article.language) if site is not None else None
    organisers = organisers_of(reading, named, own)
    online, online_proof = online_of(reading, venue is not None or any(named.values()))
    people = participants_of(reading)
    topics = (*topics_of(reading), *anniversaries_of(reading))
    titles = titles_of(reading, named)
    libraries = libraries_of(reading, named, registry) if registry is not None else ()
    first = vocabulary()[kinds[0].id] if kinds else None
    nowhere = online or (first and (first.group in NO_PLACE or _lies_ahead(when, article, site)))
    told_venue = _ours(reading, own) if venue is None and own and not nowhere else (None, None)
    if told_venue[0] is None:
        told_venue = _venue(venue, organisers, where, bool(nowhere), _has_roof(reading, named))
    if venue is None and not nowhere and not organisers:
        told_venue = _host(reading, named["text"], when) or told_venue
    region = where.region or (None if where.abroad else own_region)
    proof = [*(k.evidence for k in kinds), *when.evidence, *where.evidence]
    proof += [organiser.evidence for organiser in organisers] + [
        e for _, e in (*topics, *titles, *libraries)
    ]
    proof += [e for e in (told_venue[1], online_proof, people[1] if people else None) if e]
    event = Event(
        kinds=tuple(kind.id for kind in kinds),
        starts=when.starts,
        ends=when.ends,
        confidence=when.confidence,
        venue=told_venue[0],
        city=where.city,
        region=region,
        organisers=tuple(organiser.text for organiser in organisers),
        online=online,
        participants=people[0] if people else None,
        topics=tuple(name for name, _ in topics),
        titles=tuple(title for title, _ in titles),
        libraries=tuple(key for key, _ in libraries),
        evidence=tuple(proof),
    )
    return without_personal(event)


def _lies_ahead(when: When, article: Article, site: Site | None) -> bool:
    """Whether the event was still to come when the article was published."""
    day = published_day(article, site)
    return day is not None and when.starts is not None and when.starts > day.isoformat()


def published_day(article: Article, site: Site | None = None) -> date | None:
    """The day of publication where the article was published."""
    if article.published is None:
        return None
    if site is None or article.published.tzinfo is None:
        return article.published.date()
    try:
        return article.published.astimezone(ZoneInfo(site.timezone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return article.published.date()


def _venue(
    venue: Venue | None,
    organisers: tuple[Organiser, ...],
    where: Where,
    nowhere: bool,
    under_a_roof: bool,
) -> tuple[str | None, Evidence | None]:
    """The venue told; else the library that held it, else the town."""
    if venue is not None:
        return venue.text, venue.evidence
    if nowhere:
        return None, None
    for organiser in organisers if under_a_roof else ():
        if _is_local_library(organiser.text) and _may_be_host(organiser, where):
            e = organiser.evidence
            return organiser.text, Evidence("venue", e.where, e.start, e.end, e.words)
    if where.city is not None and where.region is not None:
        e = where.evidence[-1]
        text = f"{regions()[where.region].kk}, {where.city}"
        return text, Evidence("venue", e.where, e.start, e.end, e.words)
    return None, None


def _has_roof(reading: Reading, named: Mapping[str, list[Name]]) -> bool:
    """Whether it may have been at the organiser's: neither on the net nor at a bare `school`."""
    marked = reading.text
    if SOCIAL.search(marked.passage.low, 0, OURS_WITHIN):
        return False
    return not any(is_elsewhere(name, marked) for name in named["text"][:ELSEWHERE])


def _ours(reading: Reading, own: str) -> tuple[str | None, Evidence | None]:
    """The site's library where the text says `in our library` near the beginning."""
    marked = reading.text
    for match in OURS.finditer(marked.passage.low, 0, OURS_WITHIN):
        start, end = marked.passage.sentence_span(marked.passage.sentence_of(match.start()))
        if marked.has(start, end, "held", "holding", "kind") and not marked.has(
            start, end, "future"
        ):
            return own, marked.evidence("venue", *match.span())
    return None, None


def _may_be_host(organiser: Organiser, where: Where) -> bool:
    """Whether it may have been under the organiser's roof: no other town is told before it."""
    city = next((e for e in where.evidence if e.fact == "city"), None)
    if city is None or where.city is None or name_stems(where.city) & name_stems(organiser.text):
        return True
    return organiser.evidence.start - city.end < NEAR


def _host(reading: Reading, rows: list[Name], when: When) -> tuple[str, Evidence] | None:
    """The library that is the subject of the sentence with the date: it was the host."""
    day = next((e for e in when.evidence if e.fact == "starts" and e.where == "text"), None)
    if day is None:
        return None
    passage = reading.text.passage
    start, end = passage.sentence_span(passage.sentence_of(day.start))
    for name in rows:
        subject = start <= name.start < end and name.case == NOMINATIVE and name.is_proper
        if subject and _is_local_library(name.text):
            return name.text, reading.text.evidence("venue", name.start, name.end)
    return None


def _is_local_library(text: str) -> bool:
    """Whether a body is a library that could hold an event under its own roof."""
    low = text.lower()
    wide = any(word in low for word in wordlist("bodies")["republican"]["words"])
    ours = ("кітапхана", "библиотек", "окж", "оәғк", "цбс", "оунб")
    return any(word in low for word in ours) and not wide and "бөлім" not in low
