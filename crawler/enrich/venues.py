"""Where in a town an event took place: the room, house or square that the text names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from crawler.enrich.endings import NOMINATIVE
from crawler.enrich.kazakh_names import kazakh_base
from crawler.enrich.name import Name
from crawler.enrich.occasions import When
from crawler.enrich.passage import QUOTES
from crawler.enrich.reading import Marked, Reading
from crawler.enrich.wordlists import wordlist
from crawler.model import Evidence

AT_RUSSIAN = re.compile(
    r"(?:\bв|\bво|\bна|\b(?:в|на) (?:базе|площадке|стенах|здании|помещении|территории|окнах)|"
    r"\bпод сводами)\s{1,4}\Z"
)
PLACE_TOLD = re.compile(
    r"(?:өткізілген орны|өткен жері|өткен орны|жиналған жер\w{0,30}|өтетін орны|место проведения|"
    r"(?:\A|[\n.;!?])\s{0,4}(?:қайда|орны|өтетін жері|где|место|локация|адрес|мекенжайы))"
    r"\s{0,4}[:–—-]\s{0,4}(?:[^\n:;]{0,60},\s{0,4})?\Z"
)
# A place that takes people in is told as the doer.
TOOK_IN = re.compile(
    r"\s{1,4}(?:(?:\w{1,30}\s{1,4}){0,5}тол(?:ды|ып)|қонақтарды\s{1,4}қарсы|қонақтарға\s{1,4}есі|"
    r"(?:наполнил|превратил|превращал)[аои]?с[ья]|"
    r"(?:\w{1,30}\s{1,4}){0,2}есі(?:гін|ктерін)\s{1,4}(?:\w{1,30}\s{1,4})?(?:аш|айқара)|"
    r"(?:\w{1,30}\s{1,4}){0,2}(?:пайдалануға|іске)\s{1,4}берілді|"
    r"(?:,[^,.\n]{1,40},\s{1,4})?на\s{1,4}(?:один\s{1,4})?(?:день|вечер|час|неделю)\s{1,4}"
    r"(?:стал|превратил|преобразил)|"
    r"стал[аои]?\s{1,4}(?:местом|площадкой|центром|сценой)|распахнул|"
    r"(?:принял|принимал|встретил|встречал|собрал)[аои]?\s{1,4}(?:гост|участник|всех|юных|читател|ценител))"
)
TOOK_IN_LEFT = re.compile(
    r"распахнул[аои]?\s{1,4}(?:свои\s{1,4})?двери\s{1,4}(?:[\w-]{1,30}\s{1,4}){0,1}\Z|"
    r"(?:конкурс|турнир|фестиваль|форум|вечер|участников|гостей|ребят)\s{1,4}(?:принял|принимал|приютил)[аои]?\s{1,4}\Z|"
    r"(?:принял|принимал|встретил|встречал)[аои]?\s{1,4}(?:гост\w{1,30}|участник\w{1,30})\s{1,4}\Z"
)
WHERE_AFTER = re.compile(r"\s{0,4},\s{0,4}где\b")
# `... said at the library`: news came from there, no more.
SAID_AT = re.compile(
    r"(?:сообщ|рассказ|уточн|подчеркн|поясн)\w{0,30}\s{1,4}(?:\w{1,30}\s{1,4}){0,3}(?:в|во)"
    r"\s{1,4}\Z|(?:превра[тщ]|преобраз|похож|переехал|переезж|уход|отправ)\w{0,30}\s{1,4}(?:в|во|на)\s{1,4}\Z"
)
EXCURSION = re.compile(r"\s{1,4}(?:на экскурсию|с экскурсией|на встречу|на урок)\b")
# Where somebody studies, was born or is kept is no venue.
STUDIES = re.compile(
    r"\s{1,4}(?:[\w-]{1,40}\s{1,4}){0,2}(?:оқитын|оқиды|оқып|оқыған|білім ал|туып|туған"
    r"|қызмет ет(?:е|кен)|сақта(?:л|улы)|дәріс бер|еңбек ет(?:е|кен))"
)
STUDIES_LEFT = re.compile(
    r"(?:уч(?:ится|атся|ился|илась|ились)|обуча\w{1,8}|преподава\w{1,8}|хран(?:ится|ятся|ящ\w{1,6})"
    r"|родил(?:ся|ась)|служил[аи]?|трудил(?:ся|ась|ись))\s{1,4}(?:\w{1,30}\s{1,4}){0,2}(?:в|во)\s{1,4}\Z"
)
# Of a street only its number is told: an address is no house.
ADDRESS = re.compile(
    r"(?:что на|адресу|адрес:|расположен\w{0,30} (?:на|по)|находится на|на углу)\s{1,4}\Z"
)
NUMBERED = re.compile(r"\s{0,4},\s{0,4}(?:д(?:ом)?\.?\s{0,4})?\d")
STREETS = ("улица", "проспект", "бульвар", "көше", "даңғыл")
# A part of a house or a park that is told after it: `at the bank by the park`.
PARTS = re.compile(
    r"[»”\"]?\s{1,4}(?:[\w-]{1,30}\s{1,4}){0,2}(?:тобы|қабаты|төрі|жағасы|жағалауы|кіреберісі|"
    r"баспалдағы|сыныбы|бұрышы|қанаты|корпусы|сахнасы|шатыры|аллеясы|ауласы|алаңы|фойесі)н(?:да|де)(?!\w)"
)
DOORS = re.compile(
    r"[»”\"]?\s{1,4}(?:\w{1,30}\s{1,4}){0,2}(?:есігі|есіктері|лентасы)\s{1,4}(?:\w{1,30}\s{1,4})?"
    r"(?:ашыл|қиыл)"
)
EVERY = re.compile(r"\bсайын\b|\bкажд(?:ый|ую|ое)\b")
DAY_BY_NUMBER = re.compile(
    r"\b(?:(?:бірінші|алғашқы|екінші|соңғы) күн|(?:первый|второй|последний) день)"
)
DEPARTMENTS = ("отдел", "сектор", "бөлім", "кафедра")
ALONE = 4
LIBRARIES = ("кітапхана", "библиотека", "зал", "абонемент", "фойе", "филиал")
GATHERED = re.compile(
    r"\s{1,4}(?:[\w-]{1,40}\s{1,4}){0,3}(?:жинал|шақырыл|бас қос|қонаққа|бар(?:ды|дық|ып|ған)"
    r"|келдік)|\s{1,4}(?:[\w-]{1,40}\s{1,4}){0,2}(?:саяхат|сапар|экскурсия)\w{0,6}\s{1,4}"
    r"(?:жаса|шық|ұйымдастыр)"
    r"|\s{1,4}(?:[\w-]{1,40}\s{1,4}){0,6}"
    r"(?:кел(?:ген|іп) (?:жұрт|қонақ|оқырман|бала|көрермен)|барғандар|келгендер)"
)
WALKED_THROUGH = re.compile(r"\s{1,4}(?:[\w-]{1,40}\s{1,4}){0,2}арала(?:ды|п|дық)")
VISITED = re.compile(
    r"(?:побывал\w{0,30}\s{1,4}(?:с экскурсией\s{1,4})?в|посетил\w{0,30}|в гост[яи]х?\s{1,4}[ку]"
    r"\s{1,4}(?:\w{1,30}\s{1,4}){0,3}"
    r"|(?:пришли|приехали|отправились)\s{1,4}к\s{1,4}(?:\w{1,30}\s{1,4}){1,2})\s{0,4}\Z"
)
STAGE_LEFT = re.compile(
    r"(?:площадкой|местом|сценой)\s{1,4}(?:[\w-]{1,40}\s{1,4}){0,4}(?:стал[аои]?|послужил[аои]?)\s{1,4}\Z"
)
PLURAL_KAZAKH = ("лар", "лер", "дар", "дер", "тар", "тер")
PLURAL_RUSSIAN = ("ах", "ях")
MONUMENTS = (
    "мемориал", "памятник", "монумент", "обелиск", "стела", "вечный огонь", "мавзолей", "фонтан",
)  # fmt: skip
AT_MONUMENT = re.compile(
    r"\b(?:у|возле|около|перед|(?:у|под) (?:стен\w{0,3}|подножи\w{0,2}))\s{1,4}\Z"
    r"|(?:возлож|возлаг)\w{1,10}\s{1,4}(?:\w{1,30}\s{1,4}){0,2}(?:к|у)\s{1,4}\Z"
)
PLATFORMS = ("платформа", "парақша")
ON_THE_NET = re.compile(
    r"zoom|зум|instagram|инстаграм|facebook|фейсбук|youtube|ютуб|tiktok|тик-?ток|telegram|телеграм"
    r"|whatsapp|ватсап|teams|google meet|webex",
    re.IGNORECASE,
)
BESIDE = re.compile(r"\s{1,4}(?:алдында|маңында|жанында|баурайында|етегінде)\b")
BY_MEANS = re.compile(r"\s{0,4}арқылы")
ENOUGH = 3.8
# A place told by the way is the venue where no other is told.
POSSIBLE = 1.8
OUTDOORS = ("площадь", "парк", "сквер", "двор", "саябақ", "аула", "алаң", "набережная", "жағалау")
BASES = ("база", "қабырға")


@dataclass(frozen=True, slots=True)
class Venue:
    """A venue in base form, the passage's words it was read from, and the points it got."""

    text: str
    evidence: Evidence
    name: Name
    points: float


