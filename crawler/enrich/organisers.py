"""Who held the event: the bodies that stand as the doers of its holding."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.enrich.doers import ATTRIBUTE, LIBRARIES, is_agent, is_body, is_subject, meant_by
from crawler.enrich.lexicon import Found
from crawler.enrich.name import ANY, Name, name_stems, same_name
from crawler.enrich.reading import Marked, Reading
from crawler.enrich.wordlists import wordlist
from crawler.model import Evidence

GENITIVE_CUES = (
    "ұйымдастыруымен", "бастамасымен", "ұйытқы болуымен", "мұрындық болуымен",
    "бастама көтеруімен", "ұйымдастырылуымен", "күшімен", "серіктестігімен",
    "бірлескен",
)  # fmt: skip
# Between two names of one row.
ROW = re.compile(r"\s{0,4}(?:\w{1,30}\s{0,4})?(?:,\s{0,4})?(?:и|а также|,)\s{1,4}(?:со?\s{1,4})?\Z")
# Letters from the first of two bodies to what they did together.
SHARED = 120
JOINED = re.compile(r"[»”\"]?\s{0,4}(?:,|и|және|[мпб]ен)\s{1,4}[«“\"№]?")
KAZAKH_ROW = re.compile(r"[»”\"]?\s{0,4}(?:,|және|[мпб]ен|әрі|сондай-ақ)\s{1,4}[«“\"№]?")
# Told of another year's event, or of the next.
OTHER_TIME = re.compile(
    r"былтыр|өткен жыл|алдыңғы жыл|келесі|алдағы|в прошлом году|прошлогодн|следующ|\bранее\b"
)
# `Бөлімнің инспекторы бірлесіп`: somebody of the body did it with others, for the body.
PERSON_TOGETHER = re.compile(
    r"(?:[\w-]{2,30}\s){0,4}[\w-]{3,30}[ыі]\s{1,4}(?:бірлес|біріг|бірге\b)"
)
# A group by its name in quotation marks and a word, in a list of those that held something.
QUOTED_GROUP = re.compile(
    r"(?<=[:–—,]\s)(?:«[^«»\n]{2,60}»\s[^\W\d]{3,20}|[^\W\d]{3,20}\s«[^«»\n]{2,60}»)(?=\s{0,2}(?:[.,;]|и\s|және\s|\Z))"
)
EARLY = 9
# More names or verbs in one article than this are not looked at.
MOST = 80
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
DASH_AFTER = re.compile(r"\s{0,4}[–—-]\s")
COLON_AFTER = re.compile(r"\s{0,4}:\s")
# `Who held it: ...`, and no more before it.
QUESTION = 6
JOINTS = ("мен ", "пен ", "бен ", "және ", ", ")
BY = re.compile(
    r"\b(?:(?:организован|проведен|подготовлен|инициирован|устроен|разработан|объявлен)\w{0,30}"
    rf"|(?:проводи|организуе|проводил|реализуе)\w{{0,30}}с[ья])\s{{1,4}}{PEOPLE}\Z"
)
# `Провела его библиотекарь ...`: one of its people did it for the library.
HELD_BY_STAFF = re.compile(
    r"\b(?:провел[аи]?|проводил[аи]?|подготовил[аи]?|организовал[аи]?)\s{1,4}(?:[\w«»-]{1,30}\s{1,4}){0,4}?"
    r"(?:библиотекар|сотрудни|специалист|методист|библиограф|работни)\w{0,10}\s{1,4}\Z"
)
OUR_LIBRARY = re.compile(
    r"\b(?:біздің кітапхана|кітапханамыз"
    r"|(?:біздің )?кітапханамыздың (?:қызметкерлері|мамандары|ұжымы)"
    r"|наша (?:\w{1,30}ая )?библиотека|(?:сотрудники|специалисты|коллектив) нашей "
    r"(?:\w{1,30}ой )?библиотеки)"
    r"(?!\w)"
)
OUR_WITHIN = 2500
PRONOUN = re.compile(
    r"(?:оны|мұны|бұны|осыны|кешті|шараны|іс-шараны|бағдарламаны|жобаны|жиынды|мерекені|его|ее|их"
    r"|мероприятие|программ[ау]|праздник|проект|вечер|час|урок|экспозици[яю]|композици[яю]|сценарий)\s"
)
INVITING = ("приглашает", "приглашают", "зовет", "ждет")
WITH_STAFF = re.compile(r"\b(?:с|со|перед|между|над)\s{1,4}\w{1,30}\s{0,4}\Z")
WE_HELD = re.compile(
    r"\s{1,4}(?:\w{1,30}\s{1,4}){0,3}"
    r"(?:провел|проводи|организов|подготов|устро|открыл|объяв|запусти|собрал\w{0,30} гост)"
)
# `the event was held by X.`: the doer after a Kazakh participle, at the end of the sentence.
LAST = re.compile(r"[\s»”\".!?…]*\Z")


@dataclass(frozen=True, slots=True)
class Organiser:
    """A body in base form and the words it was read from."""

    text: str
    evidence: Evidence


def organisers_of(
    reading: Reading, named: Mapping[str, list[Name]], own: str | None
) -> tuple[Organiser, ...]:
    """The organisers in the order of the text.

    `named` are its names; `own` is the name of the site's library, which `we held ...` means and
    which its abbreviated names stand for.
    """
    found: list[Organiser] = []
    for marked in reading.both:
        names = named[marked.passage.where]
        rows = _with_bare(names, _bodies(names), marked)
        bare = meant_by(named[marked.passage.where], own)
        for cue in marked.tagged("organised", "named", "opened", "ourselves")[:MOST]:
            found.extend(_of_cue(cue, marked, rows, own))
            found.extend(_bare(cue, marked, bare))
        found.extend(_partners(marked, rows))
        found.extend(_joint(marked, rows))
        found.extend(_we(marked, own))
    if not found:
        found = _by_director(reading.text, named["text"]) or _most_told(reading, named)
    return _distinct([_whole(one, named["text"], own) for one in found])


def _we(marked: Marked, own: str | None) -> list[Organiser]:
    """The site's library where `our library`, or its people, held something."""
    if own is None:
        return []
    for match in OUR_LIBRARY.finditer(marked.passage.low, 0, OUR_WITHIN):
        end = marked.passage.sentence_span(marked.passage.sentence_of(match.start()))[1]
        cues = marked.within(match.end(), end, "organised")
        if cues and not marked.passage.in_quotes(match.start()):
            return [Organiser(own, marked.evidence("organisers", *match.span()))]
    return []


