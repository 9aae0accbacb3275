"""Dates that are told with the name of a month, in Kazakh, Russian and English.

The month is the anchor: days stand before it (`29-30 маусым`, `с 1 по 4 октября`) or after
(`қыркүйек айының 18-ші жұлдызы`), a year before (`2019 жылдың 19 ақпаны`) or after (`12 марта
2024 г.`, `12 июня с.г.`). Forms seen on library sites; every pattern is applied to a short slice,
so the work is linear in the text.
"""

from __future__ import annotations

import re
from datetime import date

from crawler.enrich.calendar import Day, Mention, month_of
from crawler.enrich.passage import Passage, Token
from crawler.enrich.worded_days import day_after, day_before

SLICE = 48
DASH = "-‑–—"
ORDINAL = (
    r"(?:\s?[-‑–]?\s?(?:ші|шы|сы|сі|нші|ншы|інші|ыншы|ы|і|го|ое|е|нан|нен|дан|ден|тан|тен|"
    r"сына|сіне|ына|іне|сынан|сінен|ынан|інен|"
    r"st|nd|rd|th))?"
)
LOCATIVE = ("да", "де", "та", "те")
SINCE_ENDINGS = ("нан", "нен", "дан", "ден", "тан", "тен")
MONTH_JOINT = re.compile(
    rf"\s{{0,4}}(?:[{DASH}]|\bпо\b|\bдо\b|\bи\b|\bмен\b|\bпен\b|\bбен\b)\s{{0,4}}"
)
AND = rf"\s{{0,4}}(?:[{DASH},/]|и\b|және\b|мен\b|пен\b|бен\b|по\b|на\b|to\b)\s{{0,4}}"
SINCE = r"\s?[-‑–]?\s?(?:с?[іы])?(?:нен|нан|ден|дан|тен|тан)\s{1,4}"
DAYS_LEFT = re.compile(
    rf"(?<![\d.,:№])((?:\d{{1,2}}{ORDINAL}{AND}){{0,5}}\d{{1,2}}){ORDINAL}[»”\"]?(?:\s?of|\s?күні)?\s{{0,4}}\Z"
)
PART_LEFT = re.compile(r"\b(?:в|к) (?:начале|середине|конце|концу)\s{1,4}\Z")
PART_RIGHT = re.compile(r"\s{1,4}(?:басында|ортасында|соңында|аяғында)\b")
# `45 декабря 2023 г.`: a slip, of which not even the month is sure.
NO_DAY = re.compile(r"(?<![\d.,:№])(?:0|00|3[2-9]|[4-9]\d)(?:\s?[-‑]?\s?\w{1,3})?\s{0,4}\Z")
GLUED_LEFT = re.compile(r"\d{2}\.\d{2}\.\d{4}(\d{1,2})\s{0,4}\Z")
DAYS_RIGHT = re.compile(
    rf"\s{{0,4}}(?:ай\w{{0,30}}\s{{1,4}})?(\d{{1,2}}(?:(?:{ORDINAL}{AND}|{SINCE})\d{{1,2}}){{0,4}})\s?[-‑–]?\s?"
    r"(?:ші|шы|сы|сі|нші|ншы|інші|ыншы|інде|ында|сінде|сында|іне|ына|на|не|ға|ге|на|нда|нде|да|де|та|те|і|ы)?"
    r"(?:\s{0,4}(?:жұлдыз|күн)\w{0,30})?(?![\d.:])"
)
ENGLISH_RIGHT = re.compile(r"\s{1,4}(\d{1,2})(?:st|nd|rd|th)?(?![\d.:])")
YEAR_LEFT = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s?(?:[-‑]?(?:жыл\w{0,30}|ж\.?|г\.?))?\s{0,4}[,(]?\s{0,4}\Z"
)
YEAR_RIGHT = re.compile(
    r"\s{0,4}[,(]?\s{0,4}(?:күні\s{1,4})?((?:19|20)\d\d)(?!\d)\s?(?:жыл\w{0,30}|ж\b|год\w{0,30}|г\b)?"
)
THIS_LEFT = re.compile(
    r"(?:(?:ағымдағы|биылғы|үстіміздегі|осы) жыл\w{0,30}|биыл|биылғы)\s{0,4},?\s{0,4}\Z"
)
LAST_LEFT = re.compile(r"(?:(?:өткен|былтырғы) жыл\w{0,30}|былтыр)\s{0,4},?\s{0,4}\Z")
THIS_RIGHT = re.compile(
    r"(?:\s{0,4},)?\s{0,4}(?:(?:текущего|нынешнего|этого|сего)\s{1,4}года|[стcт]\.\s?г\.|(?:ағымдағы"
    r"|осы) жыл\w{0,30})"
)
LAST_RIGHT = re.compile(r"(?:\s{0,4},)?\s{0,4}(?:прошлого|минувшего|прошедшего)\s{1,4}года")