@cache
def _houseless() -> frozenset[str]:
    table = wordlist("bodies")
    return frozenset((*table["kk"]["houseless"], *table["ru"]["houseless"]))


def venue_of(
    reading: Reading, named: Mapping[str, list[Name]], when: When, main: str | None
) -> Venue | None:
    """The venue that the text tells of, or None; `named` are its names, `main` its main kind."""
    day = next((e for e in when.evidence if e.fact == "starts"), None)
    found = [
        Venue(_plain(name), marked.evidence("venue", name.start, name.end), name, points)
        for marked in reading.both
        for name in named[marked.passage.where]
        if (name.is_proper or name.head in (*OUTDOORS, *MONUMENTS))
        and name.head not in PLATFORMS
        and not ON_THE_NET.search(name.text)
        and name.head not in _houseless()
        and (points := _points(name, marked, day, main)) > POSSIBLE
    ]
    sure = [venue for venue in found if venue.points >= ENOUGH]
    best = max(sure or found, key=lambda venue: venue.points, default=None)
    return best and _with_next(best, found, reading)


def _with_next(best: Venue, found: list[Venue], reading: Reading) -> Venue:
    """A system and the library of it that follow each other are told together."""
    text = reading.text.passage.text
    for one, two in itertools.pairwise(found):
        joint = text[one.evidence.end : two.evidence.start]
        close = one.evidence.where == two.evidence.where == "text" and joint == " "
        if close and best in (one, two):
            e = one.evidence
            words = text[e.start : two.evidence.end]
            whole = Evidence("venue", e.where, e.start, two.evidence.end, words)
            return Venue(f"{one.text}, {two.text}", whole, two.name, best.points)
    return best


