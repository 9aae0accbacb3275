"""The dictionary form of the stem that was chosen."""

from __future__ import annotations

from indexer.kazakh.lexicon import Lexicon
from indexer.kazakh.voices import plain_verb

_CHILD = ("ұл", "қыз")
_SHORTEST_NAME = 3
# Forms that speak for a word which only ends as patronymics do.
_KNOWN = 4.0


def dictionary_form(kind: str, stem: str, lexicon: Lexicon) -> str:
    """What a chosen noun (``N``) or verb (``V``) stem is found by; itself for most.

    A passive is found by the plain verb, a patronymic always by its possessive (``Дулатұлы``).
    """
    if kind == "V":
        return plain_verb(stem, lexicon)
    if _is_patronymic(stem, lexicon):
        return f"{stem}ы"
    return stem


def _is_patronymic(stem: str, lexicon: Lexicon) -> bool:
    """Whether a noun is a name with son or daughter of; ``айыппұл`` (fine) is well known."""
    child = next((end for end in _CHILD if stem.endswith(end)), None)
    if child is None or len(stem) - len(child) < _SHORTEST_NAME:
        return False
    return lexicon.support("N", stem) <= _KNOWN or lexicon.support("N", f"{stem}ы") > 0
