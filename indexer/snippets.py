"""Snippets and titles with the question's words marked, in whatever inflection they stand."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from indexer.kazakh.letters import KAZAKH_ONLY, fold
from indexer.look_alikes import look_alikes_of
from indexer.plan import Plan
from indexer.schema import FACT
from indexer.spelling import letters_like
from indexer.terms import Spot, TextReader

LONGEST = 320
SHORT = 120
LONG_STEM = 5
# Phrases of other words for the question's whose single words are marked.
LONGEST_MARKED = 2

_JOINERS = r"\-‐‑'’ʼ"
# What stands inside a word, soft hyphens and other invisible marks among it.
_INNER = r"[\w\u00ad\u200b-\u200f\u2060\ufeff]"
_OTHER: dict[str | None, str] = {"kk": "ru", "ru": "kk"}
_GLUED = 3  # letters of a stem, at least, by which it is seen inside a glued word
_SENTENCE_END = re.compile(
    r"(?<![.!?…])[.!?…]++[»”\")]*+\s++(?=[«“„\"(–—]?\s?[^\W\d_a-zа-яёәғқңөұүһі])"
)


class Mark(NamedTuple):
    """A place in a text that answers a word of the question: offsets and the word's number."""

    start: int
    end: int
    word: int


class Marker:
    """Finds the words of one question in texts.

    Only words that begin like one of the question's are analysed: a stem keeps the first two
    letters of its word (a long one three, as sounds change only towards its end), up to letters
    that `fold` makes one; Latin letters may be look-alikes.
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
        self._candidates = _candidates((*self._stems, *self._folded, *self._beginnings))
        # The last letter of a stem may have changed.
        shown = {stem[:-1] if len(stem) > LONG_STEM else stem for stem in self._stems}
        self._inside = [stem for stem in shown if len(stem) >= _GLUED]
        self._known: dict[tuple[str, str | None], tuple[Mark, ...]] = {}

    def marks(self, text: str, language: str | None) -> list[Mark]:
        """Every place of a question's word in a text, in order, none inside another."""
        found: list[Mark] = []
        known = self._known
        lowered = text.lower()
        if self._candidates is None or len(lowered) != len(text):
            return found
        for match in self._candidates.finditer(lowered):
            word = match.group()
            marks = known.get((word, language))
            if marks is None:
                marks = known[word, language] = self._in_word(word, language)
            if marks:
                start = match.start()
                found.extend(Mark(start + m.start, start + m.end, m.word) for m in marks)
        return self._with_glued(found, text, lowered, language)

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
        if not marks and other and (other != "ru" or KAZAKH_ONLY.isdisjoint(word)):
            marks = self._read_in(word, other)
        return marks

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


