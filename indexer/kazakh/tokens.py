"""What the analysis makes of a word."""

from __future__ import annotations

from dataclasses import dataclass

PREFIX_LENGTH = 5


@dataclass(frozen=True, slots=True)
class Token:
    """A word in its place with all its terms.

    ``text[start:end]`` is the word as written. ``exact`` is its normalised spelling, ``stem`` the
    dictionary form, ``prefix`` its first five letters and ``folded`` the stem, both as a Russian
    keyboard would write them, ``stop`` whether it is a function word, an initial or a suffix cut
    off by a quotation mark. ``position`` counts words: a hyphenated word stands whole at the
    position of its first part, its parts follow at their own positions. ``origin`` is
    ``keyboard`` or ``script`` for a guess of the query side, whose ``weight`` is mostly below 1;
    ``part`` and ``compound`` mark hyphenated words.
    """

    text: str
    start: int
    end: int
    position: int
    exact: str
    stem: str
    prefix: str
    folded: str
    stop: bool
    weight: float = 1.0
    origin: str = "word"
