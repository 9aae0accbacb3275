"""Words of two scripts whose letters only look right: `оpen` with a Cyrillic о, `бiрi`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from indexer.kazakh.compounds import is_suffix_tail

_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u02af]")
_ROMAN = re.compile(r"[IVXLCDMІХСМ]{1,15}")
_BRAND = re.compile(r"[iex][А-ЯЁӘҒҚҢӨҰҮҺІ][^\W\d_]{2}")
_TAIL = re.compile(r"[\u0400-\u052f]{1,8}\Z")
PATTERNS = (_CYRILLIC, _LATIN, _ROMAN, _BRAND, _TAIL)


@cache
def repair_data() -> Mapping[str, Any]:
    """The tables of indexer/data/repair.toml."""
    return tomllib.loads((files("indexer") / "data" / "repair.toml").read_text("utf-8"))


@cache
def _tables() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Latin to Cyrillic letters, and Cyrillic to Latin."""
    told = repair_data()["look_alikes"]
    pairs = list(zip(told["latin"], told["cyrillic"], strict=True))
    back = {cyrillic: latin for latin, cyrillic in reversed(pairs) if cyrillic in told["back"]}
    return dict(pairs), back


@cache
def look_alikes_of(letter: str) -> str:
    """The small letters of the other script that may stand for a small letter."""
    told = repair_data()["look_alikes"]
    pairs = [(a, b) for a, b in zip(told["latin"], told["cyrillic"], strict=True) if b.islower()]
    return "".join(b if letter == a else a for a, b in pairs if letter in (a, b))


def unmixed(word: str) -> str:
    """A word of letters in one script, as long as before; as it is when it is a true hybrid.

    A word of two scripts becomes that into which all its other letters can be turned; if both
    can, that of most letters, Cyrillic when they are as many; Roman numbers become Latin.
    """
    if not (_CYRILLIC.search(word) and _LATIN.search(word)) or _BRAND.match(word):
        return word
    to_cyrillic, to_latin = _tables()
    latin = _LATIN.findall(word)
    cyrillic = _CYRILLIC.findall(word)
    may_be_cyrillic = all(letter in to_cyrillic for letter in latin)
    may_be_latin = all(letter in to_latin for letter in cyrillic) and not _is_inflected(word)
    if may_be_cyrillic and may_be_latin:
        roman = _ROMAN.fullmatch(word) is not None
        may_be_cyrillic = not roman and len(cyrillic) >= len(latin)
    if may_be_cyrillic:
        return "".join(to_cyrillic.get(letter, letter) for letter in word)
    if may_be_latin:
        return "".join(to_latin.get(letter, letter) for letter in word)
    return word


def _is_inflected(word: str) -> bool:
    """Whether a Latin word only has a Kazakh ending: `SMSке`."""
    tail = _TAIL.search(word)
    if tail is None or not _LATIN.match(word):
        return False
    head = word[: tail.start()]
    return len(head) > 1 and is_suffix_tail(head.lower()[:8], tail[0].lower())
