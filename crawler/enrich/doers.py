"""Which names can be the doers of something, and how they stand as such."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.enrich.endings import NOMINATIVE
from crawler.enrich.lexicon import Found
from crawler.enrich.name import Name
from crawler.enrich.passage import folded
from crawler.enrich.reading import Marked
from crawler.enrich.wordlists import wordlist

LIBRARIES = ("кітапхана", "библиотека")
# Endings of the Russian instrumental, by which the doer of a passive verb is told.
INSTRUMENTAL = ("ой", "ей", "ом", "ем", "ою")
WITH = re.compile(
    r"(?:\b(?:с|со|над|под|перед|между|за|рядом|наряду|стал\w{0,3}|явля\w{0,6}|служ\w{0,4}|"
    r"назв\w{0,6}|о|об|в|на|при|по)|[ао]мсь?)\s{1,4}\Z"
)
# `The library` at once before its verb; of what stands there the rest is between commas.
SUBJECT = re.compile(r"\s{1,4}(?:(?:также|совместно|тоже|впервые)\s{1,4})?\Z")
# In Kazakh an object or a time lies between; an attribute (`library readers`) has an ending first.
ATTRIBUTE = re.compile(r"\s{1,4}[^\W\d]{2,30}(?:[сы]?[ыі])(?:н[ыіа]?|ның|нің|не|мен|нда|нде)?\b")
NEAR = 120


def is_body(name: Name) -> bool:
    """Whether the name is one of people who can hold something, not of a mere place."""
    if name.kind == "body":
        return True
    houses = wordlist("bodies")["houses"]
    told = any(word in name.text or word in name.text.lower() for word in houses["words"])
    return name.head in houses["heads"] and told


def is_agent(name: Name, marked: Marked) -> bool:
    """Whether a Russian name is the doer of a passive verb: `held by the library`."""
    passage = marked.passage
    head = next(
        (t.word for t in passage.tokens if t.start >= name.start and _is_head(t.word, name)), ""
    )
    if not head.endswith(INSTRUMENTAL) or WITH.search(
        passage.low, max(0, name.start - 12), name.start
    ):
        return False
    start, end = passage.sentence_span(passage.sentence_of(name.start))
    passive = wordlist("bodies")["ru"]["passive"]
    return any(cue.key in passive for cue in marked.within(start, end, "organised"))


def _is_head(word: str, name: Name) -> bool:
    head = folded(name.head.rpartition("-")[2])[:4]
    return word.startswith(head) and (len(head) > 3 or len(word) <= len(head) + 2)


def meant_by(rows: list[Name], own: str | None) -> list[Name]:
    """The bare words for library, each as the library that they mean.

    That is the site's, or the one that the text has named before, if it has named one only.
    """
    made: list[Name] = []
    told: str | None = None
    for name in rows:
        if name.is_proper:
            told = told or _library_in(name)
        elif name.head in LIBRARIES and (whole := own or told):
            made.append(replace(name, text=whole))
    return made


def _library_in(name: Name) -> str | None:
    return name.text if name.head in LIBRARIES else None


def is_subject(name: Name, cue: Found, marked: Marked) -> bool:
    """Whether the bare word is the subject of the verb at `cue`."""
    low = marked.passage.low
    if not 0 < cue.start - name.end < NEAR:
        return False
    between = low[name.end : cue.start]
    staff = tuple(wordlist("bodies")["staff"]["words"])
    if name.case != NOMINATIVE:
        before = low[max(0, name.start - 20) : name.start].rstrip()
        return name.language == "ru" and before.endswith(staff)
    if between.lstrip().startswith(staff):
        return True
    if name.language == "ru":
        return SUBJECT.fullmatch(between) is not None
    return not ATTRIBUTE.match(between)


def is_supporter(name: Name, marked: Marked) -> bool:
    """Whether only support came from here."""
    low = marked.passage.low
    after = low[name.end : name.end + 24]
    before = low[max(0, name.start - 24) : name.start] if name.language == "ru" else ""
    # What stands before a name in quotation marks belongs to that name.
    before = before.rpartition("»")[2]
    words = wordlist("bodies")["support"]["words"]
    return after.lstrip().startswith(tuple(words)) or any(word in before for word in words)
