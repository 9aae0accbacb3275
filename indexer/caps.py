"""The caps of a question, checked before any work is done for it.

Each bounds a cost that was measured on Whoosh: eight wildcards took 50 s, brackets 1,000 deep
end in a RecursionError, fuzzy search at distance 3 took 24 s.
"""

from __future__ import annotations

import re

from indexer.errors import QueryLimitError
from indexer.model import SORTS, SearchRequest

MAX_CHARACTERS = 500
MAX_WORDS = 40
MAX_DEPTH = 5
MIN_PREFIX = 3
MAX_NEAR = 1
MAX_WINDOW = 1000
MAX_SIZE = 100
MAX_VALUES = 100

_WORD = re.compile(r"[^\W_]+")
_NEAR = re.compile(r"~(\d*)")


def check_text(text: str) -> None:
    """Length and number of words; raises QueryLimitError."""
    if len(text) > MAX_CHARACTERS:
        message = f"The question has {len(text)} characters, more than {MAX_CHARACTERS}"
        raise QueryLimitError(message, "q", "Shorten it.", cap="characters", high=MAX_CHARACTERS)
    count = len(_WORD.findall(text))
    if count > MAX_WORDS:
        message = f"The question has {count} words, more than {MAX_WORDS}"
        remedy = "Leave out the less important ones."
        raise QueryLimitError(message, "q", remedy, cap="words", high=MAX_WORDS)


def check_depth(depth: int) -> None:
    """Depth of brackets; raises QueryLimitError."""
    if depth > MAX_DEPTH:
        message = f"Brackets stand more than {MAX_DEPTH} deep"
        raise QueryLimitError(message, "q", "Use fewer brackets.", cap="depth", high=MAX_DEPTH)


def check_word(text: str) -> None:
    """Stars and tildes of one word; raises QueryLimitError."""
    head, star, _ = text.partition("*")
    letters = sum(letter.isalnum() for letter in head)
    if star and letters < MIN_PREFIX and any(c.isalnum() for c in text):
        message = f"{text}: a star needs at least {MIN_PREFIX} letters before it"
        remedy = "Write more of the word's beginning."
        raise QueryLimitError(message, "q", remedy, cap="prefix", word=text[:80], low=MIN_PREFIX)
    near = _NEAR.search(text)
    if near and near.group(1) and near.group(1).lstrip("0") not in ("", str(MAX_NEAR)):
        message = f"{text}: at most {MAX_NEAR} letter may differ"
        remedy = f"Write ~ or ~{MAX_NEAR}."
        raise QueryLimitError(message, "q", remedy, cap="near", word=text[:80], high=MAX_NEAR)


def check_request(request: SearchRequest) -> None:
    """Page, size, order, dates and number of filter values; raises QueryLimitError."""
    if not 1 <= request.size <= MAX_SIZE:
        message = f"size must be between 1 and {MAX_SIZE}"
        raise QueryLimitError(message, "size", cap="size", high=MAX_SIZE)
    if request.page < 1:
        raise QueryLimitError("page must be 1 or more", "page", cap="page")
    if request.page * request.size > MAX_WINDOW:
        message = f"Only the first {MAX_WINDOW} answers can be shown"
        raise QueryLimitError(
            message, "page", "Narrow the question.", cap="window", high=MAX_WINDOW
        )
    if request.sort not in SORTS:
        names = ", ".join(SORTS)
        raise QueryLimitError(f"sort must be one of {names}", "sort", cap="sort", names=names)
    if request.date_from and request.date_to and request.date_from > request.date_to:
        raise QueryLimitError("from is later than to", "from", "Swap the dates.", cap="order")
    for name in ("sites", "regions", "kinds", "languages"):
        if len(getattr(request, name)) > MAX_VALUES:
            message = f"At most {MAX_VALUES} values of one filter"
            raise QueryLimitError(message, name[:-1], cap="values", high=MAX_VALUES)
