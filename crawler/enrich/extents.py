"""Over how many days an event went, once one of its dates is found."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crawler.enrich.calendar import Day, Mention, day_of, number_words
from crawler.enrich.lexicon import Found
from crawler.enrich.reading import Marked, Reading
from crawler.model import Evidence
from crawler.vocabulary import kinds

LONGEST = 100
NEAR = 3
CONTINUES = re.compile(
    r"\s{0,4}\w{0,30}\s{0,4}(?:дейін|шейін)\s{1,4}(?:жалғас|созыл|өтеді|өтті|жүр)"
    r"|[^.!?\n]{0,40}?\s(?:дейін|шейін)\s{1,4}(?:жалғас|созыл|жүр)|.{0,40}?продолж|.{0,30}?жалғас"
)
LASTED_UNTIL = re.compile(
    r"(?:продолжал\w{0,30}|продлил\w{0,30}|продлится|длил\w{0,30}|шел|шла)\s{1,4}до\s{0,4}\Z"
)
OPEN_UNTIL = re.compile(r"\w{0,30}\s{0,4}(?:дейін|шейін)\s{1,4}(?:жұмыс|ашық|тұрады|көрсет)")
OPEN_UNTIL_LEFT = re.compile(
    r"(?:открыт\w{0,30}|работа\w{1,30}|действ\w{1,30}|продлится|можно)\s{1,4}(?:до|по)\s{0,4}\Z"
)
CLOSING = re.compile(r"аяқталды|мәресіне|қорытындыланды|түйінделді|завершил|завершен")
BEGAN = re.compile(r"баста(?:лған|лды|лып)|ашыл(?:ған|ды)|начал(?:ась|ся|ось)|стартовал|открыл")
BEGUN = re.compile(r"\w{0,30}\s{0,4}(?:басталған|басталып|ашылған|начавш|стартовавш|открывш)")
SECOND_DAY = re.compile(
    r"(?:екінші күні|үшінші күні|ертеңіне|второй день|на следующий день)\W{0,4}(?:яғни\W{0,4})?\Z"
)
SPAN = re.compile(
    r"\b(\w{1,8})[\s-](?:күн(?:ге (?:созыл|жалғас)|дік\b| бойы| қатарынан)|"
    r"дн(?:я|ей) (?:подряд|работал|длил|шел)|дневн)"
    r"|\b(двух|трех|четырех|пяти|шести|семи|десяти)дневн"
    r"|(?:\A|[.!?\n,]\s{0,2}|всего\s|лишь\s)за (\w{1,30}) дн(?:я|ей)(?! до)"
    r"|в течение (\w{1,30}) дней"
)


@dataclass(frozen=True, slots=True)
class Scored:
    """A date of a text and its points as the event's."""

    points: float
    mention: Mention
    marked: Marked


def extent(best: Scored, rows: list[Scored], reading: Reading) -> tuple[Day, Day, Evidence | None]:
    """First and last day of the event at its best date, and the words that tell the other end."""
    first, last = best.mention.first, best.mention.last
    begin = first.exact
    if begin is None or first != last:
        return first, last, None
    for row in rows:
        other = _later(row, begin)
        told = row.marked.evidence("ends", other.start, other.end)
        day = other.last.exact
        if row is best or day is None or abs((day - begin).days) > LONGEST:
            continue
        if day > begin and _goes_on(row, best, begin):
            return first, other.last, told
        if day < begin and _began(row, best):
            return other.first, last, told
    return _by_span(begin, last, reading, _is_closing(best))


def _later(row: Scored, begin: date) -> Mention:
    """The date, in the next year where none was told and it is told to be when all ends."""
    mention, day = row.mention, row.mention.last.exact
    left = row.marked.passage.low[max(0, mention.start - 30) : mention.start]
    until = LASTED_UNTIL.search(left) or OPEN_UNTIL_LEFT.search(left)
    if mention.form != "yearless" or day is None or day >= begin or not until:
        return mention
    last = replace(mention.last, year=day.year + 1)
    return replace(mention, first=last, last=last)


def _goes_on(row: Scored, best: Scored, begin: date) -> bool:
    """Whether a later date says how long the event went on."""
    mention, low = row.mention, row.marked.passage.low
    if mention.first.exact == begin:
        return True
    left, right = low[max(0, mention.start - 30) : mention.start], low[mention.end :][:60]
    if _is_begun(best) and _same_sentence(row, best):
        return True
    near = _near(row, best)
    if near and (CONTINUES.match(right) or LASTED_UNTIL.search(left) or SECOND_DAY.search(left)):
        return True
    shown = OPEN_UNTIL.match(right) or OPEN_UNTIL_LEFT.search(left)
    if not shown:
        return False
    return _leads_with_exhibition(best) or bool(_exhibitions(row) & _exhibitions(best))


def _leads_with_exhibition(best: Scored) -> bool:
    """Whether the first kind of event that the text names is an exhibition, and all of it is."""
    first = best.marked.tagged("kind")[:1]
    groups = {kinds()[found.key].group for found in first}
    return best.marked.passage.where == "text" and groups == {"exhibition"}


def _began(row: Scored, best: Scored) -> bool:
    """Whether an earlier date in the same sentence says when the event began."""
    if _is_closing(best) and _near(row, best):
        end = row.marked.passage.sentence_span(_sentence(row))[1]
        return BEGAN.search(row.marked.passage.low, row.mention.end, end) is not None
    return _is_begun(row) and _same_sentence(row, best)


def _is_closing(best: Scored) -> bool:
    """Whether the sentence of the best date tells of the end of the event."""
    start, end = best.marked.passage.sentence_span(_sentence(best))
    return CLOSING.search(best.marked.passage.low, start, end) is not None


def _is_begun(row: Scored) -> bool:
    return BEGUN.match(row.marked.passage.low, row.mention.end) is not None


def _sentence(row: Scored) -> int:
    return row.marked.passage.sentence_of(row.mention.start)


def _same_sentence(row: Scored, best: Scored) -> bool:
    return row.marked is best.marked and _sentence(row) == _sentence(best)


def _near(row: Scored, best: Scored) -> bool:
    """Whether it stands close by, or in a sentence that names the same kind of event."""
    if row.marked is best.marked and abs(_sentence(row) - _sentence(best)) <= NEAR:
        return True
    return bool({k.key for k in _kinds(row)} & {k.key for k in _kinds(best)})


def _kinds(row: Scored) -> list[Found]:
    start, end = row.marked.passage.sentence_span(_sentence(row))
    return row.marked.within(start, end, "kind")


def _exhibitions(row: Scored) -> set[str]:
    """Whether the sentence of a date tells of an exhibition, which is open for days."""
    return {"exhibition" for found in _kinds(row) if kinds()[found.key].group == "exhibition"}


def _by_span(
    begin: date, last: Day, reading: Reading, closing: bool
) -> tuple[Day, Day, Evidence | None]:
    """The days by their number; a `closing` day is the last of them."""
    marked = reading.text
    for match in SPAN.finditer(marked.passage.low, 0, 2000):
        word = next(group for group in match.groups() if group)
        days = int(word) if word.isdecimal() else number_words().get(word, 0)
        if 1 < days <= 31:
            more = timedelta(days=days - 1)
            first, end = (begin - more, begin) if closing else (begin, begin + more)
            return day_of(first), day_of(end), marked.evidence("ends", *match.span())
    return day_of(begin), last, None
