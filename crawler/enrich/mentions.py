"""Finds every date that a text names: numbers, months, weekdays, `today`, ranges of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from crawler.enrich.calendar import (
    Day,
    Mention,
    month_of,
)
from crawler.enrich.month_mentions import DASH, month_mentions
from crawler.enrich.passage import WORD, Passage
from crawler.enrich.relative_mentions import relative_mentions

# More dates than this in one text are not looked at.
MOST = 200
NUMERIC = re.compile(
    r"(?<![\d.,/])(?:(\d{1,2})(?:[./](\d{1,2}))?\s?[-–—]\s?)?(\d{1,2})[./](\d{1,2})[./]"
    r"((?:19|20)\d\d|\d\d(?!\d))(?![./]\d)"
)
ISO_FORM = re.compile(r"(?<![\d./-])((?:19|20)\d\d)([-./])(\d\d)\2(\d\d)(?![\d-])")
YEAR_ALONE = re.compile(r"(?<![\d-])((?:19|20)\d\d)\s?(?:жыл(?:ы|дың|да|ғы)?\b|ж\.|год[ау]?\b|г\.)")
JOIN = re.compile(
    rf"\s{{0,4}}(?:күні|жылғы|жылдың|года|г\.|ж\.|\.(?=\s?[{DASH}]))?\s{{0,4}}(?:[{DASH}]|по|мен|пен|бен|до|бастап)?\s{{0,4}}"
    r"(?:(?:19|20)\d\d жыл\w{0,30}\s{0,4})?\Z"
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
EXACT = ("full", "yearless", "this-year")
ECHO = re.compile(r"\s{0,2}[,(–—-]\s{0,2}")


def mentions(passage: Passage, published: date | None) -> list[Mention]:
    """Every date of the passage in order; `published` is what `today` and `this year` mean."""
    found = [
        *_numeric(passage),
        *month_mentions(passage, published),
        *relative_mentions(passage, published),
        *_of_month(passage, published),
        *_years(passage),
    ]
    found = [m for m in found if m.first.exists and m.last.exists]
    found.sort(key=lambda m: (m.start, -m.end))
    kept: list[Mention] = []
    for mention in found:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return _joined(_without_echoes(kept[:MOST], passage), passage)


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
        day_ = Day(int(match[1]), int(match[3]), int(match[4]))
        found.append(Mention(day_, day_, *match.span(), "full"))
    return found


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


def _years(passage: Passage) -> list[Mention]:
    found = []
    for match in YEAR_ALONE.finditer(passage.low):
        year = Day(int(match[1]))
        found.append(Mention(year, year, *match.span(), "year"))
    return found


def _without_echoes(rows: list[Mention], passage: Passage) -> list[Mention]:
    """`Yesterday, 18 May`: the day is the one told in full, whenever the page was published."""
    kept: list[Mention] = []
    for mention in rows:
        before = kept[-1] if kept else None
        echoed = before is not None and before.form == "relative" and mention.form in EXACT
        if before is not None and echoed and ECHO.fullmatch(passage.low, before.end, mention.start):
            kept.pop()
        kept.append(mention)
    return kept


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
    if not forms <= {*EXACT} or one.first != one.last:
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
