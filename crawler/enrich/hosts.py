"""Where an event was when no house is told by name: at the library's, at a school, in a town."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.enrich.endings import NOMINATIVE
from crawler.enrich.name import Name, name_stems
from crawler.enrich.occasions import When
from crawler.enrich.organisers import Organiser
from crawler.enrich.places import Where
from crawler.enrich.reading import Reading
from crawler.enrich.venues import is_elsewhere
from crawler.enrich.wordlists import wordlist
from crawler.model import Evidence
from crawler.vocabulary import regions

House = tuple[str, Evidence]

# `In our library`, and the bare word at a place where no name stands.
OURS = re.compile(
    r"\b(?:біздің )?кітапханамызда\b|\bв (?:стенах )?нашей (?:\w{1,30}ой )?библиотек[еи]\b"
    r"|\bкітапханада\b|\bкітапхана (?:қабырғасында|төрінде|ғимаратында)\b"
    r"|\bв (?:стенах |здании )?библиотек[еи]\b"
    r"(?!\s{1,4}(?:[№«]|\w{1,20}ск|им|при\b|город|район|сел))"
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


@dataclass(frozen=True, slots=True)
class Told:
    """What else is known of an event: `names` are those in its text."""

    reading: Reading
    names: list[Name]
    when: When
    where: Where
    organisers: tuple[Organiser, ...]


def house_of(told: Told, own: str | None) -> House | None:
    """The likeliest house or town with the words that tell it; `own` is the site's library.

    In this order: `in our library`, a bare `at the school`, the library whose sentence has the
    day, the library that held the event, the town.
    """
    reading, rows = told.reading, told.names
    found = _ours(reading, own) if own else None
    found = found or _bare_house(reading, rows, told.when)
    if found is None and not told.organisers:
        found = _host(reading, rows, told.when)
    return found or _organisers_own(told) or _town(told.where)


def _organisers_own(told: Told) -> House | None:
    """The library that held it, where it may have been under its roof."""
    if not _has_roof(told.reading, told.names):
        return None
    for organiser in told.organisers:
        if _is_local_library(organiser.text) and _may_be_host(organiser, told.where):
            e = organiser.evidence
            return organiser.text, Evidence("venue", e.where, e.start, e.end, e.words)
    return None


def _town(where: Where) -> House | None:
    if where.city is None or where.region is None:
        return None
    e = where.evidence[-1]
    text = f"{regions()[where.region].kk}, {where.city}"
    return text, Evidence("venue", e.where, e.start, e.end, e.words)


def _has_roof(reading: Reading, rows: list[Name]) -> bool:
    """Whether it may have been at the organiser's: neither on the net nor at a bare `school`."""
    marked = reading.text
    if SOCIAL.search(marked.passage.low, 0, OURS_WITHIN):
        return False
    return not any(is_elsewhere(name, marked) for name in rows[:ELSEWHERE])


def _ours(reading: Reading, own: str) -> House | None:
    """The site's library where the text says `in our library` near the beginning."""
    marked = reading.text
    for match in OURS.finditer(marked.passage.low, 0, OURS_WITHIN):
        start, end = marked.passage.sentence_span(marked.passage.sentence_of(match.start()))
        if marked.has(start, end, "held", "holding", "kind") and not marked.has(
            start, end, "future"
        ):
            return own, marked.evidence("venue", *match.span())
    return None


def _may_be_host(organiser: Organiser, where: Where) -> bool:
    """Whether it may have been under the organiser's roof: no other town is told before it."""
    city = next((e for e in where.evidence if e.fact == "city"), None)
    if city is None or where.city is None:
        return True
    if name_stems(where.city) & name_stems(organiser.text):
        return not (
            city.words.endswith(("ауданында", "аудандарында")) and "ауданы" in organiser.text
        )
    return organiser.evidence.start - city.end < NEAR


def _bare_house(reading: Reading, rows: list[Name], when: When) -> House | None:
    """The bare word for a house (`at the school`) in the sentence with the day and the verb."""
    day = next((e for e in when.evidence if e.fact == "starts" and e.where == "text"), None)
    if day is None:
        return None
    start, end = reading.text.passage.sentence_span(reading.text.passage.sentence_of(day.start))
    for name in rows[:ELSEWHERE]:
        if start <= name.start < end and is_elsewhere(name, reading.text):
            return name.text, reading.text.evidence("venue", name.start, name.end)
    return None


def _host(reading: Reading, rows: list[Name], when: When) -> House | None:
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
