"""Dates that are told from the day of publication: `today`, `last Friday`, `two days ago`."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from crawler.enrich.calendar import (
    Day,
    Mention,
    day_of,
    month_of,
    number_words,
    relative_days,
    weekday_of,
)
from crawler.enrich.passage import Passage, Token

RELATIVE_WEEKDAY = re.compile(
    r"(?:(өткен|осы|минувш\w{1,30}|прошл\w{1,30}|прошедш\w{1,30}|эту|этот)\s{1,4}(аптаның\s{1,4})?)\Z"
)
AGO = re.compile(
    r"\b(?:(\w{1,6})\s)?(күн|апта)\s(?:бұрын|ілгері)\b|\b(?:(\w{1,6})\s)?(дня|дней|день|недел[юи])\sназад\b"
)
WEEKEND = re.compile(
    r"(?:в|на) (?:минувшие|прошедшие|прошлые|эти) выходные"
    r"|өткен (?:демалыс|сенбі-жексенбі)\w{0,6}(?: күндері)?"
)
NTH = {
    "перв": 1, "втор": 2, "трет": 3, "четверт": 4, "последн": -1,
    "бірінші": 1, "алғашқы": 1, "екінші": 2, "үшінші": 3, "төртінші": 4, "соңғы": -1,
}  # fmt: skip
NTH_RUSSIAN = re.compile(
    r"\b(перв|втор|трет|четверт|последн)\w{1,3}\s{1,2}([^\W\d]{5,12})\s{1,2}([^\W\d]{3,9})\b"
)
NTH_KAZAKH = re.compile(
    r"\b([^\W\d]{4,14})\s(?:айының\s)?(бірінші|алғашқы|екінші|үшінші|төртінші|соңғы)\s([^\W\d]{4,16})"
)
BARE_LEFT = re.compile(r"(?:\bво?\s{1,2})\Z")
EVERY_LEFT = re.compile(r"(?:\bәр(?:бір)?|кажд\w{2,3}|\bпо)\s{1,2}\Z")
# Spans seen from the day of publication: what tells them, and how many weeks or months ago.
WEEKS = (
    (re.compile(r"өткен аптада\b|на (?:прошлой|минувшей|прошедшей) неделе"), 1),
    (re.compile(r"\b(?:осы|бұл|биылғы) аптада\b|на (?:этой|текущей|нынешней) неделе"), 0),
)
MONTHS = (
    (re.compile(r"өткен айда\b|в (?:прошлом|минувшем|прошедшем) месяце"), 1),
    (re.compile(r"\b(?:осы|ағымдағы) айда\b|в (?:этом|текущем) месяце"), 0),
)


def relative_mentions(passage: Passage, published: date | None) -> list[Mention]:
    """Days, weeks and months told from the day of publication; none where that is unknown."""
    if published is None:
        return []
    found = []
    words = relative_days()
    for token in passage.tokens:
        if token.word in words:
            if passage.low.startswith((" емес", " не "), token.end):
                continue
            when = day_of(published + timedelta(days=words[token.word]))
            found.append(Mention(when, when, token.start, token.end, "relative"))
            continue
        weekday = weekday_of(token.word)
        if weekday is not None:
            found.extend(_weekday(passage.low, token, weekday, published))
    return [
        *found,
        *_spans(passage.low, published),
        *_ago(passage.low, published),
        *_nth(passage.low, published),
    ]


def _ago(low: str, published: date) -> list[Mention]:
    """`Two days ago`, `last weekend`."""
    found = []
    for match in AGO.finditer(low):
        told, unit = match[1] or match[3], match[2] or match[4]
        count = 1 if not told or told == "бір" else number_words().get(told, 0)
        count = int(told) if told and told.isdecimal() else count
        days = count * (7 if unit.startswith(("ап", "не")) else 1)
        if 0 < days <= 31:
            when = day_of(published - timedelta(days=days))
            found.append(Mention(when, when, *match.span(), "relative"))
    for match in WEEKEND.finditer(low):
        sunday = published - timedelta(days=(published.weekday() + 1) % 7 or 7)
        first, last = day_of(sunday - timedelta(days=1)), day_of(sunday)
        found.append(Mention(first, last, *match.span(), "relative"))
    return found


def _nth(low: str, published: date) -> list[Mention]:
    """A weekday by its number in a month: `в последнюю субботу мая`, `мамырдың соңғы сенбісі`."""
    found = []
    for pattern, groups in ((NTH_RUSSIAN, (1, 2, 3)), (NTH_KAZAKH, (2, 3, 1))):
        for match in pattern.finditer(low):
            nth, weekday, month = (match[group] for group in groups)
            day, number = weekday_of(weekday), month_of(month)
            if day is None or number is None:
                continue
            when = _nth_day(NTH[nth], day, number, published)
            found.append(Mention(when, when, *match.span(), "relative"))
    return found


def _nth_day(nth: int, weekday: int, month: int, published: date) -> Day:
    """The day of that name in the month; `nth` counts from 1, the last is -1."""
    year = published.year - (date(published.year, month, 1) > published + timedelta(days=45))
    days = [d for d in range(1, monthrange(year, month)[1] + 1)
            if date(year, month, d).weekday() == weekday]  # fmt: skip
    return Day(year, month, days[nth - 1 if nth > 0 else nth])


def _spans(low: str, published: date) -> list[Mention]:
    """Weeks and months told from the day of publication."""
    found = []
    for pattern, ago in WEEKS:
        monday = published - timedelta(days=published.weekday() + 7 * ago)
        week = (day_of(monday), day_of(monday + timedelta(days=6)))
        found += [Mention(*week, *m.span(), "week") for m in pattern.finditer(low)]
    for pattern, ago in MONTHS:
        number = published.year * 12 + published.month - 1 - ago
        month = Day(number // 12, number % 12 + 1)
        found += [Mention(month, month, *m.span(), "month") for m in pattern.finditer(low)]
    return found


def _weekday(low: str, token: Token, weekday: int, published: date) -> list[Mention]:
    left = low[max(0, token.start - 24) : token.start]
    match = RELATIVE_WEEKDAY.search(left)
    if match is None:
        return _bare_weekday(low, token, weekday, published)
    if match[2]:
        monday = published - timedelta(days=published.weekday() + (0 if match[1] == "осы" else 7))
        when = day_of(monday + timedelta(days=weekday))
    else:
        when = day_of(published - timedelta(days=(published.weekday() - weekday - 1) % 7 + 1))
    return [Mention(when, when, token.start - len(left) + match.start(), token.end, "relative")]


def _bare_weekday(low: str, token: Token, weekday: int, published: date) -> list[Mention]:
    """A day of the week alone (`в пятницу`, `жұма күні`): the last one up to publication."""
    left = low[max(0, token.start - 10) : token.start]
    kazakh = low.startswith((" күні ", " күні,"), token.end) or token.word.endswith(("де", "да"))
    if EVERY_LEFT.search(left) or not (kazakh or BARE_LEFT.search(left)):
        return []
    when = day_of(published - timedelta(days=(published.weekday() - weekday) % 7))
    return [Mention(when, when, token.start, token.end, "weekday")]
