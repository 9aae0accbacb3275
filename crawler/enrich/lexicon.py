"""Finds phrases of a word list in a text, whatever their endings, in one pass.

A phrase is a row of words. In a Kazakh one the last word may carry endings (`дөңгелек үстелге`),
in a Russian one every word may (`круглого стола`); a word that ends with `*` takes anything,
and `…` between words stands for up to four others (`үйірмесінің … сабағы`).
Hyphens and spaces are the same. The cost is that of a few look-ups a word, however long the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from crawler.enrich.endings import (
    NOMINATIVE,
    kazakh_case,
    kazakh_stems,
    russian_endings,
    russian_stems,
)
from crawler.enrich.passage import WORD, Passage, Token, folded

EXACT, KAZAKH, RUSSIAN, ANYTHING = "exact", "kazakh", "russian", "anything"
GAP = ((), "gap")
WIDEST = 4
PIECE = re.compile(rf"{WORD.pattern}|…")


class Found(NamedTuple):
    """A phrase in a text: its tag and key, the tokens (first, last), offsets, Kazakh case."""

    tag: str
    key: str
    first: int
    last: int
    start: int
    end: int
    case: str


class _Entry(NamedTuple):
    words: tuple[tuple[tuple[str, ...], str], ...]
    tag: str
    key: str


@lru_cache(maxsize=65536)
def _case(stem: str, rule: str, word: str) -> str | None:
    """The case in which `word` is `stem` under a rule, or None when it is another word."""
    if not word.startswith(stem):
        return None
    ending = word[len(stem) :]
    if rule == KAZAKH:
        return kazakh_case(ending)
    if rule == RUSSIAN:
        return NOMINATIVE if ending in russian_endings() else None
    return NOMINATIVE if rule == ANYTHING or not ending else None


# Letters of a word whose stem is too short to be known alone.
SHORT = 3


@dataclass
class Lexicon:
    """Phrases by the stems of their first words; filled once, then only read."""

    _heads: dict[str, list[_Entry]] = field(default_factory=dict)
    _known: dict[str, tuple[_Entry, ...]] = field(default_factory=dict, repr=False)

    def add(self, phrase: str, tag: str, key: str, languages: Iterable[str]) -> None:
        """Put a phrase in, by the rules of `kk`, `ru` or both; `""` for exactly these letters."""
        words = PIECE.findall(folded(phrase))
        starred = phrase.endswith("*")
        for language in languages:
            entry = _Entry(tuple(_rules(words, language, starred)), tag, key)
            for stem in entry.words[0][0]:
                row = self._heads.setdefault(stem, [])
                if entry not in row:
                    row.append(entry)

    def find(self, passage: Passage) -> list[Found]:
        """Every phrase in the text, the longest at each place; none of one tag inside another."""
        found: list[Found] = []
        taken: dict[str, int] = {}
        tokens = passage.tokens
        for number, token in enumerate(tokens):
            entries = self._candidates(token.word)
            if entries:
                for hits in _longest(entries, tokens, number, passage).values():
                    if hits[0].last > taken.get(hits[0].tag, -1):
                        found.extend(hits)
                        taken[hits[0].tag] = hits[0].last
        return found

    def _candidates(self, word: str) -> tuple[_Entry, ...]:
        """The phrases that this word may begin."""
        known = self._known.get(word)
        if known is None:
            heads = self._heads
            known = tuple(
                entry
                for length in range(1, min(len(word), 24) + 1)
                for entry in heads.get(word[:length], ())
                if _case_of(entry.words[0], word)
            )
            if len(self._known) > 100_000:
                self._known.clear()
            self._known[word] = known
        return known


def _longest(
    entries: tuple[_Entry, ...], tokens: tuple[Token, ...], number: int, passage: Passage
) -> dict[str, list[Found]]:
    """The longest phrases of each tag that begin at a token."""
    best: dict[str, list[Found]] = {}
    for entry in entries:
        hit = _match(entry, tokens, number, passage)
        if hit is None:
            continue
        rivals = best.get(hit.tag)
        if rivals is None or hit.last > rivals[0].last:
            best[hit.tag] = [hit]
        elif hit.last == rivals[0].last and all(hit.key != rival.key for rival in rivals):
            rivals.append(hit)
    return best


def _case_of(word_rule: tuple[tuple[str, ...], str], word: str) -> str | None:
    stems, rule = word_rule
    for stem in stems:
        case = _case(stem, rule, word)
        if case:
            return case
    return None


def _rules(words: list[str], language: str, starred: bool) -> Iterable[tuple[tuple[str, ...], str]]:
    last = len(words) - 1
    for number, word in enumerate(words):
        if number == last and starred:
            yield (word,), ANYTHING
        elif word == "…":
            yield GAP
        elif language == "ru" and number and len(word) == SHORT and word[-1] in "ая":
            # Behind another word two letters are stem enough: `в Алма-Ате`.
            yield (word[:-1],), RUSSIAN
        elif language == "ru" and len(word) > 2:
            yield russian_stems(word), RUSSIAN
        elif language == "kk" and number == last:
            yield kazakh_stems(word), KAZAKH
        else:
            yield (word,), EXACT


def _match(entry: _Entry, tokens: tuple[Token, ...], first: int, passage: Passage) -> Found | None:
    last, slack, case = first - 1, 0, None
    for word_rule in entry.words:
        if word_rule is GAP:
            slack = WIDEST
            continue
        for last in range(last + 1, last + 2 + slack):  # noqa: B020 - goes on from here
            if last >= len(tokens) or (last > first and not _joined(tokens, last, passage, slack)):
                return None
            case = _case_of(word_rule, tokens[last].word)
            if case is not None:
                break
        if case is None:
            return None
        slack = 0
    end = tokens[last].end
    if case == NOMINATIVE and entry.words[-1][1] == KAZAKH:
        case, last, end = _hyphened(tokens, last, passage)
    return Found(entry.tag, entry.key, first, last, tokens[first].start, end, case or NOMINATIVE)


def _joined(tokens: tuple[Token, ...], number: int, passage: Passage, slack: int) -> bool:
    """Whether nothing but a space, a hyphen or a dash stands before this token."""
    before = tokens[number - 1]
    joint = passage.text[before.end : tokens[number].start]
    if slack:
        return len(joint) <= 3 and "\n" not in joint and not joint.strip(' \u00a0-‑–«»“”"')
    if joint == ". " and before.end - before.start == 1:
        return True
    return len(joint) <= 3 and not joint.strip(" \u00a0-‑–—")


def _hyphened(tokens: tuple[Token, ...], last: int, passage: Passage) -> tuple[str, int, int]:
    """An ending that follows after a hyphen, as in `ОКЖ-нің`."""
    here = tokens[last]
    if last + 1 < len(tokens):
        after = tokens[last + 1]
        joint = passage.text[here.end : after.start]
        if joint in ("-", "–", "’", "'", "‑") and passage.text[here.start : here.end].isupper():
            case = kazakh_case(after.word)
            if case is not None:
                return case, last + 1, after.end
    return NOMINATIVE, last, here.end
