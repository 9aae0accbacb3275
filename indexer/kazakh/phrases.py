"""Words of a text that are none to search for: initials, suffixes cut off by a quotation mark.

Both keep their positions, so a quoted name or title is found as a phrase however it is spaced:
`"Н.В. Гоголь"` in `Н. В. Гоголь`.
"""

from __future__ import annotations

import re

from indexer.kazakh.endings import endings
from indexer.kazakh.words import Piece

_AFTER_QUOTE = re.compile('[»”"“)%]-$')
# Without a hyphen a straight quotation mark may as well open: it must follow a word.
_AT_QUOTE = re.compile(r'(?:[»”)]|(?<=[\w.!?…])["“])$')
PATTERNS = (_AFTER_QUOTE, _AT_QUOTE)
_LONGEST_SUFFIX = 8


def is_initial(text: str, word: Piece) -> bool:
    """Whether a word is an initial: one capital letter and a full stop."""
    return len(word.text) == 1 and word.text.isupper() and text[word.end : word.end + 1] == "."


def is_cut_suffix(text: str, start: int, word: str) -> bool:
    """Whether a word is a suffix that a quotation mark has cut off: ``«Егемен Қазақстан»-ның``.

    So may a sign of per cent have (``50%-ға``). The hyphen may be missing:
    ``«Егемен Қазақстан»ның``.
    """
    if len(word) > _LONGEST_SUFFIX or not start:
        return False
    before = text[max(0, start - 2) : start]
    glued = text[start].islower() and _AT_QUOTE.search(before)
    if not glued and not _AFTER_QUOTE.search(before):
        return False
    return any(chain.kind == "N" for chain in endings().of(word))
