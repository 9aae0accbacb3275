"""Who held the event: the bodies that stand as the doers of its holding."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.enrich.doers import LIBRARIES, is_body, is_subject, is_supporter, meant_by
from crawler.enrich.kazakh_doers import (
    GENITIVE_CUES,
    closing_doer,
    kazakh_doers,
    kazakh_partners,
)
from crawler.enrich.lexicon import Found
from crawler.enrich.name import ANY, Name, name_stems, same_name
from crawler.enrich.reading import Marked, Reading
from crawler.enrich.russian_doers import russian_doers, russian_partners
from crawler.enrich.wordlists import wordlist
from crawler.model import Evidence

JOINED = re.compile(r"[»”\"]?\s{0,4}(?:,|и|және|[мпб]ен)\s{1,4}[«“\"№]?")
# Told of another year's event, or of the next.
OTHER_TIME = re.compile(
    r"былтыр|өткен жыл|алдыңғы жыл|келесі|алдағы|в прошлом году|прошлогодн|следующ|\bранее\b"
)
# A group by its name in quotation marks and a word, in a list of those that held something.
QUOTED_GROUP = re.compile(
    r"(?<=[:–—,]\s)(?:«[^«»\n]{2,60}»\s[^\W\d]{3,20}|[^\W\d]{3,20}\s«[^«»\n]{2,60}»)(?=\s{0,2}(?:[.,;]|и\s|және\s|\Z))"
)
EARLY = 9
# More names or verbs in one article than this are not looked at.
MOST = 80
DASH_AFTER = re.compile(r"\s{0,4}[–—-]\s")
COLON_AFTER = re.compile(r"\s{0,4}:\s")
# `Who held it: ...`, and no more before it.
QUESTION = 6
OUR_LIBRARY = re.compile(
    r"\b(?:біздің кітапхана|кітапханамыз"
    r"|(?:біздің )?кітапханамыздың (?:қызметкерлері|мамандары|ұжымы)"
    r"|наша (?:\w{1,30}ая )?библиотека|(?:сотрудники|специалисты|коллектив) нашей "
    r"(?:\w{1,30}ой )?библиотеки)"
    r"(?!\w)"
)
OUR_WITHIN = 2500
PRONOUN_AFTER = re.compile(r"\s(?:(?:его|ее|их|кеш(?:тің|те|ті|ке)?)\b|(?:іс-)?шара|жиын|кездесу)")
PRONOUN = re.compile(
    r"(?:оны|мұны|бұны|осыны|кешті|шараны|іс-шараны|бағдарламаны|жобаны|жиынды|мерекені|его|ее|их"
    r"|мероприятие|программ[ау]|праздник|проект|вечер|час|урок|экспозици[яю]|композици[яю]|сценарий)\s"
)
INVITING = ("приглашает", "приглашают", "зовет", "ждет")
WE_HELD = re.compile(
    r"\s{1,4}(?:\w{1,30}\s{1,4}){0,3}"
    r"(?:провел|проводи|организов|подготов|устро|открыл|объяв|запусти|собрал\w{0,30} гост)"
)


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
        partners = (*kazakh_partners(marked, rows), *russian_partners(marked, rows))
        found.extend(_organiser(name, marked) for name in partners)
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
        doers = russian_doers(inside, marked, number < EARLY)
    elif (closing := closing_doer(cue, inside, marked, end)) is not None:
        doers = [closing]
    elif number < EARLY or cue.key in GENITIVE_CUES:
        doers = kazakh_doers([name for name in inside if name.end <= cue.start], cue, marked)
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
    if PRONOUN_AFTER.match(marked.passage.low, cue.end):
        return True
    after = marked.passage.sentence_of(end)
    return cue.key in INVITING and marked.has(*marked.passage.sentence_span(after), "kind")


def _heads_list(cue: Found, marked: Marked, start: int) -> bool:
    """Whether a dash after the verb, or a colon after the question who, begins a list of doers."""
    low = marked.passage.low
    if DASH_AFTER.match(low, cue.end):
        return True
    return cue.start - start < QUESTION and COLON_AFTER.match(low, cue.end) is not None


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
        return [n for n in after if n.case in cases and not is_supporter(n, marked)]
    return [n for n in inside if n.end <= cue.start and n.case in ("nominative", ANY)][-1:]


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