def month_mentions(passage: Passage, published: date | None) -> list[Mention]:
    """Every date with a month's name; `published` is what `this year` means."""
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
        pair = _month_range(passage, number, month, published)
        if pair is not None:
            return pair
        if not _is_month_alone(low, token, form, start):
            return None
        whole = Day(year, month)
        return Mention(whole, whole, start, end, "month")
    first, last = Day(year, month, days[0]), Day(year, month, days[-1])
    return Mention(first, last, start, end, form)


def _month_range(
    passage: Passage, number: int, month: int, published: date | None
) -> Mention | None:
    """Two months that something went on in: `с сентября по ноябрь`, `қараша-желтоқсан айлары`."""
    tokens, low = passage.tokens, passage.low
    after = tokens[number + 1 : number + 3]
    last = next((token for token in after if month_of(token.word) is not None), None)
    if last is None:
        return None
    one = tokens[number]
    joint = low[one.end : last.start]
    since = one.word.endswith(SINCE_ENDINGS) and low.startswith((" дейін", " шейін"), last.end)
    if not (MONTH_JOINT.fullmatch(joint) or (since and joint == " ")):
        return None
    left = low[max(0, one.start - 3) : one.start]
    right = low[last.end : last.end + 14].lstrip()
    told = right.startswith(("ай", "аралығ")) or left.endswith(("в ", "с ", "во "))
    if not (told or since or last.word.endswith(LOCATIVE)):
        return None
    year, _, _, end = _year(low, one.start, last.end, published)
    return Mention(Day(year, month), Day(year, month_of(last.word)), one.start, end, "month")


def _numbers(text: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d{1,2}", text)]


def _days_left(low: str, token: Token) -> tuple[list[int], int]:
    left = low[max(0, token.start - SLICE) : token.start]
    # A hyphen may stand before the month: `6-қазан`.
    bare = left.removesuffix("-").removesuffix("‑")
    match = GLUED_LEFT.search(bare) or DAYS_LEFT.search(bare)
    if match is None:
        return day_before(left, token, low[token.end : token.end + 10])
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
    if match is None and (genitive or right.lstrip().startswith("айының")):
        return day_after(right, token)
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
    for pattern, ago in ((THIS_LEFT, 0), (LAST_LEFT, 1)):
        if match := pattern.search(left):
            return _ago(published, ago), "this-year", start - len(left) + match.start(), end
    for pattern, ago in ((THIS_RIGHT, 0), (LAST_RIGHT, 1)):
        if match := pattern.match(right):
            return _ago(published, ago), "this-year", start, end + match.end()
    return None, "yearless", start, end


def _ago(published: date | None, years: int) -> int | None:
    return None if published is None else published.year - years


def _is_month_alone(low: str, token: Token, form: str, start: int) -> bool:
    """Whether a month without a day is a date: a year, `айы` or a locative stands with it."""
    if NO_DAY.search(low[max(0, token.start - 12) : token.start]):
        return False
    if form != "yearless":
        return True
    right = low[token.end : token.end + 6].lstrip()
    left = low[max(0, start - 3) : start]
    if PART_LEFT.search(low[max(0, start - 16) : start]) or PART_RIGHT.match(low, token.end):
        return True
    locative = token.word.endswith(LOCATIVE) and not token.word.isascii()
    return right.startswith("ай") or left.endswith((" в ", "\nв ")) or left == "в " or locative
