"""A text cut into tokens and sentences, with offsets, as the finders of facts read it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

# A number that has lost the space before it is a word of its own.
WORD = re.compile(r"[^\W\d_]+|\d+[^\W_]*")
# A sentence ends at a stop, unless it stands after an initial or a common abbreviation.
STOP = re.compile(
    r"\n\n|(?<!\b\w)(?<!\b[жгқс]\b)(?<!\bим)(?<!\bат)(?<!\bсв)[.!?…]{1,9}[»\")]{0,3}\s{1,9}(?=[^\Wа-яәғқңөұүһі_])"
)
# A capital after three small letters, but for the `о` that joins compounds (`БиблиоКафе`).
SEAM = re.compile(r"(?<=[а-яёәғқңөұүһі]{2}[а-нп-яәғқңұүһі])[А-ЯӘҒҚҢӨҰҮҺІ](?=[а-яёәғқңөұүһі]{2})")
QUOTED = re.compile(r"«[^«»]{1,300}»|“[^“”]{1,300}”|\"[^\"\n]{1,300}\"")
SHORT = 60
QUOTES = '«“"'
LIMIT = 30_000


class Token(NamedTuple):
    """A word: offsets in the text, and its letters in lower case with ё as е."""

    start: int
    end: int
    word: str


def _parted(words: Iterable[Token], seams: list[int]) -> Iterator[Token]:
    """The words, those cut in two that have lost the space between them (`маусымындаАбай`)."""
    for token in words:
        start = token.start
        for seam in seams[bisect_right(seams, start) : bisect_right(seams, token.end - 1)]:
            yield Token(start, seam, token.word[start - token.start : seam - token.start])
            start = seam
        yield Token(start, token.end, token.word[start - token.start :])


def folded(text: str) -> str:
    """The text in lower case, ё as е, letter for letter (the length never changes)."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return low.replace("ё", "е")


@dataclass(frozen=True)
class Passage:
    """A title (`where` is `title`) or a body (`text`); what lies beyond LIMIT is not read."""

    where: str
    text: str

    @cached_property
    def low(self) -> str:
        """The text as `folded` gives it."""
        return folded(self.text)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Its words, in order."""
        seams = [m.start() for m in SEAM.finditer(self.text, 0, LIMIT)]
        found = WORD.finditer(self.low, 0, LIMIT)
        words = (Token(m.start(), m.end(), m.group()) for m in found)
        return tuple(words if not seams else _parted(words, seams))

    @cached_property
    def sentences(self) -> tuple[int, ...]:
        """Where its sentences begin."""
        stops = STOP.finditer(self.text, 0, LIMIT)
        return (0, *(m.end() for m in stops if not self._in_short_quote(m)))

    @cached_property
    def quoted(self) -> tuple[tuple[int, int], ...]:
        """Start and end of what stands in quotation marks, the marks included."""
        return tuple(m.span() for m in QUOTED.finditer(self.text, 0, LIMIT))

    def _in_short_quote(self, stop: re.Match[str]) -> bool:
        """Whether a stop stands in a title in quotation marks, which goes on after it."""
        number = bisect_right(self.quoted, (stop.start(), LIMIT * 2)) - 1
        if number < 0 or stop[0] == "\n\n":
            return False
        begin, end = self.quoted[number]
        return stop.end() < end and end - begin < SHORT

    def sentence_of(self, offset: int) -> int:
        """The number of the sentence that has this offset, from 0."""
        return bisect_right(self.sentences, offset) - 1

    def sentence_span(self, number: int) -> tuple[int, int]:
        """Start and end of a sentence."""
        starts = self.sentences
        end = starts[number + 1] if number + 1 < len(starts) else len(self.text)
        return starts[number], end

    def in_quotes(self, offset: int) -> bool:
        """Whether this offset stands inside quotation marks."""
        number = bisect_right(self.quoted, (offset, LIMIT * 2)) - 1
        return number >= 0 and self.quoted[number][0] <= offset < self.quoted[number][1]

    def quote_before(self, offset: int) -> int | None:
        """Where a short quotation begins that ends just before this offset."""
        number = bisect_right(self.quoted, (offset, 0)) - 1
        if number < 0:
            return None
        begin, end = self.quoted[number]
        short = end <= offset and end - begin < SHORT
        return begin if short and not self.text[end:offset].strip() else None

    def quote_after(self, offset: int) -> int | None:
        """Where a short quotation ends that begins just after this offset."""
        number = bisect_right(self.quoted, (offset, 0))
        if number >= len(self.quoted):
            return None
        begin, end = self.quoted[number]
        near = begin - offset <= 2 and not self.text[offset:begin].strip()
        return end if near and end - begin < SHORT else None

    def begins_sentence(self, offset: int) -> bool:
        """Whether a sentence begins at this offset."""
        return self.sentences[self.sentence_of(offset)] == offset

    def is_capital(self, token: Token) -> bool:
        """Whether the word begins with a capital letter."""
        return self.text[token.start].isupper()