def _points(name: Name, marked: Marked, day: Evidence | None, main: str | None) -> float:
    at = _is_at(name, marked)
    if not at or _is_of_many(name, marked):
        return 0.0
    passage = marked.passage
    number = passage.sentence_of(name.start)
    points = at + (0.5 if passage.where == "title" else max(0.0, 2.0 - 0.5 * number))
    if not name.is_proper:
        points -= 0.5
    if name.head in DEPARTMENTS or name.head in STREETS:
        points -= 1.0
    whole = passage.text[name.start] in QUOTES
    if not whole and passage.in_quotes(name.start) and passage.in_quotes(name.end - 1):
        points -= 3.0
    points += _around(marked, passage.sentence_span(number), day, main)
    return points


def _around(marked: Marked, span: tuple[int, int], day: Evidence | None, main: str | None) -> float:
    """Points for what else is told in the sentence: the day, that something was held, and what."""
    passage, (start, end) = marked.passage, span
    points = 0.0
    if day is not None and day.where == passage.where and start <= day.start < end:
        points += 3.0
    elif DAY_BY_NUMBER.search(passage.low, start, end):
        points += 1.5
    held = marked.has(start, end, "held", "holding")
    points += 1.0 if held else 0.0
    points += 1.0 if marked.has(start, end, "kind", "occasion") else 0.0
    points += 1.0 if any(one.key == main for one in marked.within(start, end, "kind")) else 0.0
    if marked.has(start, end, "future") and not held and not EVERY.search(passage.low, start, end):
        points -= 2.0
    return points


