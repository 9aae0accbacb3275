"""Which of the dates in an article is the event's, and over how many days it went.

Every mention gets points for what stands around it; the best one wins, and other mentions and
words such as `two days long` may put its end later. The weights were set by hand on the
training half of tests/golden/enrich (docs/events.md has the figures).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from crawler.enrich.calendar import Day, Mention, in_year_near, relative_days
from crawler.enrich.extents import Scored, extent
from crawler.enrich.mentions import mentions
from crawler.enrich.reading import Marked, Reading
from crawler.model import Evidence

AHEAD = 45
# Points that days may have less than the month they lie in.
CLOSE = 2.5
UNTIL_RIGHT = re.compile(r"\w{0,30}\s{0,4}(?:дейін|шейін|қарай)\b")
UNTIL_LEFT = re.compile(r"(?:\bдо|\bне позднее)\s{0,4}\Z")
SINCE_RIGHT = re.compile(r"\w{0,30}\s{0,4}(?:бастап|бері)\b")
SINCE_LEFT = re.compile(r"(?:\bс|\bсо|\bначиная с)\s{0,4}\Z")
NOT_EVENT_RIGHT = re.compile(
    r"(?:\s|\w|[-,()]){0,24}?(?:туған|дүниеге|қайтыс|қабылданған|жарық көр|шыққан|құрылған|"
    r"жылдығ|жылдық|родил|исполн|умер|принят|основан|издан|расстрел|столети|жарияланған)"
)
DAY_OF_RIGHT = re.compile(r"\s{0,4}[-–—]\s{0,4}[^.\n]{0,60}?(?:күні\b|мерекесі\b|день\b)")
HOLIDAY_RIGHT = re.compile(
    r"\s{0,4}[-–—]?\s{0,4}(?:[^\s.,]{1,30}\s{1,4}){0,5}?(?:күн|мереке|мейрам)\w{0,5}\s{1,4}(?:\w{1,30}\s{1,4})?"
    r"(?:орай|аясында|қарсаңында|құрметіне|арналған|байланысты)"
)
# `On the eve of 9 May`; `..., which is kept on 1 October`; `to the Day of ... (7 May)`.
EVE_LEFT = re.compile(r"(?:накануне|в преддверии|в канун|к|ко)\s{1,4}\Z")
# An order or a law has a day and a number.
NUMBER_RIGHT = re.compile(r"(?:\s{0,2}(?:года|г\.))?\s{0,2}№\s?\d")
DOCUMENT_LEFT = re.compile(
    r"(?:приказ|постановлен|распоряжен|указ|закон|решени|утвержд)\w{0,6}\s{1,4}(?:[\w-]{1,30}\s{1,4}){0,4}"
    r"(?:от\s{1,4})?\Z"
)
HOLIDAY_LEFT = re.compile(
    r"котор\w{2,3}\s{1,4}(?:[\w-]{1,30}\s{1,4}){0,6}(?:отмеча|отмети|праздну)\w{1,8}\s{1,4}\Z"
    r"|(?:\bдню|\bдня|\bкүні|\bкүніне)\s{1,4}(?:[\w-]{1,30}\s{1,4}){0,4}\(\Z"
)
# Set against what was once, `today` is nowadays.
NOWADAYS = re.compile(
    r"\b(?:тогда|раньше|прежде|когда-то|некогда|бұрын|кезінде|ол кезде)\b"
    r"[^.!?\n]{0,120}(?:сегодня|бүгін)\Z"
)
THAT_DAY = re.compile(r"(?:в этот|в тот же|в этот же) день|(?:осы|сол|бұл|дәл осы) күн")
WHOLE_COUNTRY = re.compile(r"(?:страна|стране|еліміз|бүкіл ел|елімізде|весь мир)")


@dataclass(frozen=True, slots=True)
class When:
    """The days of the event and how sure they are, with the words they were read from."""

    starts: str | None = None
    ends: str | None = None
    confidence: float = 0.0
    evidence: tuple[Evidence, ...] = ()


def when_of(reading: Reading, published: date | None) -> When:
    """The event's days; `published` is the day of publication where the article was made."""
    rows = [
        Scored(_points(mention, marked, published), _dated(mention, marked, published), marked)
        for marked in reading.both
        for mention in mentions(marked.passage, published)
    ]
    best = max(rows, key=lambda row: row.points, default=None)
    if best is None or best.points < 0:
        return When()
    best = _within_month(best, rows)
    first, last, more = extent(best, rows, reading)
    proof = [best.marked.evidence("starts", best.mention.start, best.mention.end)]
    proof.append(more or replace(proof[0], fact="ends"))
    return When(first.iso(), last.iso(), _confidence(best, rows), tuple(proof))


def _within_month(best: Scored, rows: list[Scored]) -> Scored:
    """Where only a month is told best: the days of it, or from then on, that are told well, too."""
    month = best.mention.first
    if best.mention.form != "month" or best.mention.first != best.mention.last:
        return best
    spans = [
        row
        for row in rows
        if row.mention.first != row.mention.last
        and row.mention.first.exact
        and row.points >= max(0.0, best.points - CLOSE)
        and (row.mention.first.year, row.mention.first.month) >= (month.year, month.month)
    ]
    return max(spans, key=lambda row: row.points, default=best)


