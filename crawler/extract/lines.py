"""The lines of a run of text, and which of them stand directly below a picture."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.extract.texts import tidy

PICTURE = "\0"  # stands in a run of text where a picture was; no parsed page has it itself
SHORTEST_WRAPPED = 50  # characters; a line broken by hand is not shorter
SHORTEST_PARTED = 60  # characters before an empty line of the markup that parts paragraphs

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
    found: list[Line] = []
    after_gap = True
    for raw in run.split("\n"):
        before, picture, after = raw.rpartition(PICTURE)
        text = tidy(raw.replace(PICTURE, " "))
        if not text:
            after_gap, below = True, below or bool(picture)
            continue
        below = below or (bool(picture) and not before.strip(" \xa0\t\r" + PICTURE))
        if not (after_gap or below) and text[0].islower() and _is_open(found[-1].text):
            found[-1] = Line(f"{found[-1].text} {text}", found[-1].below)
        else:
            found.append(Line(text, below))
        after_gap, below = False, bool(picture) and not after.strip()
    return found, below


def _is_open(line: str) -> bool:
    """Whether a line was broken for want of room: long, and ended by no mark."""
    return len(line) >= SHORTEST_WRAPPED and line[-1] not in '.!?:;…»”"'


def unbroken(text: str) -> str:
    """Text of the markup with its line breaks as blanks, as a browser shows it.

    An empty line after a long sentence is kept as a break: nobody types one inside a paragraph,
    and a style sheet that the page names may well show it.
    """
    if "\n" not in text:
        return text
    pieces = _GAP.split(text) if len(text) > 2 * SHORTEST_PARTED else [text]
    plain = [piece.replace("\n", " ") for piece in pieces]
    joined = plain[0]
    for piece in plain[1:]:
        last = joined.rpartition("\n")[2].rstrip()
        is_break = len(last) >= SHORTEST_PARTED and last[-1] in '.!?…:;»”"' and piece.strip()
        joined += ("\n" if is_break else " ") + piece
    return joined
