"""What stands in public reports but is nobody's business to search for: addresses and numbers.

Left out of the index: e-mail addresses, telephone numbers and personal numbers (the twelve
digits of an IIN; numbers of firms look the same). The text shown is the library's own, unchanged.
"""

from __future__ import annotations

import re

# Linear: every part is bounded, and a match never begins inside a run of its own letters.
_MAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"
_PHONE = r"(?<![\w+-])(?:\+7|8|7)[ \u00a0-]?\(?\d{3,5}\)?(?:[ \u00a0-]?\d){5,7}(?!\w)"
_TWELVE = r"(?<![\w])\d{6}[ \u00a0]?\d{6}(?!\w)"
_PERSONAL = re.compile(f"{_MAIL}|{_PHONE}|{_TWELVE}")
_DIGIT = re.compile(r"\d")
FEWEST_DIGITS = 9  # of a telephone number


def without_personal(text: str) -> str:
    """The text with spaces where addresses and numbers of persons stood; of the same length."""
    if "@" not in text and len(_DIGIT.findall(text)) < FEWEST_DIGITS:
        return text  # most texts: a search for what cannot be there takes ten times as long
    return _PERSONAL.sub(lambda match: " " * len(match.group()), text)
