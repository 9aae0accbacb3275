"""The lines of a run of text, and which of them stand directly below a picture."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.extract.texts import tidy

PICTURE = "\0"  # stands in a run of text where a picture was; no parsed page has it itself
SHORTEST_WRAPPED = 50  # characters; a line broken by hand is not shorter
SHORTEST_PARTED = 60  # characters before an empty line of the markup that parts paragraphs
LOOKED_AT = 200  # characters at the end of a line, more than the blanks that can end it

_GAP = re.compile(r"\n[ \t\r\xa0]{0,40}\n")
PATTERNS = (_GAP,)


@dataclass(frozen=True, slots=True)
class Line:
    """A tidied line; `below` says that nothing but a picture stands before it."""

    text: str
    below: bool = False


def lines_of(run: str, below: bool) -> tuple[list[Line], bool]:
    """The lines of a run of text, and whether it ends with a picture.

    `below` says whether a picture stands right before it. A long line without a full stop goes
    on in a next that begins small.
    """
    held: list[tuple[list[str], bool]] = []
    after_gap = True
    for raw in run.split("\n"):
        before, picture, after = raw.rpartition(PICTURE)
        text = tidy(raw.replace(PICTURE, " "))
        if not text:
            after_gap, below = True, below or bool(picture)
            continue
        below = below or (bool(picture) and not before.strip(" \xa0\t\r" + PICTURE))
        if not (after_gap or below) and text[0].islower() and _is_open(held[-1][0]):
            held[-1][0].append(text)
        else:
            held.append(([text], below))
        after_gap, below = False, bool(picture) and not after.strip()
    return [Line(" ".join(pieces), is_below) for pieces, is_below in held], below


def _is_open(pieces: list[str]) -> bool:
    """Whether a line was broken for want of room: long, and ended by no mark."""
    is_long = len(pieces) > 1 or len(pieces[0]) >= SHORTEST_WRAPPED
    return is_long and pieces[-1][-1] not in '.!?:;…»”"'


def unbroken(text: str) -> str:
    """Text of the markup with its line breaks as blanks, as a browser shows it.

    An empty line after a long sentence is kept as a break: nobody types one inside a paragraph,
    and a style sheet that the page names may well show it.
    """
    if "\n" not in text:
        return text
    pieces = _GAP.split(text) if len(text) > 2 * SHORTEST_PARTED else [text]
    plain = [piece.replace("\n", " ") for piece in pieces]
    # The line that is being read is looked at by its end alone: all of it each time takes too long.
    parts, last = [plain[0]], plain[0]
    for piece in plain[1:]:
        end = last.rstrip()
        is_break = len(end) >= SHORTEST_PARTED and end[-1] in '.!?…:;»”"' and piece.strip()
        mark = "\n" if is_break else " "
        parts += (mark, piece)
        last = piece if is_break else f"{last[-LOOKED_AT:]} {piece}"
    return "".join(parts)
