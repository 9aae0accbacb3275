"""Days and spans of days as each of the three languages writes them."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from searchui.wording import Wording

HOME_ZONE = ZoneInfo("Asia/Almaty")
PARTIAL = re.compile(r"(?P<year>\d{4}|-)(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?\Z")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which the end, or the year, may be unknown (crawler.model.Event)."""

    year: int | None
    month: int | None = None
    day: int | None = None

    @property
    def iso(self) -> str | None:
        """ISO 8601 as HTML's `time` element takes it; None where the year is unknown."""
        if self.year is None:
            return None
        parts = [f"{self.year:04}"]
        parts += [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)


def partial_date(text: str | None) -> PartialDate | None:
    """`2019-06-14`, `2019-06`, `2019` or `--06-29`; None for anything else."""
    found = PARTIAL.match(text or "")
    if found is None:
        return None
    month, day = found["month"], found["day"]
    year = None if found["year"] == "-" else int(found["year"])
    if year is None and day is None:
        return None
    if not _real(year, month and int(month), day and int(day)):
        return None
    return PartialDate(year, int(month) if month else None, int(day) if day else None)


def _real(year: int | None, month: int | str | None, day: int | str | None) -> bool:
    try:
        date(2000 if year is None else year, int(month or 1), int(day or 1))
    except ValueError:
        return False
    return True


def span(starts: str | None, ends: str | None, wording: Wording) -> str | None:
    """An event's days in words; None where nothing is known.

    >>> from searchui.wording import wording
    >>> span("2024-10-16", "2024-10-17", wording("en"))
    '16–17 October 2024'
    """
    first = partial_date(starts)
    last = partial_date(ends) or first
    if first is None or last is None:
        return None
    pattern = _pattern(first, last)
    return wording(f"dates.{pattern}", **_parts(first, last, wording))


def _pattern(first: PartialDate, last: PartialDate) -> str:
    if first.year is None:
        return "no_year"
    same_year = first.year == last.year
    if first.month is None or last.month is None:
        return "year" if same_year else "year_range"
    same_month = same_year and first.month == last.month
    if first.day is None or last.day is None:
        return "month" if same_month else "month_range" if same_year else "month_years"
    if first == last:
        return "day"
    return "days" if same_month else "months" if same_year else "years"


def _parts(first: PartialDate, last: PartialDate, wording: Wording) -> dict[str, Any]:
    whole = first.day is not None and last.day is not None
    return {
        "year": first.year,
        "year2": last.year,
        "month": month_name(first.month, wording, alone=not whole),
        "month2": month_name(last.month, wording, alone=not whole),
        "day": first.day,
        "day2": last.day,
    }


def month_name(month: int | None, wording: Wording, alone: bool = True) -> str:
    """A month's name, as it stands alone or beside a day (`июнь`, `июня`)."""
    if month is None:
        return ""
    form = "LLLL" if alone else "MMMM"
    name = str(format_date(date(2000, month, 1), form, locale=wording.locale))
    # CLDR writes a Kazakh month that stands alone with a capital; Kazakh text does not.
    return name if wording.language == "en" else name.lower()


def short_month(month: int, wording: Wording) -> str:
    """A month's name in three letters, as it fits below a bar."""
    name = str(format_date(date(2000, month, 1), "LLL", locale=wording.locale))[:3]
    return name if wording.language == "en" else name.lower()


def day(value: date | datetime, wording: Wording) -> str:
    """A day in words, of a time the day it was in Kazakhstan."""
    here = value.astimezone(HOME_ZONE).date() if isinstance(value, datetime) else value
    return span(here.isoformat(), None, wording) or ""


def moment(value: datetime, wording: Wording) -> str:
    """A time in words, as clocks in Kazakhstan showed it."""
    here = value.astimezone(HOME_ZONE)
    return f"{day(here, wording)}, {format_datetime(here, 'HH:mm', locale=wording.locale)}"


def last_day(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])
