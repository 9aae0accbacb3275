"""When a page says it was published: ISO 8601, and Kazakh, Russian and English dates.

Month names and words are data (crawler/data/publication.toml). A time without a zone is the
site's own; `Asia/Almaty` went from +06:00 to +05:00 on 2024-03-01, which the zone database
knows. Nothing here reads dates of events: that is for the enrich stage.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

LONGEST = 120  # characters; a longer text is no date line
LONGEST_COUNT = 7  # digits of a counter
LONGEST_DATE = 60  # of the date itself with its label

_TIME = r"(?:\D{0,12}?\b(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?![\d.])(?::[0-5]\d)?)?"
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d{1,9})?)?)?"
    r"\s?(?P<zone>Z|[+-]\d\d:?\d\d)?(?!\d)"
)
_NUMBERS = re.compile(
    r"(?<![\d.-])(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>(?:19|20)\d\d)(?![\d-])"
    + _TIME
)
_YEAR_LAST = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?P<name>[^\W\d_]{3,12})\.?,?\s+"
    r"(?P<year>(?:19|20)\d\d)(?!\d)" + _TIME
)
_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s?(?:жылы|жылдың|жылғы|жыл|ж\.|ж)\s+"
    r"(?P<day>\d{1,2})\s+(?P<name>[^\W\d_]{3,12})" + _TIME
)
_MONTH_FIRST = re.compile(
    r"(?<!\w)(?P<name>[^\W\d_]{3,12})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+"
    r"(?P<year>(?:19|20)\d\d)(?!\d)" + _TIME
)
_RELATIVE = re.compile(r"(?P<word>[^\W\d_]{3,10})" + _TIME)
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)[/-](\d\d)(?=[/-]|$)")
_LEFTOVERS = re.compile(
    r"(?:жылы|жыл|года|год|күні|күн|ж|г|в|at|сағат|час|hours|am|pm|[\s.,:;|/()–—-])*+\Z", re.I
)
# «02.02.2025 | Автор: admin», «02 февраля 2025, Автор: admin»
_FIELDS = re.compile(r"\s?[|•·👁👀💬❤🔥⏱🕒]\uFE0F?\s?|,\s(?=[^\W\d_]{2,20}\s?:\s)|\s/\s")
PATTERNS = (
    _FIELDS,
    _ISO,
    _NUMBERS,
    _YEAR_LAST,
    _YEAR_FIRST,
    _MONTH_FIRST,
    _RELATIVE,
    _URL_DAY,
    _LEFTOVERS,
)


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads((files("crawler") / "data" / "publication.toml").read_text("utf-8"))


@cache
def _months() -> Mapping[str, int]:
    rows = enumerate(_words()["months"], start=1)
    return {name: number for number, names in rows for name in names.split()}


def month_number(name: str) -> int | None:
    """1 to 12 for a month's name in Kazakh, Russian or English, with or without an ending."""
    word = name.lower()
    months = _months()
    if word in months:
        return months[word]
    return next((months[word[:n]] for n in range(len(word) - 1, 3, -1) if word[:n] in months), None)


def read_date(text: str, zone: ZoneInfo, now: datetime | None = None) -> datetime | None:
    """The first date in a short text, zone-aware; None when there is none or it can't be.

    `now` (zone-aware) resolves «кеше, 10:15» and the like; without it they are not read.
    """
    if len(text) > LONGEST or not any(c.isdigit() for c in text):
        return _relative(text, zone, now)
    for pattern in (_ISO, _NUMBERS, _YEAR_LAST, _YEAR_FIRST, _MONTH_FIRST):
        for match in pattern.finditer(text):
            found = _from_match(match, zone)
            if found:
                return found
    return _relative(text, zone, now)


def read_date_line(text: str, zone: ZoneInfo) -> datetime | None:
    """The date of a line that tells a date and nothing else; None for any other line."""
    line = text.strip()
    if not 8 <= len(line) <= LONGEST:
        return None
    if whole := _read_field(line, zone):
        return whole
    fields = [field for field in _FIELDS.split(line) if field]
    dates = [found for field in fields if (found := _read_field(field, zone))]
    others = len(fields) - len(dates)
    return dates[0] if dates and others == sum(map(_stands_beside, fields)) else None


