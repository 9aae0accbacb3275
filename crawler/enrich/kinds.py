"""What happened: the kinds of event that an article tells of, from the taxonomy.

Each word for a kind gets points for standing in the title, near the event's date and beside a
verb of holding; a kind is told when its best place has enough of them.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.enrich.endings import NOMINATIVE
from crawler.enrich.lexicon import Found
from crawler.enrich.name import Name
from crawler.enrich.occasions import When
from crawler.enrich.reading import Marked, Reading
from crawler.model import Evidence
from crawler.vocabulary import kinds

ENOUGH = 3.0
# More words for kinds in one text than this are not looked at.
MOST = 400
TIGHT = 30
BESIDE = 12
LEAD = 2
FEAST = re.compile(
    r"\b(?:праздник|мереке|мерекесі|мейрамы|торжество)\b(?!\s{0,4}[-–—]|\s{1,4}\w{1,30}"
    r"\s{1,4}орай)"
)
FEASTS = 8
# `Прошёл вечер`, `кеш өтті`, but no time of day: `в этот вечер`, `кешке`.
EVENING = re.compile(
    r"(?<!\bв )(?<!весь )(?<!этот )(?<!тот )(?<!каждый )(?<!добрый )(?<!под )(?<!қайырлы )"
    r"\b(?:вечер|кеші?)\b(?!\s{0,4}[-–—])"
)
PLURAL = re.compile(r"[лдт][ае]р(?:ы|і)?(?:н[ыі]?|да|де|мен)?\Z")
WITHIN = re.compile(
    r"\w{0,30}\s{0,4}(?:\w{1,30}\s{1,4}){0,2}(?:аясында|шеңберінде|орай|байланысты|дейін|кейін|соң|қарсаңында|арналған|арналды)\b"
)
WITHIN_LEFT = re.compile(
    r"(?:в рамках|накануне|по итогам|до|после|по|участник\w{0,30}|победител\w{0,30}"
    r"|посвящ\w{1,30})\s{1,4}"
    r"(?:\w{1,30}\s{1,4}){0,2}\Z"
)
WINNERS = re.compile(r"\s{0,4}(?:\w{1,30}\s{1,4})?жеңімпаз")
WENT_TO = re.compile(
    r"(?:побывал|посетил|пришл|приехал|собрал|участ|пригла)\w{0,30}\s{1,4}(?:\w{1,30}\s{1,4}){0,4}(?:на|в|во)\s{1,4}"
    r"(?:\w{1,30}\s{1,4}){0,2}\Z"
)
CAME = re.compile(r"\s{0,4}(?:[\w-]{1,40}\s{1,4}){0,4}(?:барды|барып|келді|жинал|шақыр)")
# `It ended with tea`: that was a part; what was proposed or learnt elsewhere was not held.
ENDED_WITH = re.compile(
    r"(?:заверш\w{1,8}|законч\w{1,8}|окончи\w{1,8})\s{1,4}(?:\w{1,30}\s{1,4}){0,2}\Z"
)
PROPOSED = re.compile(
    r"\w{0,6}\s{1,4}(?:\w{1,30}\s{1,4}){0,2}(?:өткізу|ұйымдастыру|жүргізу)(?:ді)?\s{1,4}"
    r"(?:ұсын|жоспар|көзде|тапсыр|қажет|керек)|(?:нан|нен|дан|ден|тан|тен)?\s{1,4}өткен(?:ін|дер)"
)
# `They asked to a literary lounge`: it was held; `in the lounge` is where.
ACCUSATIVE = ("ую", "юю")
DENIED = re.compile(r"\bне (?:на |в |просто )?\Z")
# Several of a kind are parts of something larger.
COUNTED = re.compile(
    r"(?<![\d.№-])(?:\d{1,2}|екі|үш|төрт|бес|бірнеше|две|два|три|четыре|пять|несколько|ряд)\s{1,2}"
    r"(?:[^\W\d]{3,20}(?:ых|их|ые|ие)\s{1,2})?\Z"
)
NEXT = re.compile(
    r"(?:келесі|алдағы|следующ\w{1,30}|подобн\w{1,30}|прошл\w{1,30}|былтырғы|өткен жылғы)\s{1,4}"
    r"(?:\w{1,30}\s{1,4})?\Z"
)
# A line of a record that says what was held.
LABEL = re.compile(
    r"(?:(?:іс-)?шара(?:ның)? (?:түрі|формасы|нысаны)|(?:форма|вид|тип) (?:проведения|мероприятия))"
    r"\s{0,4}[:–—-]\s{0,4}\Z"
)
# A row of so many kinds, with a comma or `and` between each two.
ROW = 4
RUSSIAN_PLURAL = re.compile(r"[ыия]\Z")
ROW_JOINT = re.compile(r",|\b(?:и|және|мен|пен|бен)\b")
ITEM = re.compile(r"(?:^|\n)\s{0,4}(?:\d{1,2}[.)]|[-–•])\s[^\n]*\Z")


@dataclass(frozen=True, slots=True)
class Told:
    """A kind, the words that tell it, and its points."""

    id: str
    evidence: Evidence
    points: float


def kinds_of(reading: Reading, named: Mapping[str, list[Name]], when: When) -> tuple[Told, ...]:
    """The kinds told, the main one first, more general ones of the same last.

    `named` are the names of bodies and places, whose words are no kinds.
    """
    best: dict[str, Told] = {}
    whole: set[str] = set()
    in_text: set[str] = set()
    for marked in reading.both:
        for found in _words(marked, named[marked.passage.where]):
            told = Told(
                found.key,
                marked.evidence("kinds", found.start, found.end),
                _points(found, marked, when),
            )
            if not _is_weak(found):
                whole.add(found.key)
            if marked is reading.text or _is_whole(marked, found):
                in_text.add(found.key)
            if found.key not in best or told.points > best[found.key].points:
                best[found.key] = told
    best = _with_narrower(_without_headlines(best, in_text), reading)
    rows = sorted((t for t in best.values() if t.points >= ENOUGH), key=_order)
    if not rows:
        rows = sorted((t for t in best.values() if t.points >= 1.0), key=_order)[:1]
    rows = rows or _feast(reading) or _evening(reading)
    return _with_broader(_with_parts(_without_weak(rows, whole), reading))


def _is_whole(marked: Marked, found: Found) -> bool:
    """Whether the kind's words are all of the title."""
    return found.end - found.start >= len(marked.passage.text.strip(" .!"))


