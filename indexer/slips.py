"""Questions typed while the keyboard was on another layout: `r3nfg[fyf` for `кітапхана`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files

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


def unslipped(text: str, knows: Callable[[str], bool]) -> str | None:
    """A text of Latin letters as it was meant; None when it was not typed by such a slip.

    ``knows`` tells whether a word in small Cyrillic letters is one. Two thirds of the words must
    be, one of five letters or more among them; figures by themselves stay.
    """
    if not _LATIN.search(text) or _CYRILLIC.search(text):
        return None
    for layout in _layouts():
        read = [_read(chunk, layout, knows) for chunk in text.lower().split()]
        if _is_language([word for word in read if word is not None], knows):
            chunks = text.split()
            return " ".join(word or chunk for word, chunk in zip(read, chunks, strict=True))
    return None


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