def _bare(cue: Found, marked: Marked, bare: list[Name]) -> list[Organiser]:
    """The library told by the bare word (`The library held it with ...`) where it is the doer."""
    passage = marked.passage
    number = passage.sentence_of(cue.start)
    start, end = passage.sentence_span(number)
    if number >= EARLY or passage.in_quotes(cue.start):
        return []
    if cue.tag != "organised" and not (cue.tag == "opened" and _of_event(cue, marked, start, end)):
        return []
    inside = [name for name in bare if start <= name.start < end]
    return [_organiser(name, marked) for name in inside if is_subject(name, cue, marked)]


def _bodies(rows: list[Name]) -> list[Name]:
    return [name for name in rows if name.is_proper and is_body(name)][:MOST]


def _with_bare(rows: list[Name], proper: list[Name], marked: Marked) -> list[Name]:
    """The bodies, and the bare words for one (`музей`) that stand in a row with one of them."""
    low, made = marked.passage.low, list(proper)
    for one, two in itertools.pairwise(rows[: 2 * MOST]):
        for bare, other in ((one, two), (two, one)):
            fits = not bare.is_proper and bare.kind == "body" and bare.head not in LIBRARIES
            if fits and other in proper and JOINED.fullmatch(low[one.end : two.start]):
                made.append(bare)
    return sorted(made, key=lambda name: name.start)


def _of_cue(cue: Found, marked: Marked, rows: list[Name], own: str | None) -> list[Organiser]:
    passage = marked.passage
    number = passage.sentence_of(cue.start)
    start, end = passage.sentence_span(number)
    if passage.in_quotes(cue.start):
        return []
    if cue.tag == "ourselves":
        proof = marked.evidence("organisers", cue.start, cue.end)
        held = cue.key != "мы" or WE_HELD.match(passage.low, cue.end)
        return [Organiser(own, proof)] if own and held and marked.has(start, end, "kind") else []
    if _may_be_else(cue) and not _of_event(cue, marked, start, end):
        return []
    if number and OTHER_TIME.search(passage.low, start, cue.start):
        return []
    inside = [name for name in rows if start <= name.start < end]
    if cue.tag == "named" or _heads_list(cue, marked, start):
        doers = _listed(cue, inside, marked)
    elif not _is_kazakh(cue):
        doers = _russian_doers(inside, marked, number < EARLY)
    elif (closing := _closing(cue, inside, marked, end)) is not None:
        doers = [closing]
    elif number < EARLY or cue.key in GENITIVE_CUES:
        doers = _kazakh_doers([name for name in inside if name.end <= cue.start], cue, marked)
    else:
        doers = []
    found = [_organiser(name, marked) for name in doers]
    if _heads_list(cue, marked, start) or cue.tag == "named":
        found += _groups(marked, cue.end, end, rows)
    return found


