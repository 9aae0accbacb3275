"""How many people took part, and whether they met online."""

from __future__ import annotations

import itertools
import re
from functools import cache

from crawler.enrich.calendar import month_of
from crawler.enrich.reading import Marked, Reading
from crawler.enrich.wordlists import wordlist
from crawler.model import Evidence

LIMIT = 6000
MOST = 60
MOST_PEOPLE = 1_000_000
DIGITS = r"\d{1,3}(?:[ \u00a0]\d{3}){1,3}|\d{1,6}"
# The number is a part of the people, or of others.
PART_LEFT = re.compile(
    r"(?:в том числе|включая|из них|из которых|среди них|в их числе|оның ішінде|соның ішінде|"
    r"олардың ішінде|оның|олардың|\bәр(?:бір)? [^\W\d]{1,30}|\bпо|№|ещ[её]|тағы(?: да)?|кітаптан)"
    r"\s{0,4}[:–—-]?\s{0,4}\Z"
)
PART_RIGHT = re.compile(r"\s{0,4}(?:[^\W\d]{1,30}\s{1,4}){0,2}?(?:қоса\b|қосқанда)")
# A small number in words is often a part, or means no number at all.
LEAST_IN_WORDS = 10
ORDINAL = ("інші", "ыншы", "нші", "ншы")
# A sentence of figures sums up: `14 children, 6 days, 1,040 km.`
FIGURES = re.compile(r"\w{0,30}\s{0,2}(?:,|[–—-])\s{0,2}(?:\d|он\s|жиырма\s|отыз\s)")


def participants_of(reading: Reading) -> tuple[int, Evidence] | None:
    """The number of people told, with its words; the first that is said to have taken part."""
    marked = reading.text
    low = marked.passage.low
    direct = _direct().search(low, 0, LIMIT)
    if direct:
        number = _number(direct[1])
        return number, marked.evidence("participants", *direct.span())
    for match in itertools.islice(_count().finditer(low, 0, LIMIT), MOST):
        start, end = marked.passage.sentence_span(marked.passage.sentence_of(match.start()))
        number = _number(match[1])
        least = 1 if any(c.isdigit() for c in match[1]) else LEAST_IN_WORDS
        if not least <= number <= MOST_PEOPLE or _is_part(low, match) or _counts_others(match):
            continue
        summed = match.start() - start < 2 and FIGURES.match(low, match.end())
        if summed or _took_part().search(low, start, min(end, match.end() + 400)):
            return number, marked.evidence("participants", *match.span())
    return None


def _is_part(low: str, match: re.Match[str]) -> bool:
    """Whether only some of the people are counted: `14 guests among them`."""
    before = low[max(0, match.start() - 24) : match.start()]
    after = PART_RIGHT.match(low, _word_end(low, match))
    return after is not None or PART_LEFT.search(before) is not None


def _counts_others(match: re.Match[str]) -> bool:
    """Whether the number counts what the people come from: `pupils of 3 classes`."""
    between = match[0][len(match[1]) :].split()[:-1]
    # `бірінші сынып оқушысы` is one pupil, not the pupils of so many classes.
    if between and between[0].endswith(ORDINAL):
        between = between[2:]
    others = tuple(wordlist("attendance")["others"])
    if any(_took_part().match(word) for word in between):
        return True
    return any(word.startswith(others) or month_of(word) is not None for word in between)


def _word_end(low: str, match: re.Match[str]) -> int:
    end = match.end()
    while end < len(low) and low[end].isalpha():
        end += 1
    return end


@cache
def _words() -> tuple[re.Pattern[str], dict[str, int]]:
    """Numbers in words: what matches one word of them, and their values."""
    told: dict[str, int] = dict(wordlist("attendance")["numbers"])
    longest = sorted(told, key=len, reverse=True)
    return re.compile("|".join(longest)), told


@cache
def _number_pattern() -> str:
    word = rf"(?:{_words()[0].pattern})"
    return rf"((?:{DIGITS})(?:\s(?:мың|тыс(?:яч)?\w{{0,30}}\.?))?|\b{word}(?: {word}){{0,3}})"


@cache
def _count() -> re.Pattern[str]:
    table = wordlist("attendance")
    rounding = "|".join(table["rounding"])
    people = "|".join(table["people"])
    number = _number_pattern()
    return re.compile(
        rf"(?<![\d.,№-]){number}(?:[- ]?(?:{rounding}))?"
        r"(?!\s{1,4}жас(?:қа|та|ар|ын|\s{1,4}ара))"
        rf"\s{{1,4}}(?:[^\W\d]{{1,30}}\s{{1,4}}){{0,3}}?(?:{people})"
    )


@cache
def _direct() -> re.Pattern[str]:
    phrases = "|".join(wordlist("attendance")["direct"])
    return re.compile(rf"(?:{phrases})\W{{1,4}}(?:(?:более|свыше|около) )?{_number_pattern()}")


@cache
def _took_part() -> re.Pattern[str]:
    return re.compile("|".join(wordlist("attendance")["took_part"]))


def _number(text: str) -> int:
    """The value of `1 274`, `2 мың`, `двадцать семь`, `екі жүз`."""
    digits = re.sub(r"\D", "", text)
    if digits:
        return int(digits) * (1000 if re.search(r"мың|тыс", text) else 1)
    total = 0
    for word in text.split():
        value = _words()[1].get(word, 0)
        total = max(1, total) * value if value in (100, 1000) and total < value else total + value
    return total


def online_of(reading: Reading, anywhere: bool) -> tuple[bool | None, Evidence | None]:
    """Whether it was held online, in a room at once or not, with the words that say so.

    `anywhere` is whether a venue or a library is named: without, nobody knows.
    """
    for marked in reading.both:
        for found in marked.tagged("online"):
            number = marked.passage.sentence_of(found.start)
            if number < 4 and not _only_named(marked, found.start):
                return True, marked.evidence("online", found.start, found.end)
    return (False, None) if anywhere else (None, None)


def _only_named(marked: Marked, offset: int) -> bool:
    """Whether the word is part of a title of something else."""
    low = marked.passage.low
    return marked.passage.in_quotes(offset) and "zoom" not in low[offset : offset + 6]
