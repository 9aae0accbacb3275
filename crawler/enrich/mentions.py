"""Finds every date that a text names, in the forms in which Kazakh and Russian reports do.

A month's name is the anchor: days stand before it (`29-30 маусым`, `с 1 по 4 октября`) or after
(`қыркүйек айының 18-ші жұлдызы`), a year before (`2019 жылдың 19 ақпаны`) or after (`12 марта
2024 г.`, `12 июня с.г.`). Forms seen on library sites; every pattern is applied to a short slice,
so the work is linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crawler.enrich.calendar import Day, day_of, month_of, relative_days, weekday_of
from crawler.enrich.passage import Passage, Token

SLICE = 48
DASH = "-‑–—"
ORDINAL = (
    r"(?:\s?[-‑–]?\s?(?:ші|шы|сы|сі|нші|ншы|інші|ыншы|ы|і|го|ое|е|нан|нен|дан|ден|тан|тен|"
    r"st|nd|rd|th))?"
)
AND = rf"\s*(?:[{DASH},/]|и\b|және\b|мен\b|пен\b|бен\b|по\b|to\b)\s*"
DAYS_LEFT = re.compile(
    rf"(?<![\d.,:№])((?:\d{{1,2}}{ORDINAL}{AND}){{0,5}}\d{{1,2}}){ORDINAL}(?:\s?of)?\s*\Z"
)
GLUED_LEFT = re.compile(r"\d{2}\.\d{2}\.\d{4}(\d{1,2})\s*\Z")
DAYS_RIGHT = re.compile(
    rf"\s*(?:ай\w*\s+)?(\d{{1,2}}(?:{ORDINAL}{AND}\d{{1,2}}){{0,4}})\s?[-‑–]?\s?"
    r"(?:ші|шы|сы|сі|нші|ншы|інші|ыншы|інде|ында|сінде|сында|іне|ына|нда|нде|да|де|та|те|і|ы)?"
    r"(?:\s*(?:жұлдыз|күн)\w*)?(?![\d.:])"
)
ENGLISH_RIGHT = re.compile(r"\s+(\d{1,2})(?:st|nd|rd|th)?(?![\d.:])")
YEAR_LEFT = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?(?:[-‑]?(?:жыл\w*|ж\.?|г\.?))?\s*[,(]?\s*\Z")
YEAR_RIGHT = re.compile(
    r"\s*[,(]?\s*(?:күні\s+)?((?:19|20)\d\d)(?!\d)\s?(?:жыл\w*|ж\b|год\w*|г\b)?"
)
THIS_LEFT = re.compile(r"(?:(?:ағымдағы|биылғы|үстіміздегі|осы) жыл\w*|биыл|биылғы)\s*,?\s*\Z")
LAST_LEFT = re.compile(r"(?:(?:өткен|былтырғы) жыл\w*|былтыр)\s*,?\s*\Z")
THIS_RIGHT = re.compile(
    r"\s*,?\s*(?:(?:текущего|нынешнего|этого|сего)\s+года|[стcт]\.\s?г\.|(?:ағымдағы|осы) жыл\w*)"
)
LAST_RIGHT = re.compile(r"\s*,?\s*(?:прошлого|минувшего|прошедшего)\s+года")
NUMERIC = re.compile(
    r"(?<![\d.,/])(?:(\d{1,2})(?:[./](\d{1,2}))?\s?[-–—]\s?)?(\d{1,2})[./](\d{1,2})[./]"
    r"((?:19|20)\d\d|\d\d(?!\d))(?![./]\d)"
)
ISO_FORM = re.compile(r"(?<![\d-])((?:19|20)\d\d)-(\d\d)-(\d\d)(?![\d-])")
YEAR_ALONE = re.compile(r"(?<![\d-])((?:19|20)\d\d)\s?(?:жыл(?:ы|дың|да|ғы)?\b|ж\.|год[ау]?\b|г\.)")
JOIN = re.compile(
    rf"\s*(?:күні|жылғы|жылдың|года|г\.|ж\.)?\s*(?:[{DASH}]|по|мен|пен|бен|до|бастап)?\s*"
    r"(?:(?:19|20)\d\d жыл\w*\s*)?\Z"
)
RELATIVE_WEEKDAY = re.compile(
    r"(?:(өткен|осы|минувш\w+|прошл\w+|прошедш\w+|эту|этот)\s+(аптаның\s+)?)\Z"
)
LAST_WEEK = re.compile(r"өткен аптада\b|на (?:прошлой|минувшей|прошедшей) неделе")
BIRTH_CENTURY = 50


@dataclass(frozen=True, slots=True)
class Mention:
    """A date in a text: from `first` to `last`, the offsets, and how it was told.

    `form` is `full` (with a year), `yearless`, `this-year`, `relative`, `week`, `month`, `year`.
    """

    first: Day
    last: Day
    start: int
    end: int
    form: str


def mentions(passage: Passage, published: date | None) -> list[Mention]:
    """Every date of the passage in order; `published` is what `today` and `this year` mean."""
    found = [*_numeric(passage), *_named(passage, published), *_relative(passage, published)]
    found = [m for m in found if m.first.exists and m.last.exists]
    found.sort(key=lambda m: (m.start, -m.end))
    kept: list[Mention] = []
    for mention in (*found, *_years(passage)):
        if not any(k.start < mention.end and mention.start < k.end for k in kept[-12:]):
            kept.append(mention)
    kept.sort(key=lambda m: m.start)
    return _joined(kept, passage)


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
    for match in ISO_FORM.finditer(passage.low):
        day_ = Day(int(match[1]), int(match[2]), int(match[3]))
        found.append(Mention(day_, day_, *match.span(), "full"))
    return found


def _named(passage: Passage, published: date | None) -> list[Mention]:
    found = []
    for number, token in enumerate(passage.tokens):
        month = month_of(token.word)
        if month is not None:
            mention = _at_month(passage, number, month, published)
            if mention is not None:
                found.append(mention)
    return found


def _at_month(passage: Passage, number: int, month: int, published: date | None) -> Mention | None:
    token, low = passage.tokens[number], passage.low
    days, start = _days_left(low, token)
    end = token.end
    if not days:
        days, end = _days_right(low, token)
    year, form, start, end = _year(low, start, end, published)
    if not days:
        if not _is_month_alone(low, token, form, start):
            return None
        whole = Day(year, month)
        return Mention(whole, whole, start, end, "month")
    first, last = Day(year, month, days[0]), Day(year, month, days[-1])
    return Mention(first, last, start, end, form)


def _numbers(text: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d{1,2}", text)]


def _days_left(low: str, token: Token) -> tuple[list[int], int]:
    left = low[max(0, token.start - SLICE) : token.start]
    match = GLUED_LEFT.search(left) or DAYS_LEFT.search(left)
    if match is None:
        return [], token.start
    days = _numbers(match[1])
    if any(not 1 <= day <= 31 for day in days):
        return [], token.start
    return days, token.start - len(left) + match.start(1)


def _days_right(low: str, token: Token) -> tuple[list[int], int]:
    right = low[token.end : token.end + SLICE]
    genitive = token.word.endswith(("ның", "нің", "дың", "дің", "тың", "тің"))
    match = None
    if genitive or right.lstrip().startswith("айының"):
        match = DAYS_RIGHT.match(right)
    elif token.word.isascii():
        match = ENGLISH_RIGHT.match(right)
    if match is None or any(not 1 <= day <= 31 for day in _numbers(match[1])):
        return [], token.end
    return _numbers(match[1]), token.end + match.end()


def _year(
    low: str, start: int, end: int, published: date | None
) -> tuple[int | None, str, int, int]:
    """The year told beside a day: (year, form, start, end of day and year)."""
    left, right = low[max(0, start - SLICE) : start], low[end : end + SLICE]
    if match := YEAR_LEFT.search(left):
        return int(match[1]), "full", start - len(left) + match.start(), end
    if match := YEAR_RIGHT.match(right):
        return int(match[1]), "full", start, end + match.end()
    this = THIS_LEFT.search(left)
    last = LAST_LEFT.search(left)
    if this or last:
        match = this or last
        assert match is not None
        start = start - len(left) + match.start()
    else:
        this, last = THIS_RIGHT.match(right), LAST_RIGHT.match(right)
        end += (this or last).end() if this or last else 0  # type: ignore[union-attr]
    if not this and not last:
        return None, "yearless", start, end
    year = None if published is None else published.year - (1 if last else 0)
    return year, "this-year", start, end


def _is_month_alone(low: str, token: Token, form: str, start: int) -> bool:
    """Whether a month without a day is a date: a year, `айы` or a locative stands with it."""
    if form != "yearless":
        return True
    right = low[token.end : token.end + 6].lstrip()
    left = low[max(0, start - 3) : start]
    locative = token.word.endswith(("да", "де", "та", "те")) and not token.word.isascii()
    return right.startswith("ай") or left.endswith((" в ", "\nв ")) or locative


def _relative(passage: Passage, published: date | None) -> list[Mention]:
    if published is None:
        return []
    found = []
    words = relative_days()
    for token in passage.tokens:
        if token.word in words:
            when = day_of(published + timedelta(days=words[token.word]))
            found.append(Mention(when, when, token.start, token.end, "relative"))
            continue
        weekday = weekday_of(token.word)
        if weekday is not None:
            found.extend(_weekday(passage.low, token, weekday, published))
    for match in LAST_WEEK.finditer(passage.low):
        monday = published - timedelta(days=published.weekday() + 7)
        sunday = monday + timedelta(days=6)
        found.append(Mention(day_of(monday), day_of(sunday), *match.span(), "week"))
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
