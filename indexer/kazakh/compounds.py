"""Hyphenated words: compounds, suffixes after a hyphen, doubled words."""

from __future__ import annotations

from collections.abc import Callable

from indexer.kazakh.endings import endings
from indexer.kazakh.letters import VOWELS, is_roman

_LONGEST_TAIL = 10
# The sign of an ordinal number, as it stands after figures.
_ORDINAL = ("ыншы", "інші", "ншы", "нші", "шы", "ші")


def stem_compound(word: str, stem: Callable[[str], str]) -> str:
    """Stem of a hyphenated normalised word; ``stem`` stems a part.

    ``ақш-пен`` loses the suffix after its hyphen, ``тап-таза`` its doubling, and of
    ``семинар-кеңесінде`` the last part alone is stemmed.
    """
    head, _, tail = word.rpartition("-")
    if not head.strip("-") or not tail:
        return word
    if is_suffix_tail(head, tail):
        return head
    if is_doubling(head, tail):
        return stem(tail)
    return f"{head}-{stem(tail)}"


def is_suffix_tail(head: str, tail: str) -> bool:
    """Whether what follows the hyphen is a bare suffix, as in ``ОКЖ-сі``, ``5-ші``."""
    if len(tail) > _LONGEST_TAIL:
        return False
    numeral = head.isdigit() or is_roman(head)
    if numeral and any(_is_suffix(tail[len(sign) :]) for sign in _ORDINAL if tail.startswith(sign)):
        return True
    return _is_suffix(tail) and (numeral or len(tail) == 1 or len(head) <= _LONGEST_TAIL)


def _is_suffix(letters: str) -> bool:
    return any(chain.kind == "N" for chain in endings().of(letters))


def is_doubling(head: str, tail: str) -> bool:
    """Whether the head is the tail's first syllable closed by п, as in ``тап-таза``."""
    return (
        len(head) in (2, 3)
        and head[-1] == "п"
        and head[-2] in VOWELS
        and (tail.startswith(head[:-1]))
    )