def _groups(marked: Marked, start: int, end: int, rows: list[Name]) -> list[Organiser]:
    """Groups with a name in quotation marks among those listed, which are no bodies by a word."""
    groups = itertools.islice(QUOTED_GROUP.finditer(marked.passage.text, start, end), MOST)
    return [
        Organiser(match[0], marked.evidence("organisers", *match.span()))
        for match in groups
        if not any(name.start < match.end() and match.start() < name.end for name in rows)
    ]


def _may_be_else(cue: Found) -> bool:
    """Whether something else than an event may have been done: a book prepared, a door opened."""
    return cue.tag == "opened" or cue.key.startswith(("подготов", "әзірле"))


def _of_event(cue: Found, marked: Marked, start: int, end: int) -> bool:
    """Whether what was opened, prepared or announced is the event, named or meant by `it`."""
    if marked.has(start, end, "kind", "occasion") or PRONOUN.match(marked.passage.low, start):
        return True
    after = marked.passage.sentence_of(end)
    return cue.key in INVITING and marked.has(*marked.passage.sentence_span(after), "kind")


def _heads_list(cue: Found, marked: Marked, start: int) -> bool:
    """Whether a dash after the verb, or a colon after the question who, begins a list of doers."""
    low = marked.passage.low
    if DASH_AFTER.match(low, cue.end):
        return True
    return cue.start - start < QUESTION and COLON_AFTER.match(low, cue.end) is not None


def _russian_doers(inside: list[Name], marked: Marked, early: bool) -> list[Name]:
    """The doers among the names of a sentence, and what stands in a row with one of them."""
    doers: list[Name] = []
    for name in inside:
        joint = marked.passage.low[doers[-1].end : name.start] if doers else ""
        in_row = len(joint) < 20 and ROW.match(joint) and name.case != "nominative"
        declined = doers and (doers[-1].case != "nominative" or doers[-1].head.isupper())
        joined = in_row and declined and not _is_supporter(name, marked)
        if joined or _does_russian(name, marked, early):
            doers.append(name)
    return doers


def _kazakh_doers(before: list[Name], cue: Found, marked: Marked) -> list[Name]:
    """The doers among the names before a cue, and what stands in a row with one of them."""
    doers: list[Name] = []
    for name in reversed(before):
        joint = marked.passage.low[name.end : doers[-1].start] if doers else ""
        in_row = joint and KAZAKH_ROW.fullmatch(joint) and name.case == doers[-1].case
        if in_row or _does(name, cue, marked):
            doers.append(name)
    return doers[::-1]


def _closing(cue: Found, inside: list[Name], marked: Marked, end: int) -> Name | None:
    """The name that follows a participle at once and ends the sentence."""
    text = marked.passage.text
    for name in inside:
        joined = 0 < name.start - cue.end <= 2 and cue.key.endswith(("ған", "ген"))
        if joined and name.case == "nominative" and LAST.match(text[name.end : end]):
            return name
    return None


def _partners(marked: Marked, rows: list[Name]) -> list[Organiser]:
    """Bodies together with which something was held: `X-пен бірлесіп`."""
    found = []
    for cue in marked.tagged("together")[:MOST]:
        number = marked.passage.sentence_of(cue.start)
        start, end = marked.passage.sentence_span(number)
        if number >= EARLY or not marked.has(cue.end, end, "held", "holding"):
            continue
        for name in rows:
            close = start <= name.start and 0 <= cue.start - name.end <= 3
            if close and name.case == "instrumental":
                found.append(_organiser(name, marked))
    return found


def _joint(marked: Marked, rows: list[Name]) -> list[Organiser]:
    """Russian bodies that something was held with: `прошёл совместно с музеем`."""
    low, found = marked.passage.low, []
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
        found += [_organiser(name, marked) for name in row]
    return found


def _organiser(name: Name, marked: Marked) -> Organiser:
    return Organiser(name.text, marked.evidence("organisers", name.start, name.end))


def _is_kazakh(cue: Found) -> bool:
    table = wordlist("bodies")["kk"]
    return cue.key in table["organised"] or cue.key in table["opened"]


