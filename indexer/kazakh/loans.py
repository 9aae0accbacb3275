"""Marks of loan words, and of compounds, that the sounds of a stem show."""

from __future__ import annotations

import re

from indexer.kazakh.letters import BACK_VOWELS, VOWELS

LOAN_LETTERS = frozenset("вфцчщьъэ")
# Ends of loans that take front suffixes whatever their vowels: банктің, фактіні, полкте.
_FRONT_ENDS = frozenset(("нк", "ск", "рк", "лк", "кт", "ст", "пт", "фт", "нг", "рг"))
_ENDS_NO_VERB = frozenset(("нк", "ск", "кт", "ст", "пт", "фт", "нт", "нд"))
_SOUNDS = VOWELS | frozenset("ьъй")
# Verbs made of loans: архивте, цифрлан, файлдас.
_OF_NOUN = re.compile("[лдт][ае](?:[нстл]|[нст][дт][ыі]р)?$")
PATTERNS = (_OF_NOUN,)


def may_be_front(stem: str) -> bool:
    """Whether a stem with back vowels may have front suffixes for its last consonants.

    Those are к after a back vowel (Kazakh has қ there), г, and pairs of consonants of loans.
    """
    last = stem[-1:]
    if last == "г" or stem[-2:] in _FRONT_ENDS:
        return True
    return last == "к" and stem[-2:-1] in BACK_VOWELS


def ends_as_loan(stem: str) -> bool:
    """Whether a stem ends in two consonants of which the suffixes of loans are joined by і."""
    return stem[-1:] in "ктг" and stem[-2:] in _FRONT_ENDS


def looks_loaned(stem: str) -> bool:
    """Whether a stem has a letter of loans, begins with two consonants or has а late о."""
    if not LOAN_LETTERS.isdisjoint(stem):
        return True
    if len(stem) > 2 and _SOUNDS.isdisjoint(stem[:2]):
        return True
    first = next((n for n, letter in enumerate(stem) if letter in VOWELS), len(stem))
    return "о" in stem[first + 1 :]


def is_no_verb(stem: str) -> bool:
    """Whether a verb stem has the sounds of a loan and is not made of one by -ла, -лан."""
    if not looks_loaned(stem) and stem[-2:] not in _ENDS_NO_VERB:
        return False
    return _OF_NOUN.search(stem) is None
