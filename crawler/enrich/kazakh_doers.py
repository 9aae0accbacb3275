"""Which Kazakh names are the doers of what was held: subjects, genitives of `by`, partners."""

from __future__ import annotations

import re

from crawler.enrich.doers import ATTRIBUTE, is_supporter
from crawler.enrich.lexicon import Found
from crawler.enrich.name import Name
from crawler.enrich.reading import Marked
from crawler.enrich.wordlists import wordlist

# More names or verbs in one article than this are not looked at.
MOST = 80
EARLY = 9
GENITIVE_CUES = (
    "ұйымдастыруымен", "бастамасымен", "ұйытқы болуымен", "мұрындық болуымен",
    "бастама көтеруімен", "ұйымдастырылуымен", "күшімен", "серіктестігімен",
    "бірлескен",
)  # fmt: skip
JOINTS = ("мен ", "пен ", "бен ", "және ", ", ")
KAZAKH_ROW = re.compile(r"[»”\"]?\s{0,4}(?:,|және|[мпб]ен|әрі|сондай-ақ)\s{1,4}[«“\"№]?")
# `Бөлімнің инспекторы бірлесіп`: somebody of the body did it with others, for the body.
PERSON_TOGETHER = re.compile(
    r"(?:[\w-]{2,30}\s){0,4}[\w-]{3,30}[ыі]\s{1,4}(?:бірлес|біріг|бірге\b)"
)
# Letters from the first of two bodies to what they did together.
SHARED = 120
# `the event was held by X.`: the doer after a Kazakh participle, at the end of the sentence.
LAST = re.compile(r"[\s»”\".!?…]*\Z")


def kazakh_doers(before: list[Name], cue: Found, marked: Marked) -> list[Name]:
    """The doers among the names before a cue, and what stands in a row with one of them."""
    doers: list[Name] = []
    for name in reversed(before):
        joint = marked.passage.low[name.end : doers[-1].start] if doers else ""
        in_row = joint and KAZAKH_ROW.fullmatch(joint) and name.case == doers[-1].case
        if in_row or _does(name, cue, marked):
            doers.append(name)
    return doers[::-1]


def closing_doer(cue: Found, inside: list[Name], marked: Marked, end: int) -> Name | None:
    """The name that follows a participle at once and ends the sentence."""
    text = marked.passage.text
    for name in inside:
        joined = 0 < name.start - cue.end <= 2 and cue.key.endswith(("ған", "ген"))
        if joined and name.case == "nominative" and LAST.match(text[name.end : end]):
            return name
    return None


def _does(name: Name, cue: Found, marked: Marked) -> bool:
    """Whether a Kazakh name before a cue is the doer of it."""
    low = marked.passage.low
    after = low[name.end : name.end + 60].lstrip(' »”"')
    if is_supporter(name, marked):
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


def kazakh_partners(marked: Marked, rows: list[Name]) -> list[Name]:
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
                found.append(name)
    return found