def _candidates(terms: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern of the words that may have one of the terms; None for no terms."""
    begins = dict.fromkeys(_begin(fold(term)) for term in terms if term)
    if not begins:
        return None
    return re.compile(rf"\b(?:{'|'.join(begins)}|[a-z]){_INNER}*(?:[{_JOINERS}]{_INNER}+)*")


def _begin(folded: str) -> str:
    sure = 3 if len(folded) >= LONG_STEM else 2
    return "".join(f"[{re.escape(_written(letter))}]" for letter in folded[:sure])


def _written(letter: str) -> str:
    """The letters that may stand for one: those that `fold` makes one, and look-alikes."""
    like = letters_like(letter)
    return like + "".join(map(look_alikes_of, like))


def marked(text: str, marks: Sequence[Mark]) -> str:
    """The text as HTML with the marks; nothing of the text can become a tag."""
    parts: list[str] = []
    at = 0
    for mark in marks:
        parts.append(html.escape(text[at : mark.start], quote=True))
        parts.append(f"<mark>{html.escape(text[mark.start : mark.end], quote=True)}</mark>")
        at = mark.end
    parts.append(html.escape(text[at:], quote=True))
    return "".join(parts)


def snippet(paragraphs: Sequence[str], marker: Marker, language: str | None) -> str:
    """The passage that answers best, one or two sentences, as HTML with marks.

    Best is the sentence with most different words of the question, then most marks, then the
    earliest. Without any mark it is the beginning of the text.
    """
    found = _by_paragraph(paragraphs, marker.marks("\n".join(paragraphs), language))
    best: tuple[int, int] = (0, 0)
    chosen: tuple[str, list[Mark]] | None = None
    for number in sorted(found, key=lambda number: _worth(found[number]), reverse=True):
        paragraph, marks = paragraphs[number], found[number]
        if _worth(marks) <= best:
            break
        for start, end in sentences(paragraph):
            worth = _worth([mark for mark in marks if start <= mark.start and mark.end <= end])
            if worth > best:
                best, chosen = worth, _cut(paragraph, (start, end), marks)
    if chosen is None:
        first = next((paragraph for paragraph in paragraphs if paragraph.strip()), "")
        chosen = _cut(first, (0, min(len(first), LONGEST)), [])
    return marked(*chosen)


def _worth(marks: Sequence[Mark]) -> tuple[int, int]:
    """How many different words of the question, how many marks."""
    return len({mark.word for mark in marks}), len(marks)


def _by_paragraph(paragraphs: Sequence[str], marks: Sequence[Mark]) -> dict[int, list[Mark]]:
    """Marks of the paragraphs joined by line breaks as marks of each paragraph."""
    found: dict[int, list[Mark]] = {}
    number, start = 0, 0
    for mark in marks:
        while mark.start > start + len(paragraphs[number]):
            start += len(paragraphs[number]) + 1
            number += 1
        found.setdefault(number, []).append(Mark(mark.start - start, mark.end - start, mark.word))
    return found


@lru_cache(maxsize=4096)
def sentences(paragraph: str) -> tuple[tuple[int, int], ...]:
    """The offsets of the sentences of a paragraph, in order, spaces between left out."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in _SENTENCE_END.finditer(paragraph):
        end = match.start() + len(match.group().rstrip())
        if end - start > 3 and not _initial(paragraph, match.start()):
            found.append((start, end))
            start = match.end()
    if start < len(paragraph):
        found.append((start, len(paragraph)))
    return tuple(found)


def _initial(text: str, stop: int) -> bool:
    """Whether the stop ends an initial or a short abbreviation (`Ә. Тәжібаев`, `т. б.`)."""
    return stop < 2 or not text[stop - 2].isalnum() or (stop > 2 and text[stop - 3] == " ")


def _cut(text: str, span: tuple[int, int], marks: Sequence[Mark]) -> tuple[str, list[Mark]]:
    """The passage around a sentence: short ones with the next, long ones cut at words."""
    start, end = span
    if end - start < SHORT:
        after = next((e for s, e in sentences(text) if s >= end), end)
        end = after if after - start <= LONGEST else end
    if end - start > LONGEST:
        start, end = _window(text, (start, end), marks)
    before, behind = ("… " if start > 0 else ""), (" …" if end < len(text) else "")
    shift = len(before) - start
    inside = [
        Mark(mark.start + shift, mark.end + shift, mark.word)
        for mark in marks
        if start <= mark.start and mark.end <= end
    ]
    return f"{before}{text[start:end]}{behind}", inside


def _window(text: str, span: tuple[int, int], marks: Sequence[Mark]) -> tuple[int, int]:
    """The stretch of at most LONGEST characters with most different words, cut at spaces."""
    start, end = span
    inside = [mark for mark in marks if start <= mark.start and mark.end <= end]
    best, at = 0, start
    for number, mark in enumerate(inside):
        words = {m.word for m in inside[number:] if m.end <= mark.start + LONGEST - 40}
        if len(words) > best:
            best, at = len(words), mark.start
    begin = _word_start(text, max(start, min(at - 40, end - LONGEST)), start)
    return begin, _word_end(text, min(end, begin + LONGEST), end)


def _word_start(text: str, at: int, least: int) -> int:
    space = text.find(" ", at) if at > least else -1
    return space + 1 if 0 <= space < at + 40 else at


def _word_end(text: str, at: int, most: int) -> int:
    space = text.rfind(" ", max(at - 40, 0), at) if at < most else -1
    return space if space > 0 else at
