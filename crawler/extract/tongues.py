"""Whether two texts are in different languages, as far as their letters tell at a glance.

The language of an article is told later, from its text; this only keeps a short version in
another language with the story beside it.
"""

from __future__ import annotations

LOOKED_AT = 2_000  # characters
FEWEST = 40  # letters
RARE = 40  # a Kazakh text has a letter that Russian lacks in every so many, and more
_KAZAKH = frozenset("әғқңөұүһі")


def are_foreign(one: str, other: str) -> bool:
    """Whether both texts have enough letters and those are of different languages."""
    first, second = _tongue(one), _tongue(other)
    return bool(first and second) and first != second


def _tongue(text: str) -> str:
    """`kk`, `ru` (Cyrillic without Kazakh letters), `latin`, or `` for too few letters."""
    letters = [char for char in text[:LOOKED_AT].lower() if char.isalpha()]
    if len(letters) < FEWEST:
        return ""
    if 2 * sum(char < "\u0250" for char in letters) > len(letters):
        return "latin"
    return "kk" if RARE * sum(char in _KAZAKH for char in letters) >= len(letters) else "ru"