def _listed(cue: Found, inside: list[Name], marked: Marked) -> list[Name]:
    """What follows `organisers:`, up to a `but`."""
    low = marked.passage.low
    stop = low.find(", ал ", cue.end)
    after = [n for n in inside if n.start >= cue.end and (stop < 0 or n.start < stop)]
    if after:
        cases = ("nominative", "instrumental", "other", ANY)
        return [n for n in after if n.case in cases and not _is_supporter(n, marked)]
    return [n for n in inside if n.end <= cue.start and n.case in ("nominative", ANY)][-1:]


def _does(name: Name, cue: Found, marked: Marked) -> bool:
    """Whether a Kazakh name before a cue is the doer of it."""
    low = marked.passage.low
    after = low[name.end : name.end + 60].lstrip(' »”"')
    if _is_supporter(name, marked):
        return False
    if cue.key in GENITIVE_CUES:
        if cue.key.startswith("бірлескен") and name.case in ("genitive", "instrumental"):
            return cue.start - name.end < SHARED
        if name.case == "genitive":
            return cue.start - name.end < 30 or after.startswith("және ")
        if after.startswith(tuple(wordlist("bodies")["staff"]["words"])):
            return cue.start - name.end < 30
        return cue.start - name.end <= 2 or after.startswith(JOINTS)
    if name.case == "genitive":
        staff = tuple(wordlist("bodies")["staff"]["words"])
        return after.startswith(staff) or PERSON_TOGETHER.match(after) is not None
    if name.case == "instrumental":
        together = wordlist("bodies")["staff"]["together"]
        return any(word in after for word in together)
    if cue.key.startswith("жүргіз") and ATTRIBUTE.match(low, name.end):
        return False
    return name.case == "nominative" and not after.startswith(("арқылы", "үшін", "туралы", "атты"))


def _is_supporter(name: Name, marked: Marked) -> bool:
    """Whether only support came from here."""
    low = marked.passage.low
    after = low[name.end : name.end + 24]
    before = low[max(0, name.start - 24) : name.start] if name.language == "ru" else ""
    # What stands before a name in quotation marks belongs to that name.
    before = before.rpartition("»")[2]
    words = wordlist("bodies")["support"]["words"]
    return after.lstrip().startswith(tuple(words)) or any(word in before for word in words)


def _does_russian(name: Name, marked: Marked, early: bool) -> bool:
    low = marked.passage.low
    before = low[max(0, name.start - 40) : name.start]
    if name.language != "ru" or _is_supporter(name, marked):
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


def _by_director(marked: Marked, rows: list[Name]) -> list[Organiser]:
    """The body whose director opened the event."""
    heads = tuple(wordlist("bodies")["staff"]["heads"])
    for name in rows[:MOST]:
        number = marked.passage.sentence_of(name.start)
        start, end = marked.passage.sentence_span(number)
        after = marked.passage.low[name.end : name.end + 20].lstrip()
        opened = marked.within(name.end, end, "held", "holding")
        if number > EARLY or not after.startswith(heads) or not name.is_proper:
            continue
        opens = any(cue.key.startswith("аш") for cue in opened)
        if opens and marked.has(start, name.start, "kind", "occasion"):
            return [Organiser(name.text, marked.evidence("organisers", name.start, name.end))]
    return []


def _most_told(reading: Reading, named: Mapping[str, list[Name]]) -> list[Organiser]:
    """A body that the title names and the text keeps coming back to."""
    rows = _bodies(named["text"])
    counts = Counter(name_stems(name.text) for name in rows)
    title = name_stems(reading.title.passage.text)
    for name in rows:
        key = name_stems(name.text)
        if counts[key] >= 3 and key <= title:
            return [Organiser(name.text, reading.text.evidence("organisers", name.start, name.end))]
    return []


def _whole(one: Organiser, rows: list[Name], own: str | None) -> Organiser:
    """A name told short (`ОКЖ`, `«Мұра» орталығы`) as it is told in full elsewhere."""
    told = [name.text for name in rows[:MOST]]
    for full in ((own,) if own else ()) + tuple(told):
        if name_stems(one.text) < name_stems(full) and _is_short(one.text):
            return Organiser(full, one.evidence)
    return one


def _is_short(text: str) -> bool:
    return len(text.split()) <= 2


def _distinct(rows: list[Organiser]) -> tuple[Organiser, ...]:
    kept: list[Organiser] = []
    for row in rows:
        if not any(same_name(row.text, other.text) for other in kept):
            kept.append(row)
    return tuple(kept)