def _dated(mention: Mention, marked: Marked, published: date | None) -> Mention:
    """The mention with its year, when the day of publication tells it."""
    if published is None or mention.first.year is not None or mention.first.month is None:
        return mention
    ahead = AHEAD if not _is_future(mention, marked) else 300
    last = in_year_near(mention.last, published, ahead)
    first = replace(mention.first, year=last.year)
    if first.month and last.month and first.month > last.month and first.year:
        first = replace(first, year=first.year - 1)
    return replace(mention, first=first, last=last)


def _sentence(mention: Mention, marked: Marked) -> tuple[int, int, int]:
    number = marked.passage.sentence_of(mention.start)
    return (number, *marked.passage.sentence_span(number))


def _is_future(mention: Mention, marked: Marked) -> bool:
    _, start, end = _sentence(mention, marked)
    return marked.has(start, end, "future") and not marked.has(start, end, "held", "holding")


FORM_POINTS = {
    "month": -2.0,
    "week": -2.0,
    "year": -3.5,
    "weekday": -1.5,
    "relative": 0.5,
    "full": 0.5,
}


def _points(mention: Mention, marked: Marked, published: date | None) -> float:
    number, start, end = _sentence(mention, marked)
    points = FORM_POINTS.get(mention.form, 0.0)
    points += 2.5 if marked.passage.where == "title" else max(0.0, 2.0 - 0.4 * number)
    points += 1.5 if marked.has(start, end, "held", "holding") else 0.0
    points += 1.0 if marked.has(start, end, "kind", "occasion") else 0.0
    points -= 1.5 if _is_future(mention, marked) else 0.0
    points += _around(mention, marked)
    points += _far(mention, marked, published)
    if mention.form == "relative":
        points -= _not_today(mention, marked, start, end)
    return points


def _around(mention: Mention, marked: Marked) -> float:
    """Points, mostly lost, for the words next to a date."""
    low = marked.passage.low
    left = low[max(0, mention.start - 40) : mention.start]
    right = low[mention.end : mention.end + 90]
    points = 0.0
    single = mention.first == mention.last
    if single and (UNTIL_RIGHT.match(right) or UNTIL_LEFT.search(left)):
        points -= 4.0
    if single and (SINCE_RIGHT.match(right) or SINCE_LEFT.search(left)):
        points -= 2.5
    if NOT_EVENT_RIGHT.match(right):
        points -= 1.0 if _is_that_day(mention, marked) else 3.0
    if HOLIDAY_RIGHT.match(right):
        points -= 2.0
    if DAY_OF_RIGHT.match(right) or WHOLE_COUNTRY.match(right.lstrip()):
        points -= 1.0
    if marked.passage.in_quotes(mention.start) and marked.passage.in_quotes(mention.end - 1):
        points -= 2.0
    if _is_of_document(mention, low):
        points -= 3.0
    if EVE_LEFT.search(left) or HOLIDAY_LEFT.search(left):
        points -= 3.0
    return points


def _is_of_document(mention: Mention, low: str) -> bool:
    """Whether it is the day of an order or a law: `приказом от 27 сентября № 41`."""
    before = low[max(0, mention.start - 80) : mention.start]
    if DOCUMENT_LEFT.search(before):
        return True
    dated = before.endswith(" от ") or low[: mention.end].endswith(("ғы", "гі"))
    return dated and NUMBER_RIGHT.match(low, mention.end) is not None


def _is_that_day(mention: Mention, marked: Marked) -> bool:
    """Whether the next sentence says that something was held on that day."""
    passage = marked.passage
    after = passage.sentence_of(mention.start) + 1
    if after >= len(passage.sentences):
        return False
    start, end = passage.sentence_span(after)
    return bool(THAT_DAY.match(passage.low, start)) and marked.has(start, end, "held", "kind")


def _far(mention: Mention, marked: Marked, published: date | None) -> float:
    """Points for how near to its publication a day lies."""
    if published is None:
        return 0.0
    dated = _dated(mention, marked, published)
    day = dated.last
    when = Day(day.year, day.month or 6, day.day or 15).exact
    if when is None:
        return 0.0
    gap = 0 if _spans(dated, published) else (published - when).days
    if gap > 400 or gap < -400:
        return -3.5
    if gap > 120:
        return -2.0
    return 0.7 if -1 <= gap <= 40 else -0.5


def _spans(dated: Mention, published: date) -> bool:
    """Whether something was going on at publication."""
    first, last = dated.first.exact, dated.last.exact
    return first is not None and last is not None and first <= published <= last


def _not_today(mention: Mention, marked: Marked, start: int, end: int) -> float:
    """`Today` often means nowadays: it counts with a word of something held."""
    if marked.passage.in_quotes(mention.start) or NOWADAYS.search(
        marked.passage.low, start, mention.end
    ):
        return 4.0
    if marked.has(start, end, "held", "holding", "kind"):
        return 0.0
    # `Today` may be nowadays, `yesterday` hardly.
    word = marked.passage.low[mention.start : mention.end]
    return 4.0 if relative_days().get(word) == 0 else 1.5


CONFIDENCE = {"full": 0.95, "this-year": 0.95, "relative": 0.85, "weekday": 0.6, "yearless": 0.85}


def _confidence(best: Scored, rows: list[Scored]) -> float:
    sure = CONFIDENCE.get(best.mention.form, 0.5)
    if best.mention.first.year is None:
        sure = 0.6
    rivals = [
        row.points
        for row in rows
        if row.mention.first != best.mention.first and row.mention.form not in ("year", "month")
    ]
    if rivals and best.points - max(rivals) < 1.0:
        sure -= 0.2
    return round(sure if best.points >= 2 else sure - 0.2, 2)
