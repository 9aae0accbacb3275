"""Finds every date that a text names: numbers, months, weekdays, `today`, ranges of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from crawler.enrich.calendar import Day, Mention, day_of, month_of, relative_days, weekday_of
from crawler.enrich.month_mentions import DASH, month_mentions
from crawler.enrich.passage import WORD, Passage, Token

# More dates than this in one text are not looked at.
MOST = 200
NUMERIC = re.compile(
    r"(?<![\d.,/])(?:(\d{1,2})(?:[./](\d{1,2}))?\s?[-–—]\s?)?(\d{1,2})[./](\d{1,2})[./]"
    r"((?:19|20)\d\d|\d\d(?!\d))(?![./]\d)"
)
ISO_FORM = re.compile(r"(?<![\d-])((?:19|20)\d\d)-(\d\d)-(\d\d)(?![\d-])")
YEAR_ALONE = re.compile(r"(?<![\d-])((?:19|20)\d\d)\s?(?:жыл(?:ы|дың|да|ғы)?\b|ж\.|год[ау]?\b|г\.)")
JOIN = re.compile(
    rf"\s{{0,4}}(?:күні|жылғы|жылдың|года|г\.|ж\.)?\s{{0,4}}(?:[{DASH}]|по|мен|пен|бен|до|бастап)?\s{{0,4}}"
    r"(?:(?:19|20)\d\d жыл\w{0,30}\s{0,4})?\Z"
)
RELATIVE_WEEKDAY = re.compile(
    r"(?:(өткен|осы|минувш\w{1,30}|прошл\w{1,30}|прошедш\w{1,30}|эту|этот)\s{1,4}(аптаның\s{1,4})?)\Z"
)
# Spans seen from the day of publication: what tells them, and how many weeks or months ago.
WEEKS = (
    (re.compile(r"өткен аптада\b|на (?:прошлой|минувшей|прошедшей) неделе"), 1),
    (re.compile(r"\b(?:осы|бұл|биылғы) аптада\b|на (?:этой|текущей|нынешней) неделе"), 0),
)
MONTHS = (
    (re.compile(r"өткен айда\b|в (?:прошлом|минувшем|прошедшем) месяце"), 1),
    (re.compile(r"\b(?:осы|ағымдағы) айда\b|в (?:этом|текущем) месяце"), 0),
)
# A day and a month in digits without a year: not a time of day, so with a word or a stop.
SHORT = re.compile(
    r"(?<![\d.,:/])(\d{1,2})\.(0[1-9]|1[0-2])(?:\.(?=\s)|(?=\s{0,4}(?:күні|ж\.)))(?!\s{0,4}\d{4})"
)
BIRTH_CENTURY = 50
# A day of the month that was told before, or of this one.
OF_MONTH = re.compile(
    r"(?<![\d.,:№-])(\d{1,2})(?:\s?[-‑–]?\s?го)?\s{1,4}числа\b"
    r"|\b(?:осы|сол|ағымдағы)\s{1,4}айдың\s{1,4}(\d{1,2})(?![\d.,:])"
)
BEFORE = 60


def mentions(passage: Passage, published: date | None) -> list[Mention]:
    """Every date of the passage in order; `published` is what `today` and `this year` mean."""
    found = [
        *_numeric(passage),
        *month_mentions(passage, published),
        *_relative(passage, published),
        *_of_month(passage, published),
        *_years(passage),
    ]
    found = [m for m in found if m.first.exists and m.last.exists]
    found.sort(key=lambda m: (m.start, -m.end))
    kept: list[Mention] = []
    for mention in found:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return _joined(kept[:MOST], passage)


def _numeric(passage: Passage) -> list[Mention]:
    found = []
    for match in NUMERIC.finditer(passage.low):
        day, month, year = int(match[3]), int(match[4]), int(match[5])
        if year < 100:
            year += 1900 if year > BIRTH_CENTURY else 2000
        last = Day(year, month, day)
        first = last
        if match[1]:
            first = Day(year, int(match[2] or month), int(match[1]))
        if 1 <= month <= 12:
            found.append(Mention(first, last, *match.span(), "full"))
    for match in SHORT.finditer(passage.low):
        short = Day(None, int(match[2]), int(match[1]))
        found.append(Mention(short, short, *match.span(), "yearless"))
    for match in ISO_FORM.finditer(passage.low):
        day_ = Day(int(match[1]), int(match[2]), int(match[3]))
        found.append(Mention(day_, day_, *match.span(), "full"))
    return found


def _relative(passage: Passage, published: date | None) -> list[Mention]:
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
    return [*found, *_spans(passage.low, published)]


def _of_month(passage: Passage, published: date | None) -> list[Mention]:
    """Days without a month: `в последнюю пятницу сентября, 29-го числа`."""
    found = []
    for match in OF_MONTH.finditer(passage.low):
        left = passage.low[max(0, match.start() - BEFORE) : match.start()]
        told = [month for word in WORD.findall(left) if (month := month_of(word)) is not None]
        day = int(match[1] or match[2])
        if told:
            when = Day(None, told[-1], day)
        elif published is not None and day <= published.day:
            when = Day(published.year, published.month, day)
        else:
            continue
        found.append(Mention(when, when, *match.span(), "yearless"))
    return found


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
        return []
    if match[2]:
        monday = published - timedelta(days=published.weekday() + (0 if match[1] == "осы" else 7))
        when = day_of(monday + timedelta(days=weekday))
    else:
        when = day_of(published - timedelta(days=(published.weekday() - weekday - 1) % 7 + 1))
    return [Mention(when, when, token.start - len(left) + match.start(), token.end, "relative")]


def _years(passage: Passage) -> list[Mention]:
    found = []
    for match in YEAR_ALONE.finditer(passage.low):
        year = Day(int(match[1]))
        found.append(Mention(year, year, *match.span(), "year"))
    return found


def _joined(rows: list[Mention], passage: Passage) -> list[Mention]:
    """Two days with nothing but a dash or `and` between them are one range."""
    made: list[Mention] = []
    for mention in rows:
        before = made[-1] if made else None
        if before is not None and _is_range(before, mention, passage):
            made[-1] = _range(before, mention)
        else:
            made.append(mention)
    return made


def _is_range(one: Mention, two: Mention, passage: Passage) -> bool:
    forms = {one.form, two.form}
    if not forms <= {"full", "yearless", "this-year"} or one.first != one.last:
        return False
    between = passage.low[one.end : two.start]
    if len(between) > 24 or "\n" in between or JOIN.match(between) is None:
        return False
    if between.strip():
        return True
    return passage.low[: one.end].endswith(("нан", "нен", "дан", "ден", "тан", "тен"))


def _range(one: Mention, two: Mention) -> Mention:
    year_one, year_two = one.first.year, two.last.year
    first = one.first if year_one else replace(one.first, year=year_two)
    last = two.last if year_two else replace(two.last, year=year_one)
    form = one.form if one.form != "yearless" else two.form
    return Mention(first, last, one.start, two.end, form)
