"""Snippets and titles with the question's words marked, in whatever inflection they stand."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import lru_cache

from indexer.marking import Mark, Marks

LONGEST = 320
SHORT = 120
_SPECIAL = re.compile(r"[&<>\"']")
_SENTENCE_END = re.compile(
    r"(?<![.!?…])[.!?…]++[»”\")]*+\s++(?=[«“„\"(–—]?\s?[^\W\d_a-zа-яёәғқңөұүһі])"
)


def marked(text: str, marks: Sequence[Mark]) -> str:
    """The text as HTML with the marks; nothing of the text can become a tag."""
    escape = html.escape if _SPECIAL.search(text) else str
    parts: list[str] = []
    at = 0
    for mark in marks:
        parts.append(escape(text[at : mark.start]))
        parts.append(f"<mark>{escape(text[mark.start : mark.end])}</mark>")
        at = mark.end
    parts.append(escape(text[at:]))
    return "".join(parts)


def snippet(paragraphs: Sequence[str], marker: Marks, language: str | None) -> str:
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