def _without_headlines(best: dict[str, Told], in_text: set[str]) -> dict[str, Told]:
    """What the title alone tells goes where the text is sure of another: headlines play."""
    if not any(told.points >= ENOUGH and key in in_text for key, told in best.items()):
        return best
    return {key: told for key, told in best.items() if key in in_text}


def _feast(reading: Reading) -> list[Told]:
    """A celebration that is told by no more than the word: `праздник прошёл`, `мереке өтті`."""
    marked = reading.text
    for match in itertools.islice(FEAST.finditer(marked.passage.low), FEASTS):
        number = marked.passage.sentence_of(match.start())
        held = marked.has(*marked.passage.sentence_span(number), "held")
        if number <= LEAD and held and not marked.passage.in_quotes(match.start()):
            return [Told("celebration", marked.evidence("kinds", *match.span()), ENOUGH)]
    return []


def _evening(reading: Reading) -> list[Told]:
    """An evening that is told by no more than the word, beside a verb of holding."""
    marked = reading.text
    for match in itertools.islice(EVENING.finditer(marked.passage.low), FEASTS):
        number = marked.passage.sentence_of(match.start())
        held = marked.within(*marked.passage.sentence_span(number), "held")
        beside = any(_apart(cue, *match.span()) <= BESIDE for cue in held)
        if number <= LEAD and beside and not marked.passage.in_quotes(match.start()):
            return [Told("themed-evening", marked.evidence("kinds", *match.span()), ENOUGH)]
    return []