def _is_of_many(name: Name, marked: Marked) -> bool:
    """Whether several places are meant: `at the libraries of the district`."""
    if name.language == "kk":
        return name.text.lower().endswith(PLURAL_KAZAKH)
    told = marked.passage.low[name.start : name.end].split()[:4]
    return any(word.endswith(PLURAL_RUSSIAN) for word in told)


def _is_at(name: Name, marked: Marked) -> float:
    """How surely the name stands for the place of something; 0 when not at all."""
    low = marked.passage.low
    if PLACE_TOLD.search(low[max(0, name.start - 90) : name.start]):
        return 3.0
    if _is_alone(name, marked):
        return 2.5
    if name.case == NOMINATIVE and TOOK_IN.match(low, name.end):
        # `The literary café opened its doors in ...`: that was held, and elsewhere.
        return 0.0 if marked.has(name.start, name.start + 1, "kind") else 2.4
    if name.language == "ru":
        at_stone = name.head in MONUMENTS and AT_MONUMENT.search(
            low, max(0, name.start - 50), name.start
        )
        return 1.0 if at_stone else _at_russian(name, low)
    return _at_kazakh(name, low)


def _at_kazakh(name: Name, low: str) -> float:
    if STUDIES.match(low, name.end):
        return 0.0
    if name.case == "accusative" and WALKED_THROUGH.match(low, name.end):
        return 1.5
    if name.case == "locative":
        return 1.0
    if name.case == "attributive":
        return 0.3
    after = low[name.end : name.end + 40]
    if name.case == "genitive" and (BESIDE.match(after) or PARTS.match(after)):
        return 0.9
    if name.case == "genitive" and DOORS.match(after):
        return 2.0
    if name.case == "dative" and GATHERED.match(after):
        return 1.0
    if name.case == NOMINATIVE and BESIDE.match(after):
        return 0.9
    return 0.8 if name.case == NOMINATIVE and BY_MEANS.match(after) else 0.0


def is_elsewhere(name: Name, marked: Marked) -> bool:
    """Whether a bare name (`at the school`) that is no library tells where something was held."""
    if name.is_proper or name.head in LIBRARIES or not _is_at(name, marked):
        return False
    start, end = marked.passage.sentence_span(marked.passage.sentence_of(name.start))
    return marked.has(start, end, "held")


def _at_russian(name: Name, low: str) -> float:
    before = low[max(0, name.start - 60) : name.start]
    street = name.head in STREETS
    if SAID_AT.search(before) and not EXCURSION.match(low, name.end):
        return 0.0
    if STUDIES_LEFT.search(before) or (street and _is_address(name, low, before)):
        return 0.0
    if STAGE_LEFT.search(before):
        return 2.4
    if SAID_AT.search(before):
        return 0.9
    if AT_RUSSIAN.search(before) or TOOK_IN_LEFT.search(before):
        return 1.0
    if VISITED.search(before):
        return 0.9
    return 0.8 if WHERE_AFTER.match(low, name.end) else 0.0


def _is_address(name: Name, low: str, before: str) -> bool:
    return bool(ADDRESS.search(before) or NUMBERED.match(low, name.end))


def _is_alone(name: Name, marked: Marked) -> bool:
    """Whether the name is a whole sentence near the beginning: a line that says where we are."""
    passage = marked.passage
    number = passage.sentence_of(name.start)
    if passage.where == "title" or number > ALONE or name.case != NOMINATIVE:
        return False
    start, end = passage.sentence_span(number)
    return not (passage.text[start : name.start] + passage.text[name.end : end]).strip(" .…\n«»")


def _plain(name: Name) -> str:
    """The name; of `on the premises of ...` what the premises are of."""
    if name.head in BASES:
        words = name.text.rsplit(" ", 1)
        if len(words) == 2:
            return kazakh_base(words[0], "genitive")
    return name.text
