"""The analysis of long texts with a memory of words: the same terms as the Analyzer's, sooner.

A word's terms depend on the word, the language and, in Latin script, on its neighbours (which
tell the alphabet). So words are remembered unless a Latin letter stands in their paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from indexer.analysis import Analyzer
from indexer.kazakh.words import words

MOST_REMEMBERED = 300_000
_PARAGRAPH = re.compile(r"[^\n]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


class Spot(NamedTuple):
    """A word in its place: offsets into the text, word number and terms, as in Token."""

    place: int
    start: int
    end: int
    stem: str
    prefix: str
    folded: str
    exact: str
    stop: bool


class TextReader:
    """Reads texts with one analyzer. Safe to use from several threads."""

    def __init__(self, analyzer: Analyzer) -> None:
        self.analyzer = analyzer
        self._known: dict[tuple[str, str], tuple[Spot, ...]] = {}

    def spots(self, text: str, language: str | None) -> list[Spot]:
        """Every word of a text with its terms, in the order of Analyzer.tokens."""
        found: list[Spot] = []
        place = 0
        for paragraph in _PARAGRAPH.finditer(text):
            part, shift = paragraph.group(), paragraph.start()
            remembered = language is not None and not _LATIN.search(part)
            read = (
                self._remembered(part, str(language)) if remembered else self._read(part, language)
            )
            last = place - 1
            for spot in read:
                last = place + spot.place
                found.append(
                    Spot(last, spot.start + shift, spot.end + shift, *spot[3:])
                    if place or shift
                    else spot
                )
            place = last + 1
        return found

    def _read(self, text: str, language: str | None) -> Iterator[Spot]:
        for token in self.analyzer.tokens(text, language):
            terms = (token.stem, token.prefix, token.folded, token.exact, token.stop)
            yield Spot(token.position, token.start, token.end, *terms)

    def _remembered(self, text: str, language: str) -> Iterator[Spot]:
        known = self._known
        place = 0
        for piece in words(text):
            key = (piece.text, language)
            spots = known.get(key)
            if spots is None:
                if len(known) >= MOST_REMEMBERED:
                    known.clear()
                spots = known[key] = tuple(self._read(piece.text, language))
            for spot in spots:
                yield Spot(
                    place + spot.place, piece.start + spot.start, piece.start + spot.end, *spot[3:]
                )
            place += max((spot.place for spot in spots), default=-1) + 1
