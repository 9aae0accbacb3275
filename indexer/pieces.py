"""The pieces of a question as typed, where they stand, and the question without some of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from indexer.operators import filter_named, join_of

_SIGN = r"[-+–−]?"
# The same pieces as the lexemes of `query.py`, but with their signs.
_PIECES = re.compile(
    rf"""(?P<open>{_SIGN}\()
      | (?P<close>\))
      | (?P<filter>{_SIGN}[^\W\d_]+:(?:"[^"]*"|«[^«»]*»|[^\s()"«»]+))
      | (?P<phrase>{_SIGN}(?:["“”„][^"“”„]*["“”]|«[^«»]*»))
      | (?P<word>[^\s()"“”„«»]+)
    """,
    re.VERBOSE,
)
_JOINS = frozenset({"or", "and", "not"})


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands from `start` to `end` of a question, sign included.

    `kind` is word, phrase, filter, open or close (brackets), or, and, not.
    """

    kind: str
    text: str
    start: int
    end: int

    @property
    def searched(self) -> bool:
        """Whether it is a word or phrase to search for, or not to."""
        return self.kind in ("word", "phrase") and any(map(str.isalnum, self.text))

    @property
    def plain(self) -> str:
        """A word or phrase without signs and quotes."""
        return self.text.strip('+-–−"“”„«» ')

    @property
    def must(self) -> bool:
        """Whether answers must have it, or must not."""
        return self.text[0] in '-+–−"“”„'

    @property
    def operator(self) -> tuple[str | None, str]:
        """The facet that a filter narrows, and its value as typed."""
        name, _, value = self.text.lstrip("+-–−").partition(":")
        return filter_named(name), value.strip('"«» ')

    @property
    def is_asked(self) -> bool:
        """Whether it says something about the words, not with them: a filter or joining word."""
        return self.kind == "filter" or self.kind in _JOINS


def pieces_of(text: str) -> list[Piece]:
    """The pieces of a question in order; a quotation mark that is not closed is none."""
    shouting = text.upper() == text
    return list(_pieces(text, shouting))


def _pieces(text: str, shouting: bool) -> Iterator[Piece]:
    for match in _PIECES.finditer(text):
        kind, found = str(match.lastgroup), match.group()
        if kind == "filter" and filter_named(found.lstrip("+-–−").partition(":")[0]) is None:
            kind = "word"
        if kind == "word" and not shouting:
            kind = join_of(found) or kind
        yield Piece(kind, found, match.start(), match.end())


def without(text: str, left_out: Collection[Piece]) -> str:
    """A question without some of its pieces.

    The joining words before them go with them, and so do brackets that would be empty.
    """
    kept: list[Piece] = []
    for piece in pieces_of(text):
        if piece in left_out:
            _drop_joins(kept)
        elif piece.kind == "close" and kept and kept[-1].kind == "open":
            kept.pop()
            _drop_joins(kept)
        elif piece.kind not in ("or", "and") or (kept and kept[-1].kind != "open"):
            kept.append(piece)
    _drop_joins(kept)
    rest = ""
    for piece in kept:
        apart = rest and not rest.endswith("(") and piece.kind != "close"
        rest += f" {piece.text}" if apart else piece.text
    return rest


def _drop_joins(kept: list[Piece]) -> None:
    while kept and kept[-1].kind in _JOINS:
        kept.pop()