def _stands_beside(field: str) -> bool:
    """Whether a part of a line may stand beside a date: «Автор: admin», «Просмотров: 12», «12»."""
    if field.isdecimal() and len(field) <= LONGEST_COUNT:
        return True
    head, colon, _ = field.partition(":")
    words = _words()["line"]["beside"]
    return (head if colon else field).strip().lower() in words


def _read_field(line: str, zone: ZoneInfo) -> datetime | None:
    if not 8 <= len(line) <= LONGEST_DATE:
        return None
    rest = _without_label(line)
    for pattern in (_ISO, _NUMBERS, _YEAR_LAST, _YEAR_FIRST, _MONTH_FIRST):
        match = pattern.match(rest)
        if match and _LEFTOVERS.match(rest, match.end()):
            return _from_match(match, zone)
    return None


def date_in_url(url: str, zone: ZoneInfo) -> datetime | None:
    """The day in an address such as `/2024/10/22/slug` or `/slug/2022-04-29-2008`."""
    match = _URL_DAY.search(url[:2000])
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups())
    return _made(year, month, day, 0, 0, zone)


def _without_label(line: str) -> str:
    head, found, tail = line.partition(":")
    if found and head.strip().lower() in _words()["line"]["before"]:
        return tail.strip()
    words = line.split()
    for count in (3, 2, 1):
        if " ".join(words[:count]).rstrip(",").lower() in _words()["line"]["before"]:
            return " ".join(words[count:])
    return line


def _relative(text: str, zone: ZoneInfo, now: datetime | None) -> datetime | None:
    match = _RELATIVE.match(text.strip()) if now and len(text) <= LONGEST else None
    back = _words()["relative"].get(match["word"].lower()) if match else None
    if back is None or match is None or now is None:
        return None
    day = now.astimezone(zone) - timedelta(days=back)
    hour, minute = int(match["hour"] or 0), int(match["minute"] or 0)
    return _made(day.year, day.month, day.day, hour, minute, zone)


def _from_match(match: re.Match[str], zone: ZoneInfo) -> datetime | None:
    told = match.groupdict()
    month = month_number(told["name"]) if "name" in told else int(told["month"])
    if not month:
        return None
    hour, minute = int(told["hour"] or 0), int(told["minute"] or 0)
    year, day = int(told["year"]), int(told["day"])
    found = _made(year, month, day, hour, minute, zone)
    if "/" in match[0]:
        weekday = _weekday_before(match)
        other = _made(year, day, month, hour, minute, zone) if day <= 12 else None
        if other and found and found.weekday() != weekday == other.weekday():
            found = other  # Drupal's «Fri, 11/10/2023» has the month first
    if found and told.get("second"):
        found = found.replace(second=min(int(told["second"]), 59))
    return _zoned(found, told.get("zone"))


def _weekday_before(match: re.Match[str]) -> int | None:
    """0 (Monday) to 6 where the name of a weekday stands right before a date."""
    words = match.string[max(match.start() - 20, 0) : match.start()].lower().split()
    word = words[-1].strip(",.") if words else ""
    rows = enumerate(_words()["weekdays"])
    return next((number for number, names in rows if word and word in names.split()), None)


def _zoned(found: datetime | None, offset: str | None) -> datetime | None:
    """The same wall clock in the zone that an ISO date names."""
    if not found or not offset:
        return found
    try:
        return datetime.fromisoformat(f"{found:%Y-%m-%dT%H:%M:%S}{offset}")
    except ValueError:
        return found


def _made(y: int, m: int, d: int, hour: int, minute: int, zone: ZoneInfo) -> datetime | None:
    """A time that exists and is not older than the web; else None."""
    if not 1990 <= y <= 2100:
        return None
    try:
        return datetime(y, m, d, hour, minute, tzinfo=zone)
    except ValueError:
        return None
