"""Which Russian names are the doers of what was held: subjects, agents, partners."""

from __future__ import annotations

import re

from crawler.enrich.doers import is_agent, is_supporter
from crawler.enrich.name import ANY, Name
from crawler.enrich.reading import Marked
from crawler.enrich.wordlists import wordlist

# More names or verbs in one article than this are not looked at.
MOST = 80
EARLY = 9
# Between two names of one row.
ROW = re.compile(r"\s{0,4}(?:\w{1,30}\s{0,4})?(?:,\s{0,4})?(?:и|а также|,)\s{1,4}(?:со?\s{1,4})?\Z")
WITH_RUSSIAN = re.compile(
    r"(?:совместно|вместе|в (?:\w{1,30} )?(?:партнерстве|сотрудничестве|содружестве)|сообща)"
    r"\s{1,4}со?\s{1,4}\Z"
)
PEOPLE = (
    r"(?:(?:сотрудник|специалист|библиотекар|работник|коллектив|методист|волонтер)\w{0,30}"
    r"\s{1,4})?"
)
SHARED_LEFT = re.compile(
    r"совместн\w{2,3}\s{1,4}(?:инициатив|проект|акци|мероприяти|работ|усили|программ)\w{1,3}\s{1,4}\Z"
)
INITIATIVE = re.compile(rf"(?:по инициативе|силами|усилиями)\s{{1,4}}{PEOPLE}\Z")
PREPOSITION = re.compile(
    r"\b(?:в|во|на|с|со|при|из|для|по|к|от|у|о|об|за|до|при поддержке)\s{1,4}\Z"
)
BY = re.compile(
    r"\b(?:(?:организован|проведен|подготовлен|инициирован|устроен|разработан|объявлен)\w{0,30}"
    rf"|(?:проводи|организуе|проводил|реализуе)\w{{0,30}}с[ья])\s{{1,4}}{PEOPLE}\Z"
)
# `Провела его библиотекарь ...`: one of its people did it for the library.
HELD_BY_STAFF = re.compile(
    r"\b(?:провел[аи]?|проводил[аи]?|подготовил[аи]?|организовал[аи]?)\s{1,4}(?:[\w«»-]{1,30}\s{1,4}){0,4}?"
    r"(?:библиотекар|сотрудни|специалист|методист|библиограф|работни)\w{0,10}\s{1,4}\Z"
)
WITH_STAFF = re.compile(r"\b(?:с|со|перед|между|над)\s{1,4}\w{1,30}\s{0,4}\Z")


def russian_doers(inside: list[Name], marked: Marked, early: bool) -> list[Name]:
    """The doers among the names of a sentence, and what stands in a row with one of them."""
    doers: list[Name] = []
    for name in inside:
        joint = marked.passage.low[doers[-1].end : name.start] if doers else ""
        in_row = len(joint) < 20 and ROW.match(joint) and name.case != "nominative"
        declined = doers and (doers[-1].case != "nominative" or doers[-1].head.isupper())
        joined = in_row and declined and not is_supporter(name, marked)
        if joined or _does_russian(name, marked, early):
            doers.append(name)
    return doers


def _does_russian(name: Name, marked: Marked, early: bool) -> bool:
    low = marked.passage.low
    before = low[max(0, name.start - 40) : name.start]
    if name.language != "ru" or is_supporter(name, marked):
        return False
    if WITH_RUSSIAN.search(before) or INITIATIVE.search(before) or BY.search(before):
        return True
    if is_agent(name, marked):
        return True
    staff = wordlist("bodies")["staff"]
    if before.rstrip().endswith(tuple(staff["words"])):
        return True
    if before.rstrip().endswith(tuple(staff["by"])) and not WITH_STAFF.search(before):
        return True
    if HELD_BY_STAFF.search(low[max(0, name.start - 80) : name.start]):
        return True
    persons = wordlist("bodies")["staff"]["persons"]
    before_word = before.rsplit(None, 1)[-1] if before.strip() else ""
    if not early or PREPOSITION.search(before) or before_word.startswith(tuple(persons)):
        return False
    return name.case in ("nominative", ANY)


def russian_partners(marked: Marked, rows: list[Name]) -> list[Name]:
    """Russian bodies that something was held with: `прошёл совместно с музеем`."""
    low = marked.passage.low
    found: list[Name] = []
    for cue in marked.tagged("joint")[:MOST]:
        number = marked.passage.sentence_of(cue.start)
        start, end = marked.passage.sentence_span(number)
        if number >= EARLY or not marked.has(start, end, "held", "holding", "organised", "kind"):
            continue
        row: list[Name] = []
        for name in rows:
            if not cue.start < name.start < end or name.language != "ru":
                continue
            before = low[max(0, name.start - 60) : name.start]
            joint = low[row[-1].end : name.start] if row else ""
            if WITH_RUSSIAN.search(before) or SHARED_LEFT.search(before) or ROW.match(joint):
                row.append(name)
        found += row
    return found
