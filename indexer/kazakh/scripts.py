"""Kazakh written in Latin or Arabic letters, read as Cyrillic; and Cyrillic written in Latin."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from indexer.kazakh.letters import VOWELS, compose, lower
from indexer.kazakh.tables import rows_of

MOST_READINGS = 16

_SIGNS = (
    ("2018", re.compile("[áǵńóúý]")),
    ("2021", re.compile("[äğñöşūüŋ]")),
    ("2017", re.compile("[agnosucyi]'")),
)
# A letter of two alphabets; an apostrophe that may be English.
_WEAK = re.compile("ı|[agnosucyi]'")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_LATIN_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|(?<=[agnosucyi])')+")
MOST_TRIED = 12
_HAMZA = "ءٴٵٶٷٸأئ"
_SOFTENING = frozenset("ەگك")
_FRONTED = str.maketrans("аоұы", "әөүі")
_FRONTED_BY_CONSONANT = str.maketrans("оұы", "өүі")


def latin_variant(text: str, knows: Callable[[str], bool] | None = None) -> str | None:
    """The Latin alphabet a text betrays by its letters: ``2021``, ``2018``, ``2017``, None.

    The variant with most tell-tale letters wins; plain ASCII (and so English) gives None. Where
    all that tells is ``ı`` (of 2021 and 2018) or a single apostrophe, that variant is taken in
    which most words are known (``knows`` a normalised Cyrillic word), if half of them are.
    """
    if not _LATIN.search(text):
        return None
    small = lower(compose(text))
    counts = {name: len(pattern.findall(small)) for name, pattern in _SIGNS}
    if counts["2017"] < 2:
        counts["2017"] = 0
    best = max(counts, key=lambda name: counts[name])
    if counts[best]:
        return best
    candidates = ("2021", "2018") if "ı" in small else ("2017",) if _WEAK.search(small) else ()
    if knows is None:
        return candidates[0] if len(candidates) > 1 else None
    return _most_known(small, candidates, knows)


def may_be_latin_kazakh(text: str) -> bool:
    """Whether a text has any sign of Kazakh in Latin letters; cheap."""
    small = lower(compose(text))
    return bool(_WEAK.search(small)) or any(pattern.search(small) for _, pattern in _SIGNS)


def _most_known(small: str, variants: tuple[str, ...], knows: Callable[[str], bool]) -> str | None:
    found = _LATIN_WORD.findall(small)[:MOST_TRIED]
    known = {v: sum(any(map(knows, readings(word, v))) for word in found) for v in variants}
    best = max(variants, key=lambda name: known[name], default=None)
    return best if best and 2 * known[best] >= max(1, len(found)) else None


@cache
def _letters(variant: str) -> dict[str, tuple[str, ...]]:
    return {row[1]: tuple(row[2].split()) for row in rows_of("scripts.tsv", 3) if row[0] == variant}


@cache
def _longest(variant: str) -> int:
    return max(map(len, _letters(variant)))


def readings(word: str, variant: str) -> list[str]:
    """Cyrillic readings of a normalised word, likeliest first, at most ``MOST_READINGS``.

    ``variant`` is one of 2021, 2018, 2017, adhoc, arabic. A letter the variant does not know
    makes the list empty.
    """
    found = [""]
    at = 0
    while at < len(word):
        piece = _piece(word, at, variant)
        if piece is None:
            return []
        options = _letters(variant)[piece] or ("",)
        found = [old + new for old in found for new in _fitting(options, old)]
        found = sorted(set(found), key=found.index)[:MOST_READINGS]
        at += len(piece)
    return _fronted(word, found) if variant == "arabic" else found


def _piece(word: str, at: int, variant: str) -> str | None:
    letters = _letters(variant)
    for length in range(_longest(variant), 0, -1):
        piece = word[at : at + length]
        if piece in letters:
            return piece
    return None


def _fitting(options: tuple[str, ...], before: str) -> list[str]:
    after_vowel = before[-1:] in VOWELS and bool(before)
    fitting: list[str] = []
    for option in options:
        mark, colon, letters = option.rpartition(":")
        fits = not colon or (after_vowel if mark == "v" else not before)
        if fits and letters not in fitting:
            fitting.append(letters)
    return fitting


def _fronted(word: str, found: list[str]) -> list[str]:
    if any(sign in word for sign in _HAMZA):
        return [reading.translate(_FRONTED) for reading in found]
    if not _SOFTENING.isdisjoint(word):
        front = [_fronted_till_back(reading) for reading in found]
        return list(dict.fromkeys((*front, *found)))[:MOST_READINGS]
    return found


def _fronted_till_back(reading: str) -> str:
    """Vowels fronted up to the first а: ``кітапхананың`` has both harmonies."""
    front, back, rest = reading.partition("а")
    return front.translate(_FRONTED_BY_CONSONANT) + back + rest


@cache
def _latin_of(variant: str) -> dict[str, str]:
    ranked: list[tuple[bool, int, str, str]] = []
    for latin, options in _letters(variant).items():
        letters = [option.rpartition(":")[2] for option in options]
        ranked += [(place > 0, len(latin), letter, latin) for place, letter in enumerate(letters)]
    table: dict[str, str] = {}
    for _, _, letter, latin in sorted(ranked):
        if len(letter) == 1:
            table.setdefault(letter, latin)
    return table


def to_latin(word: str, variant: str = "2021") -> str:
    """A small-letter Cyrillic word in a Latin variant; ь and ъ are left out, the rest kept."""
    table = _latin_of(variant)
    return "".join(table.get(letter, "" if letter in "ьъ" else letter) for letter in word)
