"""From an article to its event: what happened, when, where and by whom."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.enrich.anniversaries import anniversaries_of
from crawler.enrich.attendance import online_of, participants_of
from crawler.enrich.hosts import Told, house_of
from crawler.enrich.kinds import kinds_of
from crawler.enrich.names import names_of
from crawler.enrich.occasions import When, when_of
from crawler.enrich.organisers import organisers_of
from crawler.enrich.places import where_of
from crawler.enrich.privacy import without_personal
from crawler.enrich.reading import reading_of
from crawler.enrich.registry import Registry, libraries_of
from crawler.enrich.titles import titles_of
from crawler.enrich.topics import topics_of
from crawler.enrich.venues import venue_of
from crawler.model import Article, Event
from crawler.sites import Site
from crawler.vocabulary import kinds as vocabulary
from crawler.vocabulary import region_id

# Groups of kinds that may well happen nowhere in particular.
NO_PLACE = frozenset({"campaign", "journey", "online"})


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
    # A day without a knowable year (`--02-19`) has none to compare.
    year = when.starts[:4] if when.starts and when.starts[:4].isdigit() else None
    people = participants_of(reading, year)
    topics = (*topics_of(reading), *anniversaries_of(reading))
    titles = titles_of(reading, named)
    libraries = libraries_of(reading, named, registry) if registry is not None else ()
    first = vocabulary()[kinds[0].id] if kinds else None
    nowhere = online or (first and (first.group in NO_PLACE or _lies_ahead(when, article, site)))
    house = (venue.text, venue.evidence) if venue is not None else None
    if house is None and not nowhere:
        house = house_of(Told(reading, named["text"], when, where, organisers), own)
    region = where.region or (None if where.abroad else own_region)
    proof = [*(k.evidence for k in kinds), *when.evidence, *where.evidence]
    proof += [organiser.evidence for organiser in organisers] + [
        e for _, e in (*topics, *titles, *libraries)
    ]
    proof += [
        e for e in (house[1] if house else None, online_proof, people[1] if people else None) if e
    ]
    event = Event(
        kinds=tuple(kind.id for kind in kinds),
        starts=when.starts,
        ends=when.ends,
        confidence=when.confidence,
        venue=house[0] if house else None,
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
