"""How many people took part, and whether they met online."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from crawler.enrich.calendar import month_of
from crawler.enrich.crowds import people_counted, people_summed, some_of_them, took_part, value_of
from crawler.enrich.reading import Marked, Reading
from crawler.enrich.wordlists import wordlist
from crawler.model import Evidence

LIMIT = 6000
MOST = 60
MOST_PEOPLE = 1_000_000
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
# What the people did, told beside their number: a Russian past tense, or a Kazakh one after them.
DONE_BY = re.compile(
    r"\b[^\W\d]{2,20}(?:ли|лись|ло|лось|лся)\s{1,4}"
    r"(?:(?:до|около|более|свыше|почти|порядка|всего|уже|сразу|целых|и|по)\s{1,4}){0,2}\Z"
    r"|\b(?:всего|барлығы|жиыны)\s{1,4}\Z|:\s{1,2}\Z"
)
DID = re.compile(
    r"\s{1,4}(?:[^\W\d]{1,30}\s{1,4}){0,3}?(?!кітап)[^\W\d]{2,20}(?:[дт][ыі]|[аеыіуүй]п)(?![^\W\d])"
    r"|\s{1,4}(?:[^\W\d]{1,30}\s{1,4}){0,3}?[^\W\d]{2,20}(?:ли|лись)(?![^\W\d])"
)
LISTED = re.compile(r"\d{1,4}\s[^\W\d]{3,20},\s\Z")
LAST_YEAR = re.compile(r"былтыр|өткен жыл|алдыңғы жыл|в прошлом году|прошлогодн|годом ранее")
# An event is told beside those of so many years before.
SERIES = 10
SCHOOLS = ("мектеп", "колледж", "университет", "балабақша", "гимназия", "лицей")
MANY = 30
YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
AND_MORE = re.compile(r"\s{1,4}(?:и|мен|пен|бен|және|да)\s{1,4}")
# A sentence of figures sums up: `14 children, 6 days, 1,040 km.`
FIGURES = re.compile(r"\w{0,30}\s{0,2}(?:,|[–—-])\s{0,2}(?:\d|он\s|жиырма\s|отыз\s)")


def participants_of(reading: Reading, year: str | None = None) -> tuple[int, Evidence] | None:
    """The number of people told, with its words; the first that is said to have taken part.

    `year` is that of the event: people counted in another are not its own.
    """
    marked = reading.text
    direct = people_summed().search(marked.passage.low, 0, LIMIT)
    if direct:
        return value_of(direct[1]), marked.evidence("participants", *direct.span())
    rows = [m for m in _counts(marked) if not _is_past(marked, m, year)]
    told = next((m for m in rows if _is_told(marked, m)), None)
    told = told or next((m for m in rows if _did(marked, m)), None)
    return _summed(marked, told) if told else None


def _counts(marked: Marked) -> Iterator[re.Match[str]]:
    """Numbers of people that are neither a part of others nor of something else."""
    low = marked.passage.low
    for match in itertools.islice(_numbers(low), MOST):
        number = value_of(match[1])
        least = 1 if any(c.isdigit() for c in match[1]) else LEAST_IN_WORDS
        fits = least <= number <= MOST_PEOPLE
        if fits and not _is_part(low, match) and not _counts_others(match):
            yield match


def _numbers(low: str) -> Iterator[re.Match[str]]:
    """Numbers before people; also one inside another's words: `17 өңірден жүзден астам адам`."""
    start = 0
    while match := people_counted().search(low, start, LIMIT):
        yield match
        start = match.end(1) if _counts_others(match) else match.end()


def _is_told(marked: Marked, match: re.Match[str]) -> bool:
    """Whether a word of taking part stands in the sentence, or it is one of figures."""
    low = marked.passage.low
    start, end = marked.passage.sentence_span(marked.passage.sentence_of(match.start()))
    before = low[max(start, match.start() - 40) : match.start()]
    if (len(before) < 2 or LISTED.search(before)) and FIGURES.match(low, match.end()):
        return True
    if some_of_them().search(low, start, match.start()):
        return False
    if took_part().search(low, start, match.end(1)):
        return True
    return took_part().search(low, match.start(1), min(end, match.end() + 400)) is not None


def _did(marked: Marked, match: re.Match[str]) -> bool:
    """Whether the people are the doers of what was done: `сражались 38 школьников`."""
    low = marked.passage.low
    start, end = marked.passage.sentence_span(marked.passage.sentence_of(match.start()))
    if some_of_them().search(low, start, end):
        return False
    before = low[max(start, match.start() - 40) : match.start()]
    return DONE_BY.search(before) is not None or (
        DID.match(low[_word_end(low, match) : min(end, match.end() + 80)]) is not None
    )


def _is_past(marked: Marked, match: re.Match[str], year: str | None) -> bool:
    """Whether the people came another year."""
    start = marked.passage.sentence_span(marked.passage.sentence_of(match.start()))[0]
    before = marked.passage.low[start : match.start()]
    if LAST_YEAR.search(before):
        return True
    told = YEARS.findall(before)
    if year is None or year in told:
        return False
    return any(0 < int(year) - int(one) <= SERIES for one in told)


def _summed(marked: Marked, match: re.Match[str]) -> tuple[int, Evidence]:
    """The number, and a second one that `and` joins to it: `18 детей и 9 взрослых`."""
    low, number, end = marked.passage.low, value_of(match[1]), match.end()
    after = AND_MORE.match(low, _word_end(low, match))
    more = people_counted().match(low, after.end()) if after else None
    if more is not None and any(c.isdigit() for c in more[1]):
        number, end = number + value_of(more[1]), more.end()
    return number, marked.evidence("participants", match.start(), end)


def _is_part(low: str, match: re.Match[str]) -> bool:
    """Whether only some of the people are counted: `14 guests among them`."""
    before = low[max(0, match.start() - 24) : match.start()]
    after = PART_RIGHT.match(low, _word_end(low, match))
    return after is not None or PART_LEFT.search(before) is not None


def _counts_others(match: re.Match[str]) -> bool:
    """Whether the number counts what the people come from: `pupils of 3 classes`."""
    between = match[0][len(match[1]) :].split()[:-1]
    # In Russian the word for ten means `he`.
    if match[1] == "он" and between:
        return True
    # `бірінші сынып оқушысы` is one pupil, not the pupils of so many classes.
    if between and between[0].endswith(ORDINAL):
        between = between[2:]
    others = tuple(wordlist("attendance")["others"])
    # `школьных библиотекарей` are librarians; so many schools as `93 мектеп` send no pupils.
    between = [word for word in between if not word.endswith(("ых", "их"))]
    if value_of(match[1]) > MANY:
        between = [word for word in between if word not in SCHOOLS]
    if any(took_part().match(word) for word in between):
        return True
    return any(word.startswith(others) or month_of(word) is not None for word in between)


def _word_end(low: str, match: re.Match[str]) -> int:
    end = match.end()
    while end < len(low) and low[end].isalpha():
        end += 1
    return end


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
