"""Figures to which a word was glued: `25адам`, `2023жылы`, `5ші`, `қаңтар2023`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.kazakh.compounds import is_suffix_tail

SHORTEST_WORD = 3  # letters; shorter ones are units, classes of a school, names of things
_AFTER = re.compile(r"(?<![^\W_])(\d{1,12})([\u0400-\u052f]{2,40})")
_BEFORE = re.compile(r"(?<=[а-яёәғқңөұүһі]{4})(?=\d)")
PATTERNS = (_AFTER, _BEFORE)


def glued_figures(text: str) -> Iterator[tuple[int, str]]:
    """Places in a text where a blank, or the hyphen of a suffix, is missing; with what is missing.

    `5G`, `2А`, `25км` and codes of letters and figures stay.
    """
    for match in _AFTER.finditer(text):
        word = match[2].lower()
        if is_suffix_tail(match[1], word):
            yield match.start(2), "-"
        elif len(word) >= SHORTEST_WORD and not match[2].isupper():
            yield match.start(2), " "
    for match in _BEFORE.finditer(text):
        yield match.start(), " "
