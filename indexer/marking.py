"""Where the words of a question stand in a text, in whatever inflection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from typing import NamedTuple, Protocol

from indexer.beginnings import LONG_STEM, beginnings_pattern, rest_of_word, sure_letters
from indexer.kazakh.letters import KAZAKH_ONLY, fold
from indexer.plan import Plan
from indexer.schema import FACT
from indexer.sharing import russian_root
from indexer.terms import Spot, TextReader

LONGEST = 320  # letters of a word that is looked at
# Phrases of other words for the question's whose single words are marked.
LONGEST_MARKED = 2

_OTHER: dict[str | None, str] = {"kk": "ru", "ru": "kk"}
_GLUED = 3  # letters of a stem, at least, by which it is seen inside a glued word
_PLAIN = re.compile(r"[а-яё]+")
_LETTERS = re.compile(r"[а-яёәғқңөұүһі-]+")  # no look-alikes, nothing else that joins words


class Mark(NamedTuple):
    """A place in a text that answers a word of the question: offsets and the word's number."""

    start: int
    end: int
    word: int


class Marks(Protocol):
    """What finds places in texts."""

    def marks(self, text: str, language: str | None) -> list[Mark]:
        """The places, in order, none inside another."""


class _NoMarks:
    """Finds nothing."""

    def marks(self, text: str, language: str | None) -> list[Mark]:
        return []


NO_MARKS: Marks = _NoMarks()


