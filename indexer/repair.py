"""Text mended for the search, with the way back: the stored text is never changed.

Soft hyphens and invisible characters go, odd blanks become blanks, words of mixed script become
one script, glued words and figures are parted. Each character of the mended text knows its place
in the original, so what is found in the one can be shown in the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.figures import glued_figures
from indexer.look_alikes import unmixed
from indexer.seams import seams

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ODD = re.compile(rf"[{_INVISIBLE}{_BLANKS}]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LONG_WORD = re.compile(r"[^\W\d_]{8,}")  # no shorter one is parted
_LATIN = re.compile(r"[A-Za-z\u00c0-\u02af]")
_MARK = re.compile(r"(?<=[^\W\d_]{3}[.!?…])(?=[А-ЯЁӘҒҚҢӨҰҮҺІ][а-яёәғқңөұүһі]{2})")
_FIGURE = re.compile(r"\d")
PATTERNS = (_ODD, _WORD, _LONG_WORD, _LATIN, _MARK, _FIGURE)


@dataclass(frozen=True, slots=True)
class Change:
    """One repair: `was` stood at `start` of the original (code points), `now` stands for it."""

    start: int
    was: str
    now: str
    reason: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """A mended text; `places[i]` is where its i-th character stands in the original.

    A blank put between glued words has the place of the character after it. `changes` are in
    order and do not overlap; `original` is the text as it was.
    """

    original: str
    text: str
    places: Sequence[int]
    changes: tuple[Change, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the mended text (not an empty one) stands in the original."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no stretch {start}:{end} in {len(self.text)} characters")
        return self.places[start], self.places[end - 1] + 1


def repair(text: str, vocabulary: Mapping[str, int] | None = None) -> Repaired:
    """The text for the search; `vocabulary` (see `vocabulary_of`) tells glued words apart.

    Linear in the text; never raises. Hybrids stay: `QR-код`, `IT-киіз`, `web-сайтында`.
    """
    changes = sorted(
        _changes(text, vocabulary or {}), key=lambda change: (change.start, len(change.was))
    )
    if not changes:
        return Repaired(text, text, range(len(text)))
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for change in changes:
        pieces += (text[at : change.start], change.now)
        places += range(at, change.start)
        at = change.start + len(change.was)
        # All repairs are one to one, or put in or take out whole characters.
        places += (
            range(change.start, at)
            if len(change.now) == len(change.was)
            else ([change.start] * len(change.now))
        )
    pieces.append(text[at:])
    places += range(at, len(text))
    return Repaired(text, "".join(pieces), tuple(places), tuple(changes))


def undone(repaired: Repaired) -> str:
    """The original, worked out from the mended text and its changes."""
    pieces: list[str] = []
    at = shift = 0
    for change in repaired.changes:
        start = change.start + shift
        pieces += (repaired.text[at:start], change.was)
        at = start + len(change.now)
        shift += len(change.now) - len(change.was)
    return "".join((*pieces, repaired.text[at:]))


def vocabulary_of(texts: Iterable[str]) -> dict[str, int]:
    """How often each word (small letters, of one script) stands in the texts of a collection."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(match[0] for match in _WORD.finditer(repair(text).text))
    small: Counter[str] = Counter()
    for word, count in counts.items():
        small[word.lower()] += count
    return dict(small)


def _changes(text: str, vocabulary: Mapping[str, int]) -> Iterator[Change]:
    for match in _ODD.finditer(text):
        invisible = match[0] in _INVISIBLE
        yield Change(match.start(), match[0], "" if invisible else " ", "characters")
    clean, places = _visible(text)
    mended = list(clean)
    may_be_mixed = _LATIN.search(clean) is not None
    for match in (_WORD if may_be_mixed else _LONG_WORD).finditer(clean):
        word = unmixed(match[0]) if may_be_mixed else match[0]
        cuts = seams(word, vocabulary)
        if cuts and may_be_mixed:  # each of the glued words has a script of its own
            ends = pairwise((0, *cuts, len(word)))
            word = "".join(unmixed(word[start:end]) for start, end in ends)
        if word != match[0]:
            yield from _letters(match, word, places)
            mended[match.start() : match.end()] = word
        for place in cuts:
            yield Change(places[match.start() + place], "", " ", "glued words")
    whole = "".join(mended)
    for match in _MARK.finditer(whole):
        yield Change(places[match.start()], "", " ", "no blank after a mark")
    for place, missing in glued_figures(whole) if _FIGURE.search(whole) else ():
        yield Change(places[place], "", missing, "glued figures")


def _visible(text: str) -> tuple[str, range | list[int]]:
    """The text without invisible characters, and the place of each of the others."""
    if not _ODD.search(text):
        return text, range(len(text))
    places = [place for place, char in enumerate(text) if char not in _INVISIBLE]
    return "".join(text[place] for place in places), places


def _letters(match: re.Match[str], word: str, places: range | list[int]) -> Iterator[Change]:
    for shift, (was, now) in enumerate(zip(match[0], word, strict=True)):
        if was != now:
            yield Change(places[match.start() + shift], was, now, "mixed script")
