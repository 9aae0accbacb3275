"""Dates as the five systems print them."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime

# Month names of the systems' own Kazakh and Russian language packs (Unicode CLDR agrees).
KAZAKH = "қаңтар,ақпан,наурыз,сәуір,мамыр,маусым,шілде,тамыз,қыркүйек,қазан,қараша,желтоқсан"
RUSSIAN = "января,февраля,марта,апреля,мая,июня,июля,августа,сентября,октября,ноября,декабря"


def month_name(moment: datetime, language: str) -> str:
    """The month in Kazakh, or in the Russian genitive for `ru`."""
    names = RUSSIAN if language == "ru" else KAZAKH
    return names.split(",")[moment.month - 1]


def day_month_year(moment: datetime, language: str) -> str:
    """`18 Қазан 2024` or `18 октября 2024`, as Joomla prints it."""
    name = month_name(moment, language)
    return f"{moment:%d} {name if language == 'ru' else name.capitalize()} {moment:%Y}"


def date_line(moment: datetime, language: str) -> str:
    """`08 сәуір 2019 ж. 16:32` or `08 апреля 2019 г. 16:32`, as DLE prints it."""
    year = "г." if language == "ru" else "ж."
    return f"{moment:%d} {month_name(moment, language)} {moment:%Y} {year} {moment:%H:%M}"


def numeric(moment: datetime) -> str:
    """`21.10.2024`."""
    return f"{moment:%d.%m.%Y}"


def w3c(moment: datetime) -> str:
    """`2024-10-18T16:45:00+05:00`, as in sitemaps and `datetime` attributes."""
    return moment.isoformat(timespec="seconds")


def rfc822(moment: datetime) -> str:
    """`Fri, 18 Oct 2024 16:45:00 +0500`, as in feeds."""
    return format_datetime(moment)