class Marker:
    """Finds the words of one question in texts.

    Only words that begin like one of the question's are analysed: a stem keeps the first two
    letters of its word (a long one all but three, as sounds change only towards its end), up to
    letters that `fold` makes one; Latin letters may be look-alikes.
    """

    def __init__(self, plan: Plan, reader: TextReader) -> None:
        self._reader = reader
        self._stems: dict[str, int] = {}
        self._folded: dict[str, int] = {}
        self._beginnings = plan.beginnings
        for number, (place, _) in enumerate(plan.places):
            for token in place.tokens:
                self._stems.setdefault(token.stem, number)
                self._folded.setdefault(token.folded, number)
            meant = [stems for stems, _ in place.phrases if len(stems) <= LONGEST_MARKED]
            meant += [(fact,) for fact, _ in place.facts if not fact.startswith(FACT)]
            for stem in chain.from_iterable(meant):
                self._stems.setdefault(stem, number)
        terms = tuple(dict.fromkeys((*self._stems, *self._folded, *self._beginnings)))
        self._candidates = beginnings_pattern(terms)
        self._beginning = tuple(fold(term)[: sure_letters(term)] for term in terms if term)
        # The last letter of a stem may have changed.
        shown = {stem[:-1] if len(stem) > LONG_STEM else stem for stem in self._stems}
        self._inside = [stem for stem in shown if len(stem) >= _GLUED]
        self._known: dict[str | None, dict[str, tuple[Mark, ...]]] = {}

    def marks(self, text: str, language: str | None) -> list[Mark]:
        """Every place of a question's word in a text, in order, none inside another."""
        found: list[Mark] = []
        known = self._known.setdefault(language, {})
        lowered = _in_small_letters(text)
        if self._candidates is None:
            return found
        end = 0
        for match in self._candidates.finditer(lowered):
            start = match.start()
            if start < end:
                continue  # a part of the word before
            end = rest_of_word(lowered, match.end())
            word = lowered[start:end]
            marks = known.get(word)
            if marks is None:
                marks = known[word] = self._in_word(word, language) if self._begins(word) else ()
            if marks:
                found.extend(Mark(start + m.start, start + m.end, m.word) for m in marks)
        return self._with_glued(found, text, lowered, language)

    def _begins(self, word: str) -> bool:
        """Whether a candidate or a part of it begins like a term in all letters that are sure."""
        if not _LETTERS.fullmatch(word):
            return True
        folded = fold(word)
        return folded.startswith(self._beginning) or (
            "-" in folded and any(part.startswith(self._beginning) for part in folded.split("-"))
        )

    def _with_glued(
        self, found: list[Mark], text: str, lowered: str, language: str | None
    ) -> list[Mark]:
        """The marks and those inside words that were glued: `Бұқаржырауауданы` for `аудан`."""
        places = sorted({at for stem in self._inside for at in _inner_places(stem, lowered)})
        if not places:
            return found
        marked = {mark.start: mark for mark in found}
        end = 0
        for at in places:
            if at >= end:
                start, end = _word_around(text, at)
                for mark in self._in_word(text[start:end], language):
                    whole = mark._replace(start=start + mark.start, end=start + mark.end)
                    marked[whole.start] = whole
        return _apart([marked[start] for start in sorted(marked)])

    def _in_word(self, word: str, language: str | None) -> tuple[Mark, ...]:
        """The marks in a word, read in the text's language or, if there are none, the other.

        No word with a letter that Russian lacks is read as Russian.
        """
        marks = self._read_in(word, language)
        other = _OTHER.get(language or "")
        if not marks and other and (other != "ru" or self._may_be_russian(word)):
            marks = self._read_in(word, other)
        return marks

    def _may_be_russian(self, word: str) -> bool:
        """Whether a word that has no mark in Kazakh may have one when it is read as Russian.

        Its root tells; a Kazakh stem that it may have among Russian words was looked for before.
        """
        small = word.lower()
        if not KAZAKH_ONLY.isdisjoint(small) or small.isascii():
            return False
        if not _PLAIN.fullmatch(small) or self._reader.analyzer.is_glued(word):
            return True
        # A root is the beginning of its word: few words need to be stemmed.
        return fold(small).startswith(self._roots) and fold(russian_root(small)) in self._roots

    @cached_property
    def _roots(self) -> tuple[str, ...]:
        """The roots, folded, of words that have a term of the question when read as Russian."""
        terms = {*self._stems, *self._folded}
        roots = map(fold, chain(self._folded, map(russian_root, terms)))
        return tuple(dict.fromkeys(filter(None, roots)))

    def _read_in(self, word: str, language: str | None) -> tuple[Mark, ...]:
        marks: list[Mark] = []
        for spot in self._reader.word(word, language):
            number = self._number(spot)
            if number is not None and (not marks or spot.start >= marks[-1].end):
                marks.append(Mark(spot.start, spot.end, number))
        return tuple(marks)

    def _number(self, spot: Spot) -> int | None:
        number = self._stems.get(spot.stem)
        if number is None:
            number = self._folded.get(spot.folded)
        if number is None and self._beginnings:
            found = (n for n, begin in enumerate(self._beginnings) if spot.exact.startswith(begin))
            number = next((-1 - n for n in found), None)
        return number


def _in_small_letters(text: str) -> str:
    """The text in small letters, as long as before: one letter (`İ`) has two small ones."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text.replace("İ", "I").lower()


def _inner_places(stem: str, text: str) -> Iterator[int]:
    """Where a stem stands inside a word, not at its beginning."""
    at = text.find(stem, 1)
    while at > 0:
        if text[at - 1].isalpha():
            yield at
        at = text.find(stem, at + 1)


def _word_around(text: str, at: int) -> tuple[int, int]:
    """The letters, at most LONGEST, around a place."""
    start = end = at
    while start > max(at - LONGEST, 0) and text[start - 1].isalpha():
        start -= 1
    while end < min(at + LONGEST, len(text)) and text[end].isalpha():
        end += 1
    return start, end


def _apart(marks: list[Mark]) -> list[Mark]:
    """The marks, in order, that do not begin inside the one before."""
    kept: list[Mark] = []
    for mark in marks:
        if kept and mark.start < kept[-1].end:
            # The word as a whole was marked too; its part is the better mark.
            kept[-1] = min(kept[-1], mark, key=lambda one: one.end - one.start)
        else:
            kept.append(mark)
    return kept
