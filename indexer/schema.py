"""From a stored document to the row that an engine keeps; the schema of the index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from crawler import vocabulary
from crawler.model import Document
from indexer.personal import without_personal
from indexer.rows import Row, Zone
from indexer.terms import TextReader

# The version of the schema: raise it when rows of old and new code don't go together.
VERSION = "3"

LANGUAGES = ("kk", "ru", "en")
_DAY = re.compile(r"^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$")
FACT = "@"  # begins the terms of facts; no word's stem has it
GAP = 10
MOST_DAYS = 31  # of an event that is found by every day of it; a longer one by its first and last


def row_of(document: Document, reader: TextReader) -> Row:
    """The row of a document: its words by zone, its values, its days."""
    article, event = document.article, document.event
    language = article.language if article.language in LANGUAGES else None
    first, last = days_of(document)
    lead, *rest = map(without_personal, article.paragraphs or ("",))
    zones = (
        reader.zone("title", without_personal(article.title or ""), language),
        reader.zone("lead", lead, language),
        reader.zone("body", "\n".join(rest), language),
        _labels(document, reader, first, last),
    )
    values = {
        "site": (article.site,) if article.site else (),
        "region": (event.region,) if event.region else (),
        "kind": event.kinds,
        "language": article.languages,
        "library": event.organisers,
    }
    return Row(document.id, document.sequence, zones, values, first.toordinal(), last.toordinal())


def days_of(document: Document) -> tuple[date, date]:
    """The first and last day of the event; else the day of publication, else of first sight."""
    first = _day(document.event.starts, last=False)
    if first is None:
        seen = (document.article.published or document.first_seen).date()
        return seen, seen
    last = _day(document.event.ends or document.event.starts, last=True)
    return first, max(first, last or first)


def _day(told: str | None, last: bool) -> date | None:
    """The first or last day of a date told in full, by month or by year; else None."""
    found = _DAY.match(told or "")
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        if day is not None and month is not None:
            return date(year, month, day)
        if not last:
            return date(year, month or 1, 1)
        ends = date(year + (month is None or month == 12), (month or 12) % 12 + 1, 1)
        return date.fromordinal(ends.toordinal() - 1)
    except ValueError:
        return None


def day_terms(day: date) -> tuple[str, str]:
    """The terms by which an event's day is found: with and without the year."""
    return f"{FACT}{day.isoformat()}", f"{FACT}--{day.strftime('%m-%d')}"


def month_terms(year: int | None, month: int) -> tuple[str, ...]:
    """The terms of a month: of that year (unless None) and of any year."""
    any_year = f"{FACT}--{month:02}"
    return (any_year,) if year is None else (f"{FACT}{year:04}-{month:02}", any_year)


def year_term(year: int) -> str:
    """The term by which an event's year is found."""
    return f"{FACT}{year:04}"


def kind_term(kind: str) -> str:
    """The term by which a kind of event is found, whatever it is called in the text."""
    return f"{FACT}kind={kind}"


def region_term(region: str) -> str:
    """The term by which a region is found, by whatever name of it."""
    return f"{FACT}region={region}"


def _facts(document: Document, first: date, last: date) -> Iterator[str]:
    """Terms of what is known of the event: its kinds, region, and dates as far as they are told."""
    told = _DAY.match(document.event.starts or "")
    yield from map(kind_term, document.event.kinds)
    if document.event.region:
        yield region_term(document.event.region)
    days = range(first.toordinal(), last.toordinal() + 1)
    for day in map(date.fromordinal, days) if 0 < len(days) <= MOST_DAYS else (first, last):
        yield year_term(day.year)
        if told is None or told[2]:
            yield from month_terms(day.year, day.month)
        if told and told[3]:
            yield from day_terms(day)


def _labels(document: Document, reader: TextReader, first: date, last: date) -> Zone:
    """What is known of the event in the words of three languages, and its facts as terms."""
    label = Zone("labels", [], [], [], [], [])
    place = 0
    for text, language in _label_texts(document):
        part = reader.label(text, language)
        label.places.extend([place + number for number in part.places])
        label.stems.extend(part.stems)
        label.prefixes.extend(part.prefixes)
        label.folded.extend(part.folded)
        label.words.extend(part.words)
        place += len(part.places) + GAP
    for term in dict.fromkeys(_facts(document, first, last)):
        label.places.append(place)
        label.stems.append(term)
        for others in (label.prefixes, label.folded, label.words):
            others.append("")
        place += GAP
    return label


def _label_texts(document: Document) -> Iterator[tuple[str, str | None]]:
    event, kinds, regions = document.event, vocabulary.kinds(), vocabulary.regions()
    for kind in event.kinds:
        if kind in kinds:
            yield from ((kinds[kind].label(language), language) for language in LANGUAGES)
    if event.region is not None and event.region in regions:
        region = regions[event.region]
        yield from ((region.label(language), language) for language in LANGUAGES)
    for text in (event.city, event.venue, *event.organisers):
        if text:
            yield text, None
