"""Days of a month in words: `он бесінші қараша`, `мамырдың он төрті`, `третьего мая`."""

from __future__ import annotations

import re

from crawler.enrich.passage import Token
from crawler.enrich.wordlists import wordlist

WORDS_LEFT = re.compile(r"(?<!\w)(?:([^\W\d_]{2,12})\s{1,4})?([^\W\d_]{4,14})\s{1,4}\Z")
WORDS_RIGHT = re.compile(
    r"\s{1,4}(?:айының\s{1,4})?(?:(он|жиырма|отыз)\s{1,4})?([^\W\d_]{3,14})(?:(\s{1,4}(?:күні|жұлдыз)\w{0,8})|(?!\w))"
)
DAY_CASES = ("", "нде", "нда", "не", "на", "нен", "нан")
# `с первого по пятое`, `бірінші мен бесінші`.
RANGE_LEFT = re.compile(
    r"(?<!\w)(?:с\s{1,2})?(?:(он|жиырма|отыз|двадцать|тридцать)\s)?([^\W\d_]{4,14})\s(?:по|и|мен|пен|бен|және)\s"
    r"(?:(он|жиырма|отыз|двадцать|тридцать)\s)?([^\W\d_]{4,14})\s{1,4}\Z"
)
FIRST_LEFT = re.compile(r"\bпервый день\s{1,4}\Z")


def day_before(left: str, token: Token, right: str) -> tuple[list[int], int]:
    """A day told in words before its month: `он бесінші қараша`, `двадцать третьего мая`."""
    first = FIRST_LEFT.search(left)
    if first is not None:
        return [1], token.start - len(left) + first.start()
    match = WORDS_LEFT.search(left)
    table = wordlist("calendar")
    span = RANGE_LEFT.search(left)
    if span is not None and (days := _span(span)):
        return days, token.start - len(left) + span.start()
    last = table["ordinals"].get(match[2]) if match else None
    if match is None or last is None:
        return [], token.start
    tens = table["tens"].get(match[1] or "", 0) if last < 10 else 0
    # The word for June is that for a season, too: `the second season`.
    if token.word.startswith("маусым") and not (tens or right.startswith((" күні", " жұлдыз"))):
        return [], token.start
    if tens + last > 31:
        return [], token.start
    return [tens + last], token.start - len(left) + match.start(1 if tens else 2)


def _span(match: re.Match[str]) -> list[int]:
    """Two days told with their tens, the first before the second; none where they are no days."""
    table = wordlist("calendar")
    days = []
    for tens, unit in ((match[1], match[2]), (match[3], match[4])):
        told = table["ordinals"].get(unit)
        if told is None:
            return []
        days.append(told + (table["tens"].get(tens or "", 0) if told < 10 else 0))
    return days if days[0] < days[1] <= 31 else []


def day_after(right: str, token: Token) -> tuple[list[int], int]:
    """A day in words after its month: `мамырдың он төртінде`, `алғашқы күні`."""
    match = WORDS_RIGHT.match(right)
    if match is None:
        return [], token.end
    table = wordlist("calendar")
    tens = table["tens"].get(match[1], 0) if match[1] else 0
    told = match[2]
    last = table["ordinals"].get(told) if match[3] else None
    if last is None:
        last = next((n for stem, n in table["days"].items() if _is_day(told, stem)), None)
    if last is None or (tens and last > 9) or tens + last > 31:
        return [], token.end
    return [tens + last], token.end + match.end()


def _is_day(told: str, stem: str) -> bool:
    """Whether a word is a number with the ending of what belongs to a month, in some case."""
    return told.startswith(stem) and told[len(stem) :] in DAY_CASES