def _with_narrower(best: dict[str, Told], reading: Reading) -> dict[str, Told]:
    """A narrower kind early in the text is meant where the general one is told alone."""
    made = dict(best)
    sure = {key for key, told in best.items() if told.points >= ENOUGH}
    narrow = {kinds()[key].broader for key in sure}
    for key, told in best.items():
        wider = kinds()[key].broader
        if key in sure or wider not in sure or wider in narrow or told.points < 0:
            continue
        e = told.evidence
        early = e.where == "title" or reading.text.passage.sentence_of(e.start) <= LEAD
        if early and _is_alone(key, wider, best):
            made[key] = Told(key, e, best[wider].points)
    return made


def _is_alone(key: str, wider: str, best: Mapping[str, Told]) -> bool:
    """Whether no other narrower kind of the same general one is told as surely."""
    rivals = [t.points for k, t in best.items() if k != key and kinds()[k].broader == wider]
    return best[key].points > max(rivals, default=-1.0)


def _words(marked: Marked, rows: list[Name]) -> list[Found]:
    """The words for kinds, but those in a name, and of two that overlap the later."""
    found = marked.tagged("kind")[:MOST]
    starts = [name.start for name in rows]
    kept = []
    for number, word in enumerate(found):
        inside = rows[max(0, bisect_right(starts, word.start) - 1)] if rows else None
        if inside is not None and _is_in_name(word, inside, marked.passage.tokens[word.first].word):
            continue
        after = found[number + 1 : number + 3]
        if not any(word.first < other.first <= word.last < other.last for other in after):
            kept.append(word)
    return kept


def _is_in_name(word: Found, name: Name, told: str) -> bool:
    """Whether a kind's words belong to a name of a body or a room.

    `литературная гостиная «...»` is no room where it is what was held.
    """
    if not name.start <= word.start or word.end >= name.end:
        return False
    whole = word.start == name.start and word.last > word.first and name.language == "ru"
    held = name.case == NOMINATIVE or told.endswith(ACCUSATIVE)
    return not (whole and name.kind == "place" and held)


def _order(told: Told) -> tuple[float, bool, int]:
    return (-told.points, told.evidence.where != "title", told.evidence.start)


def _points(found: Found, marked: Marked, when: When) -> float:
    kind, passage = kinds()[found.key], marked.passage
    if passage.in_quotes(found.start) and not kind.named:
        return 0.0
    number = passage.sentence_of(found.start)
    start, end = passage.sentence_span(number)
    if passage.where == "title":
        return 4.5 - (1.0 if _is_weak(found) else 0.0)
    points = max(0.0, 1.5 - 0.25 * number)
    if LABEL.search(passage.low[max(0, found.start - 30) : found.start]):
        return points + 5.0
    day = next((e for e in when.evidence if e.fact == "starts"), None)
    if day is not None and day.where == "text" and start <= day.start < end:
        points += 1.5
    low = passage.low
    gone_to = 2.0 if not _is_weak(found) and _is_gone_to(found, low) else -9.0
    points += max(gone_to, _holding(found, marked, start, end))
    points -= _lost(found, marked)
    if found.case == "genitive":
        points -= 3.0 if WINNERS.match(low[found.end : found.end + 20]) else 1.0
    if _is_one_of_many(found, marked, start, end):
        points -= 2.5
    return points - (1.0 if _is_weak(found) else 0.0)


def _lost(found: Found, marked: Marked) -> float:
    """Points lost by what stands beside the word: it was another time, a part, only proposed."""
    low, text = marked.passage.low, marked.passage.text
    left, right = low[max(0, found.start - 40) : found.start], low[found.end : found.end + 60]
    lost = 3.0 if WITHIN.match(right[:30]) or WITHIN_LEFT.search(left) else 0.0
    lost += 3.0 if NEXT.search(left) else 0.0
    lost += 9.0 if DENIED.search(left) else 0.0
    lost += 2.5 if COUNTED.search(left) else 0.0
    lost += 1.5 if ITEM.search(text[max(0, found.start - 120) : found.start]) else 0.0
    if kinds()[found.key].group == "evening" and ENDED_WITH.search(left):
        lost += 3.0
    return lost + (3.0 if PROPOSED.match(right) else 0.0)


def _is_gone_to(found: Found, low: str) -> bool:
    """Whether people are told to have come to it."""
    if found.case == "dative":
        return CAME.match(low, found.end) is not None
    return WENT_TO.search(low[max(0, found.start - 90) : found.start]) is not None


