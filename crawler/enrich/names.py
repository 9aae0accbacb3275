"""Names of libraries, other bodies and rooms in a text, brought to their base form.

A name is a head (`кітапхана`, `управление`) with the words that belong to it: in Kazakh they
stand before it, in Russian adjectives before and genitives after.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from crawler.enrich.endings import NOMINATIVE, kazakh_case
from crawler.enrich.kazakh_names import abbreviated, is_plain, kazakh_name
from crawler.enrich.name import ANY, Name
from crawler.enrich.passage import QUOTES, Passage
from crawler.enrich.reading import KAZAKH_LETTERS, Marked, Reading
from crawler.enrich.russian_names import russian_name

MOST = 400
# Of Kazakh text about a sixth of the letters are its own, of Russian none but in names.
SAMPLE = 1000
KAZAKH_SHARE = 0.04
CLOSING = ("»", "”", '"')
LISTED = re.compile(r"\s{0,4}(?:,|\.|;|\)|\Z|және\b|мен\b|пен\b|бен\b|-)")
# Legal forms; the second row is Kazakh.
LEGAL_NAMED = re.compile(
    r"\b(КГУ|ГККП|КГКП|ГКП|КГП|ГУ|РГУ|РГП|РГКП|ОО|РОО|ОФ|КФ|ЧФ|ТОО|АО|НАО|НПО|НКО|ЧУ|ИП|ОЮЛ)"
    r"\s{1,2}«[^«»\n]{2,80}»"
)
NAMED_LEGAL = re.compile(
    r"(«[^«»\n]{2,80}»\s{1,2}(КММ|КМҚК|МКҚК|РММ|РМК|ММ|ҚБ|РҚБ|ҚҚ|ЖШС|АҚ|КеАҚ|ҮЕҰ))\b"
    r"(?:[-‑–]([а-яәғқңөұүһі]{2,4})\b)?"
)
LEGAL = re.compile(r"\b(?:КГУ|ГККП|ГУ|РГУ|РГП|КММ|ММ|МКҚК|РММ|РМК)\s{1,4}\Z")
LEGAL_AFTER = re.compile(r"\s{0,4}(?:КММ|ММ|МКҚК|РММ|РМК|КМҚК)\b(?:[-‑–]([а-яәғқңөұүһі]{2,4})\b)?")


def _legal(marked: Marked) -> list[Name]:
    """Bodies told by their legal form and a name in quotes: `ОФ «Келешек»`, `«Үміт» ҚБ`."""
    text = marked.passage.text
    made = [
        Name(m.start(), m.end(), m[0], ANY, m[1], "body", "ru")
        for m in itertools.islice(LEGAL_NAMED.finditer(text), MOST)
    ]
    for m in itertools.islice(NAMED_LEGAL.finditer(text), MOST):
        case = kazakh_case(m[3]) if m[3] else NOMINATIVE
        if case is not None:
            made.append(Name(m.start(), m.end(), m[1], case, m[2], "body", "kk"))
    return made


def names_of(reading: Reading) -> dict[str, list[Name]]:
    """The names in the title and in the text, by `where`."""
    return {marked.passage.where: names(marked) for marked in reading.both}


def names(marked: Marked) -> list[Name]:
    """Every name of a body or a place, in order; of nested ones the outermost, MOST at most."""
    heads = [*marked.tagged("kk-bodies", "kk-places")[:MOST], *abbreviated(marked)[:MOST]]
    kazakh = (kazakh_name(marked, h) for h in heads)
    russian = (russian_name(marked, h) for h in marked.tagged("ru-bodies", "ru-places")[:MOST])
    # Of two of one span, as an abbreviation gives them, the first is kept.
    both = (*kazakh, *russian) if _is_kazakh(marked.passage) else (*russian, *kazakh)
    found = [name for name in (*_legal(marked), *both) if name is not None]
    found.sort(key=lambda name: (name.start, -name.end))
    kept: list[Name] = []
    for name in found:
        if not kept or name.end > kept[-1].end:
            kept.append(name)
    passage = marked.passage
    whole = (_with_quotes(passage, _with_legal_form(passage, name)) for name in kept)
    return [name for name in whole if not _is_quoted(passage, name)]


def _is_kazakh(passage: Passage) -> bool:
    """Whether the text has as many letters of Kazakh alone as Kazakh has."""
    told = passage.low[:SAMPLE]
    return sum(map(told.count, KAZAKH_LETTERS)) > len(told) * KAZAKH_SHARE


def _with_quotes(passage: Passage, name: Name) -> Name:
    """A name that fills quotation marks, with them."""
    if passage.in_quotes(name.start) and _fills_quotes(passage, name):
        text = f"«{name.text}»"
        return replace(name, start=name.start - 1, end=name.end + 1, text=text)
    return name


def _with_legal_form(passage: Passage, name: Name) -> Name:
    """A name in quotes after `КГУ` and the like begins, as a phrase, with that."""
    if not passage.in_quotes(name.start) or passage.text[name.start - 1] not in QUOTES:
        return name
    after = LEGAL_AFTER.match(passage.text, name.end + 1)
    if after is not None and name.language == "kk":
        case = kazakh_case(after[1] or "") or name.case
        whole = f"«{name.text}» {after[0].split('-')[0].strip()}"
        return replace(name, start=name.start - 1, end=after.end(), text=whole, case=case)
    before = passage.text[max(0, name.start - 9) : name.start - 1]
    form = LEGAL.search(before)
    return replace(name, start=name.start - 1 - len(before) + form.start()) if form else name


def _is_quoted(passage: Passage, name: Name) -> bool:
    """Whether the name stands inside a title; one of a legal entity is a name all the same."""
    if not passage.in_quotes(name.start) or passage.text[name.start] in QUOTES:
        return False
    after = passage.text[name.end + 1 : name.end + 12]
    return LEGAL_AFTER.match(after) is None


def _fills_quotes(passage: Passage, name: Name) -> bool:
    """Whether a name of common words is all that the quotation marks hold: it is no title."""
    if passage.text[name.start - 1 : name.start] not in tuple(QUOTES):
        return False
    if passage.text[name.end : name.end + 1] not in CLOSING or not is_plain(name):
        return False
    return name.case != NOMINATIVE or LISTED.match(passage.low, name.end + 1) is not None
