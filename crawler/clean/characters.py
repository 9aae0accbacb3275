"""Characters: composed letters, plain blanks, nothing invisible. The words stay as written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from crawler.model import Draft

# Soft hyphen, zero-width blank, direction marks, byte order mark, controls; the joiners
# U+200C and U+200D stay, emoji and other scripts need them.
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffc"
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
PATTERNS = (_INVISIBLE,)


def clean_text(text: str) -> str:
    """NFC, without invisible characters, white space of any kind as single blanks."""
    plain = text if text.isascii() else unicodedata.normalize("NFC", text)
    return " ".join(_INVISIBLE.sub("", plain).split())


def tidy_characters(draft: Draft, repeated: frozenset[str]) -> Draft:
    """Every text of the draft by `clean_text`; blocks that are empty then go without a word."""
    texts = [(block, clean_text(block.text)) for block in draft.blocks]
    blocks = tuple(replace(block, text=text) for block, text in texts if text)
    images = tuple(
        replace(image, alt=clean_text(image.alt), caption=clean_text(image.caption))
        for image in draft.images
    )
    return replace(
        draft,
        blocks=blocks,
        images=images,
        title=clean_text(draft.title or "") or None,
        author=clean_text(draft.author or "") or None,
        section=clean_text(draft.section or "") or None,
    )