def _is_weak(found: Found) -> bool:
    """Whether the word may only point back: a whole phrase (`meeting with a poet`) does not."""
    kind = kinds()[found.key]
    return kind.weak and (found.first == found.last or " " in kind.kk)


def _is_one_of_many(found: Found, marked: Marked, start: int, end: int) -> bool:
    """Whether it is told in the plural, or in a row of three kinds after the first sentence."""
    if PLURAL.search(marked.passage.tokens[found.last].word):
        return True
    row = marked.within(start, end, "kind")
    several = start > 0 and len({other.key for other in row}) >= 3
    return several and not _is_held_row(row, marked, start, end)


def _is_held_row(row: list[Found], marked: Marked, start: int, end: int) -> bool:
    """Whether all kinds of a sentence stand in one short row beside a verb of holding.

    Russian has the verb before the row (`провели час, викторину и игру`), Kazakh after it. A
    longer row, or one with a plural, is of all that a library does, or of parts of a week.
    """
    low, tokens = marked.passage.low, marked.passage.tokens
    joints = itertools.pairwise(row)
    if len(row) > ROW or not all(ROW_JOINT.search(low, a.end, b.start) for a, b in joints):
        return False
    first, last = row[0].start, row[-1].end
    words = [tokens[kind.last].word for kind in row]
    for cue in marked.within(start, end, "held"):
        if 0 < first - cue.end <= TIGHT:
            return not any(map(RUSSIAN_PLURAL.search, words))
        if 0 < cue.start - last <= TIGHT:
            return not any(map(PLURAL.search, words))
    return False


def _holding(found: Found, marked: Marked, start: int, end: int) -> float:
    """Points for a verb of holding: the nearer, the more."""
    held = marked.within(start, end, "held")
    gap = _gap(found, held)
    if gap <= TIGHT or (found.case == "accusative" and held and held[-1].start > found.end):
        return 3.0
    holding = marked.within(start, end, "holding")
    if gap <= 2 * TIGHT or _gap(found, holding) <= TIGHT:
        return 2.0
    if held or holding:
        return 0.7
    return -1.5 if marked.has(start, end, "future") else 0.0


def _gap(found: Found, cues: list[Found]) -> int:
    """Letters between a kind's word and the nearest of some verbs."""
    far = 10_000
    return min((_apart(cue, found.start, found.end) for cue in cues), default=far)


def _apart(cue: Found, start: int, end: int) -> int:
    """Letters between a verb and what stands from start to end."""
    return max(cue.start - end, start - cue.end)


def _with_parts(rows: list[Told], reading: Reading) -> list[Told]:
    """A celebration's parts that only a verb tells of, such as awards."""
    if all(kinds()[told.id].group != "festival" for told in rows):
        return rows
    known = {told.id for told in rows}
    parts: dict[str, Told] = {}
    for sign in reading.text.tagged("sign"):
        proof = reading.text.evidence("kinds", sign.start, sign.end)
        parts.setdefault(sign.key, Told(sign.key, proof, ENOUGH))
    return rows + [part for key, part in parts.items() if key not in known]


def _without_weak(rows: list[Told], whole: set[str]) -> list[Told]:
    """Words that may only point back to the event go, when it has a plainer name.

    `whole` are the kinds that some whole phrase tells.
    """
    plain = [told.points for told in rows if told.id in whole or not kinds()[told.id].weak]
    if not plain:
        return rows[:1]
    return [
        told
        for told in rows
        if told.id in whole or not kinds()[told.id].weak or told.points > max(plain)
    ]


def _with_broader(rows: list[Told]) -> tuple[Told, ...]:
    """The kinds, and after them the more general ones."""
    told = {row.id: row for row in rows}
    general = {wider for row in rows if (wider := kinds()[row.id].broader) is not None}
    ordered = {row.id: row for row in rows if row.id not in general}
    for row in rows:
        wider = kinds()[row.id].broader
        while wider is not None:
            ordered.setdefault(wider, told.get(wider) or Told(wider, row.evidence, row.points))
            wider = kinds()[wider].broader
    return tuple(ordered.values())
