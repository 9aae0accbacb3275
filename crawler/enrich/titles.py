"""Titles of projects, programmes, books and events, as they stand in quotation marks.

A quotation is a title where a word beside it says so (`crawler/data/enrich/titles.toml`), where
a kind of event does, or where it stands in the article's title. Quoted speech and the names of
bodies («Мұра» орталығы) are none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cache

from crawler.enrich.calendar import RUSSIAN_LETTERS
from crawler.enrich.fingerprint import normalised
from crawler.enrich.name import Name
from crawler.enrich.passage import Passage, Token
from crawler.enrich.reading import Marked, Reading
from crawler.enrich.wordlists import wordlist
from crawler.model import Evidence

MOST = 20
LOOKED_AT = 80
LONGEST = 120
MOST_WORDS = 12
AFTER = 60
APART = frozenset(".,;:!?\n()«»")


@cache
def _words(key: str) -> tuple[str, ...]:
    return tuple(wordlist("titles")[key])


def titles_of(
    reading: Reading, named: Mapping[str, list[Name]]
) -> tuple[tuple[str, Evidence], ...]:
    """The titles told, in order, with where they stand; `named` are the names of bodies."""
    found: dict[str, tuple[str, Evidence]] = {}
    for marked in reading.both:
        passage = marked.passage
        rows = named[passage.where]
        for start, end in passage.quoted[:LOOKED_AT]:
            title = " ".join(passage.text[start + 1 : end - 1].split()).strip(" .,")
            if not _is_title(title, start, end, marked, rows):
                continue
            key = normalised(title).translate(RUSSIAN_LETTERS)
            found.setdefault(key, (title, marked.evidence("titles", start + 1, end - 1)))
    return tuple(found.values())[:MOST]


def _is_title(title: str, start: int, end: int, marked: Marked, rows: Sequence[Name]) -> bool:
    words = title.split()
    if not words or len(title) > LONGEST or len(words) > MOST_WORDS or not title[-1:].strip("?"):
        return False
    if not any(letter.isalpha() for letter in title) or _is_of_body(start, end, rows):
        return False
    if marked.passage.where == "title":
        return True
    return _told_after(end, marked) or _told_before(start, marked)


def _is_of_body(start: int, end: int, rows: Sequence[Name]) -> bool:
    return any(name.start <= start and end <= name.end + 1 for name in rows)


def _told_after(end: int, marked: Marked) -> bool:
    """Whether a Kazakh word after the quotation says that it is a title."""
    passage = marked.passage
    between = _words("kk_between")
    for token in _near(passage, end, after=True):
        if APART & set(passage.text[end : token.start]):
            return False
        if token.word in _words("kk_called"):
            return True
        if token.word.startswith(_words("kk")) and token.word not in between:
            return True
        if marked.has(token.start, token.end, "kind"):
            return True
        if token.word not in between:
            return False
    return False


def _told_before(start: int, marked: Marked) -> bool:
    """Whether a Russian word before the quotation does."""
    passage = marked.passage
    for number, token in enumerate(_near(passage, start, after=False)):
        if APART & set(passage.text[token.end : start]):
            return False
        if token.word in _words("ru_called") or token.word.startswith(_words("ru")):
            return True
        if number < 2 and marked.within(max(0, token.start - 30), token.end, "kind"):
            return True
    return False


def _near(passage: Passage, offset: int, *, after: bool) -> Sequence[Token]:
    """Four words after an offset, or three before it, the nearest first."""
    tokens = passage.tokens
    number = bisect_left(tokens, offset, key=_start)
    return tokens[number : number + 4] if after else tokens[max(0, number - 3) : number][::-1]


def _start(token: Token) -> int:
    return token.start
