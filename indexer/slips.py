"""Questions typed while the keyboard was on another layout: `r3nfg[fyf` for `кітапхана`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.resources import files

from indexer.pieces import pieces_of

_LATIN = re.compile("[A-Za-z]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_MARKS = '.,;:!?«»"()'
SHORTEST = 3
SURE = 5  # letters of a word that does not become one by chance


@cache
def _layouts() -> tuple[dict[int, str], ...]:
    """What the keys of the Latin layout type in the Cyrillic ones."""
    told = tomllib.loads((files("indexer") / "data" / "keyboard.toml").read_text("utf-8"))
    return tuple(
        dict(zip(map(ord, told["latin"]), told[name], strict=True)) for name in told["cyrillic"]
    )


@cache
def _all_layouts() -> tuple[dict[int, str], ...]:
    """The same, and the letters of the first Cyrillic layout as the keys of the Latin one."""
    first = _layouts()[0]
    back = {ord(typed): chr(key) for key, typed in first.items() if typed.isalpha()}
    return (*_layouts(), back)


def other_layouts(text: str) -> Iterator[str]:
    """What would stand there had the keyboard been switched: Kazakh, Russian, then Latin."""
    lowered = text.lower()
    for table in _all_layouts():
        typed = lowered.translate(table)
        if typed != lowered:
            yield typed


def switched_chunks(text: str) -> Iterator[list[tuple[str, bool]]]:
    """The chunks of a question on each other layout, and whether each is another one there.

    Filters, joining words and figures by themselves stay.
    """
    chunks = chunks_of(text)
    for table in _all_layouts():
        made = [
            (chunk, chunk)
            if stays or not any(map(str.isalpha, chunk))
            else (chunk.lower(), chunk.lower().translate(table))
            for chunk, stays in chunks
        ]
        if any(typed != before for before, typed in made):
            yield [(typed, typed != before) for before, typed in made]


def unslipped(text: str, knows: Callable[[str], bool]) -> str | None:
    """A text of Latin letters as it was meant; None when it was not typed by such a slip.

    ``knows`` tells whether a word in small Cyrillic letters is one. Two thirds of the words must
    be, one of five letters or more among them; filters, joining words and figures by themselves
    stay.
    """
    if not _LATIN.search(text):
        return None
    chunks = chunks_of(text)
    words = " ".join(chunk for chunk, stays in chunks if not stays)
    if not _LATIN.search(words) or _CYRILLIC.search(words):
        return None
    for layout in _layouts():
        read = [None if stays else _read(one.lower(), layout, knows) for one, stays in chunks]
        if _is_language([word for word in read if word is not None], knows):
            return " ".join(word or chunk for word, (chunk, _) in zip(read, chunks, strict=True))
    return None


def chunks_of(text: str) -> list[tuple[str, bool]]:
    """What blanks part, and whether it stays whatever the layout was."""
    found: list[tuple[str, bool]] = []
    at = 0
    for piece in pieces_of(text):
        if piece.is_asked:
            found += [(chunk, False) for chunk in text[at : piece.start].split()]
            found.append((piece.text, True))
            at = piece.end
    return found + [(chunk, False) for chunk in text[at:].split()]


def _read(chunk: str, layout: dict[int, str], knows: Callable[[str], bool]) -> str | None:
    """A chunk on another layout; without its last mark where that makes it a word."""
    if not _LATIN.search(chunk):
        return None
    typed = chunk.translate(layout)
    shorter = chunk.rstrip(_MARKS)
    if shorter != chunk and not knows(typed) and knows(shorter.translate(layout)):
        return shorter.translate(layout)
    return typed


def _is_language(words: Iterable[str], knows: Callable[[str], bool]) -> bool:
    long = [word.strip(_MARKS) for word in words if len(word.strip(_MARKS)) >= SHORTEST]
    known = [word for word in long if word.isalpha() and knows(word)]
    return 3 * len(known) >= 2 * len(long) and any(len(word) >= SURE for word in known)
