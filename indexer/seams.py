"""Where two words were glued: `қаласыАманжоловтың`, `қорытындысыжәне`, `Facebookпарақшасы`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import cache

from indexer.kazakh.compounds import is_suffix_tail
from indexer.look_alikes import repair_data

SHORTEST = 9  # letters of a word that may be two
LONGEST = 60  # letters of a word that is looked at
SHORTEST_PART = 4
FREQUENT = 3  # times that a part must stand in the vocabulary by itself
RARE = 1  # times that a glued word may
OFTEN = 5  # geometric mean of the counts of two plain words, neither a particle

_CASE = re.compile(r"(?<=[а-яёәғқңөұүһі])(?=[А-ЯЁӘҒҚҢӨҰҮҺІ])")
_SCRIPT = re.compile(r"(?<=[A-Za-z])(?=[\u0400-\u052f])|(?<=[\u0400-\u052f])(?=[A-Za-z])")
PATTERNS = (_CASE, _SCRIPT)
_NONE: Mapping[str, int] = {}


def seams(word: str, vocabulary: Mapping[str, int] = _NONE) -> tuple[int, ...]:
    """Places in a word of letters before which a blank is missing; mostly none.

    `vocabulary` has how often words (small letters) stand in the collection; without it only
    seams of case between a word in small letters, or a patronymic, and a name are seen.
    """
    if not SHORTEST_PART * 2 <= len(word) <= LONGEST:
        return ()
    if word.islower() and vocabulary.get(word, 0) > RARE:
        return ()
    for seam, test in ((_CASE, _is_case_seam), (_SCRIPT, _is_script_seam)):
        places = [match.start() for match in seam.finditer(word)]
        if places:
            parts = _cut(word, places)
            return tuple(places) if test(parts, vocabulary) else ()
    if not vocabulary or len(word) < SHORTEST or vocabulary.get(word.lower(), 0) > RARE:
        return ()
    return _by_vocabulary(word, vocabulary)


def _cut(word: str, places: list[int]) -> list[str]:
    ends = [*places, len(word)]
    return [word[start:end] for start, end in zip([0, *places], ends, strict=True)]


def _is_case_seam(parts: list[str], vocabulary: Mapping[str, int]) -> bool:
    """Whether a capital begins a new word: brands (`ҚазМұнайГаз`, `еГов`) begin with one too."""
    if len(parts) != 2 or min(map(len, parts)) < SHORTEST_PART or not parts[1][1:].islower():
        return False
    left = parts[0].lower()
    if parts[0].islower() or left.endswith(_names()):
        return True
    return all(vocabulary.get(part.lower(), 0) >= FREQUENT for part in parts)


def _is_script_seam(parts: list[str], vocabulary: Mapping[str, int]) -> bool:
    """Whether a Latin and a Cyrillic word are glued; endings of Latin words stay with them."""
    if len(parts) != 2 or min(map(len, parts)) < SHORTEST_PART:
        return False
    words = [part.lower() for part in parts if not part.isascii()]
    return all(vocabulary.get(word, 0) >= FREQUENT for word in words)


def _by_vocabulary(word: str, vocabulary: Mapping[str, int]) -> tuple[int, ...]:
    """The best place between two words of the collection, or none."""
    small = word.lower()
    found = [
        (worth, place)
        for place in range(3, len(small) - 2)
        for worth in _worths(small[:place], small[place:], word[0].isupper(), vocabulary)
    ]
    return (max(found)[1],) if found else ()


def _worths(left: str, right: str, is_name: bool, vocabulary: Mapping[str, int]) -> Iterator[float]:
    """How well two words explain one, if they do."""
    if right in _words("called") and is_name and len(left) >= SHORTEST_PART:
        yield 100.0 + len(right)
        return
    counts = vocabulary.get(left, 0), vocabulary.get(right, 0)
    if min(counts) < FREQUENT or min(len(left), len(right)) < SHORTEST_PART:
        return
    if right in _words("tails") or is_suffix_tail("-", right):
        return
    if left in _words("particles") or right in _words("particles"):
        yield 50.0 + len(left if left in _words("particles") else right)
    elif counts[0] * counts[1] >= OFTEN**2 and not is_name and _is_inflected(left, vocabulary):
        yield math.log(counts[0] * counts[1])


def _is_inflected(word: str, vocabulary: Mapping[str, int]) -> bool:
    """Whether a word ends like an inflected one, and what it ends is a word too."""
    return any(
        vocabulary.get(word.removesuffix(end), 0) >= FREQUENT
        for end in _ends()
        if word.endswith(end)
    )


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(repair_data()["glue"][kind])


@cache
def _names() -> tuple[str, ...]:
    return tuple(repair_data()["glue"]["names"])


@cache
def _ends() -> tuple[str, ...]:
    """Ends of words that are inflected, and so begin no compound."""
    return tuple(repair_data()["glue"]["ends"])
