"""Plain text: what XML, spreadsheets and calendars can carry, and sentences made of parts."""

from __future__ import annotations

import re
from collections.abc import Iterable

# What XML 1.0 has no room for: controls but tab and line ends, surrogates, two non-characters
# (https://www.w3.org/TR/xml/#charsets); carriage returns go too, for they break lines in CSV.
UNFIT = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f\\ud800-\\udfff\\ufffe\\uffff]")


def plain_text(text: str) -> str:
    """The text on one line, without the characters that XML 1.0 refuses."""
    return " ".join(UNFIT.sub(" ", text).split())


def sentences(parts: Iterable[str]) -> str:
    """Each part with one full stop: Russian years and many titles bring their own."""
    return " ".join(f"{one.rstrip('. ')}." for one in parts if one)
