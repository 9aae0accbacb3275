"""Lines that were broken by hand, joined to the paragraphs they were.

Within a group (blank lines part groups) a line goes on in the next when that begins small after
no mark of an end; in a text that is plainly broken to a column also when the next word would not
have had room.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crawler.extract.texts import tidy

WIDEST = 110  # characters of a line that was broken by hand
SHORTEST_OPEN = 10  # characters of a line that the first small one of a group may go on from
NARROWEST = 40  # characters of a column
MOST_ENDED = 0.5  # part of the full lines that may end a sentence; more are paragraphs each

_LISTED = re.compile(r"(?:\d{1,3}[.)]|[-–•*·])\s+\S")
_BEGINS = re.compile(r"(?:\d{1,3}[.)]|[-–—•*·])\s+\S|\d{1,2}[:.]\d\d(?!\d)")
_CUT = re.compile(r"\A[^\W\d_]{2,40}-\Z")
PATTERNS = (_LISTED, _BEGINS, _CUT)
_ENDS = ".!?…:;"
_AROUND = '.,!?:;«»“”"()'
_CLOSING = '»”")]'


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    indent: int


def is_listed(text: str) -> bool:
    """Whether a line begins as an item of a list does: with a number or a mark."""
    return _LISTED.match(text) is not None


def paragraphs_of(lines: Sequence[str]) -> Iterator[str]:
    """The paragraphs of a text's lines, tidied; no line is lost."""
    groups = list(_groups(lines))
    column = _column(groups)
    words = (word for group in groups for line in group for word in line.text.split())
    whole = frozenset(word.strip(_AROUND) for word in words)
    for group in groups:
        yield from _joined(group, column, whole)


def _groups(lines: Sequence[str]) -> Iterator[list[_Line]]:
    group: list[_Line] = []
    for line in (*lines, ""):
        if text := tidy(line):
            plain = line.expandtabs(4)
            group.append(_Line(text, len(plain) - len(plain.lstrip())))
        elif group:
            yield group
            group = []


def _column(groups: Sequence[Sequence[_Line]]) -> int:
    """The width that a text was broken to, 0 where its lines are paragraphs.

    Told by the lines that the first word of their next would have made too wide: few of those
    end a sentence where the breaks are by hand.
    """
    pairs = [pair for group in groups for pair in pairwise(group)]
    width = max((line.indent + len(line.text) for group in groups for line in group), default=0)
    if not NARROWEST <= width <= WIDEST:
        return 0
    full = [line.text for line, after in pairs if _had_no_room(line, after, width)]
    small = sum(_begins_small(after.text) for _, after in pairs)
    if not full or sum(map(_is_ended, full)) > MOST_ENDED * len(full):
        return 0
    return width if small or len(full) >= 3 else 0


def _joined(group: Sequence[_Line], column: int, whole: frozenset[str]) -> Iterator[str]:
    """The paragraphs of one group of lines."""
    width = _width(group) or column
    held = [group[0].text]
    for before, line in pairwise(group):
        if _goes_on(before, line, width, held):
            held.append(line.text)
        else:
            yield _one(held, whole)
            held = [line.text]
    yield _one(held, whole)


def _width(group: Sequence[_Line]) -> int:
    """The width of the group's own column, 0 where no line goes on in a small one."""
    width = max(line.indent + len(line.text) for line in group)
    told = any(
        _is_told(before, line) and not _begins_small(before.text)
        for before, line in pairwise(group)
    )
    return width if told and width <= WIDEST else 0


def _goes_on(before: _Line, line: _Line, width: int, held: Sequence[str]) -> bool:
    """Whether `line` belongs to the paragraph of which the lines `held` are read."""
    if len(before.text) > WIDEST:
        return False
    full = bool(width) and _had_no_room(before, line, width)
    if _begins_item(line.text):
        is_aside = line.text[0] in "–—" and _begins_small(line.text[1:].lstrip())
        return full and not _is_ended(before.text) and (is_aside or not _begins_item(held[0]))
    if _is_told(before, line):
        # What begins small itself is an item of a list, or a caption.
        length = sum(map(len, held[:SHORTEST_OPEN]))
        return full or (length >= SHORTEST_OPEN and not _begins_small(held[0]))
    # What hangs below the mark of an item is its own, what stands deeper after its end is not.
    hangs = _begins_item(before.text) and not _is_ended(before.text)
    return full and (hangs or line.indent <= before.indent)


def _is_told(before: _Line, line: _Line) -> bool:
    """Whether a small letter after no end says that a line goes on."""
    return _begins_small(line.text) and not _is_ended(before.text) and len(before.text) <= WIDEST


def _had_no_room(before: _Line, line: _Line, width: int) -> bool:
    return before.indent + len(before.text) + 1 + len(line.text.split(" ", 1)[0]) > width


def _begins_item(text: str) -> bool:
    """Whether a line begins as an item of a list or of a programme does."""
    return _BEGINS.match(text) is not None


def _begins_small(text: str) -> bool:
    return text.lstrip('«“"(')[:1].islower()


def _is_ended(text: str) -> bool:
    return text.rstrip(_CLOSING)[-1:] in _ENDS


def _one(pieces: Sequence[str], words: frozenset[str]) -> str:
    """The pieces as one paragraph; a word that was cut at the end of a line is made whole."""
    told = [pieces[0]]
    for before, piece in pairwise(pieces):
        word, first = before.rsplit(" ", 1)[-1], piece.split(" ", 1)[0]
        if not (_CUT.match(word) and first[:1].islower()):
            told += (" ", piece)
        else:
            if word + first.strip(_AROUND) not in words:
                told[-1] = told[-1][:-1]
            told.append(piece)
    return "".join(told)
