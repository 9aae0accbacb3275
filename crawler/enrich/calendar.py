"""Names of months and days in Kazakh, Russian and English, and days that may be half known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from crawler.enrich.endings import kazakh_case, kazakh_stems, russian_endings
from crawler.enrich.wordlists import wordlist

RUSSIAN_LETTERS = str.maketrans("әғқңөұүһі", "агкноуухи")
PLAIN_CASE = re.compile(
    r"(?:[ыи]?н?(?:да|де|та|те|ны|ни|ды|ди|ты|ти|нын|нин|дын|дин|тын|тин|га|ге|ка|ке|нан|нен|дан|"
    r"ден|тан|тен|на|не)?|[ыи]|дагы|деги|тагы|теги)\Z"
)
MAY = frozenset({"й", "я", "е", "ю", "ем"})


@dataclass(frozen=True, slots=True)
class Day:
    """A day, a month (no `day`) or a year (no `month`); `year` may be unknown."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def exact(self) -> date | None:
        """The day itself, when all of it is known and it exists."""
        if self.year is None or self.month is None or self.day is None:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None

    @property
    def exists(self) -> bool:
        """Whether there is such a day (29 February counts when the year is unknown)."""
        if self.month is None:
            return True
        return Day(self.year or 2024, self.month, self.day or 1).exact is not None

    def iso(self) -> str:
        """ISO 8601: `2019-06-14`, `2019-06`, `2019`, or `--06-14` without a year."""
        year = f"{self.year:04d}" if self.year is not None else "-"
        rest = [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join((year, *rest))


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


def day_of(when: date) -> Day:
    """A date as a Day."""
    return Day(when.year, when.month, when.day)


def in_year_near(day: Day, published: date, ahead: int) -> Day:
    """The day with the year in which it lies last, but no more than `ahead` days after."""
    for year in (published.year + 1, published.year, published.year - 1):
        guess = Day(year, day.month, day.day)
        when = Day(year, day.month, day.day or 1).exact
        if when is not None and when <= published + timedelta(days=ahead):
            return guess
    return Day(published.year, day.month, day.day)


@cache
def _stems(name: str) -> tuple[tuple[str, int], ...]:
    """(stem, number) of months (from 1) or weekdays (Monday is 0)."""
    first = 1 if name == "months" else 0
    rows: dict[str, int] = {}
    for number, words in enumerate(wordlist("calendar")[name], first):
        for word in words:
            for stem in (*kazakh_stems(word), word.translate(RUSSIAN_LETTERS)):
                rows.setdefault(stem, number)
    return tuple(sorted(rows.items(), key=lambda row: -len(row[0])))


@lru_cache(maxsize=16384)
def month_of(word: str) -> int | None:
    """The month that a word (lower case) names in some case, 1 to 12."""
    for stem, number in _stems("months"):
        if word.startswith(stem):
            ending = word[len(stem) :]
            if stem == "ма":
                return number if ending in MAY else None
            if _is_ending(ending):
                return number
    return None


def _is_ending(ending: str) -> bool:
    return (
        kazakh_case(ending) is not None
        or ending in russian_endings()
        or (len(ending) <= 6 and PLAIN_CASE.match(ending) is not None)
    )


@lru_cache(maxsize=32768)
def weekday_of(word: str) -> int | None:
    """The day of the week that a word (lower case) names, Monday 0."""
    for stem, number in _stems("weekdays"):
        if word.startswith(stem) and _is_ending(word[len(stem) :]):
            return number
    return None


@cache
def relative_days() -> dict[str, int]:
    """Words such as `today`: days from the day of publication."""
    return dict(wordlist("calendar")["relative"])


@cache
def number_words() -> dict[str, int]:
    """Small numbers in words."""
    return dict(wordlist("calendar")["numbers"])
