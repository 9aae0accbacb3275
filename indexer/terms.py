"""The analysis of long texts with a memory of words: the same terms as the Analyzer's, sooner.

A word's terms depend on the word and its language and, where Latin letters betray one of the
Latin alphabets for Kazakh, on its paragraph. So whatever stands between two spaces is analysed
once, but for paragraphs of the latter kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from indexer.analysis import Analyzer
from indexer.familiar import Familiar, Kept
from indexer.kazakh.russian import language_of_paragraph
from indexer.kazakh.scripts import may_be_latin_kazakh
from indexer.rows import Zone

REMEMBERED = 80_000
SHORT = 5
SHORTEST_KEPT = 3
PUNCTUATION = '.,;:!?…"«»“”„()[]–—'
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


class Spot(NamedTuple):
    """A word in its place: offsets into what was analysed, word number and terms, as in Token.

    A stop word has an empty `prefix` and `folded`: it is searched for as it is or not at all.
    """

    place: int
    start: int
    end: int
    stem: str
    prefix: str
    folded: str
    exact: str
    stop: bool


class _Memory(dict[str, tuple[Spot, ...]]):
    """The words of one language met lately: a full shelf becomes the old one, the old one goes."""

    def __init__(
        self, analyzer: Analyzer, language: str | None, familiar: Familiar | None, most: int
    ) -> None:
        super().__init__()
        self._most = most
        self._familiar = familiar
        self._analyzer = analyzer
        self._language = language
        self._old: dict[str, tuple[Spot, ...]] = {}

    def __missing__(self, text: str) -> tuple[Spot, ...]:
        spots = self._old.get(text)
        if spots is None:
            spots = self._kept(text) or self._bare(text)
        if len(self) >= self._most:
            self._old = dict(self)
            self.clear()
        self[text] = spots
        return spots

    def _kept(self, text: str) -> tuple[Spot, ...]:
        found = self._familiar.find(text, self._language) if self._familiar else None
        if found is None:
            return ()
        stem, prefix, folded, stop = found
        return (Spot(0, 0, len(text), stem, prefix, folded, text, stop),)

    def worth_keeping(self) -> Iterator[tuple[str, Kept]]:
        """The plain words met: those that are one word, spelt as they are normalised.

        A short word may have been met with a capital or a comma alone: it has the same terms
        without, unless it is a stop word there.
        """
        for text, spots in (*self._old.items(), *self.items()):
            if len(spots) != 1:
                continue
            spot = spots[0]
            if spot[:3] == (0, 0, len(text)) and spot.exact == text:
                yield text, (spot.stem, spot.prefix, spot.folded, spot.stop)
            elif text.strip(PUNCTUATION).lower() == spot.exact and _is_plain(spot):
                yield spot.exact, (spot.stem, spot.prefix, spot.folded, spot.stop)

    def _bare(self, text: str) -> tuple[Spot, ...]:
        """The terms of a plain word are those of it in small letters without punctuation.

        Short words (initials, cut-off suffixes), hyphens, digits, Latin and glued words are left
        as they are.
        """
        bare = text.strip(PUNCTUATION)
        small = bare.lower()
        plain = len(bare) > SHORT and bare.isalpha() and not _LATIN.search(bare)
        same = small == text or len(small) != len(bare)
        if not plain or same or self._analyzer.is_glued(bare):
            return tuple(_read(self._analyzer, text, self._language))
        shift = text.find(bare)
        spots = self[small]
        if not shift:
            return spots
        return tuple(
            spot._replace(start=spot.start + shift, end=spot.end + shift) for spot in spots
        )


def _is_plain(spot: Spot) -> bool:
    """Whether nothing but the letters of a word tells its terms."""
    return not spot.stop and SHORTEST_KEPT <= len(spot.exact) == spot.end - spot.start <= SHORT


def _read(analyzer: Analyzer, text: str, language: str | None) -> Iterator[Spot]:
    for token in analyzer.tokens(text, language):
        folded = ("", "") if token.stop else (token.prefix, token.folded)
        terms = (token.stem, *folded, token.exact, token.stop)
        yield Spot(token.position, token.start, token.end, *terms)


class TextReader:
    """Reads texts with one analyzer. Safe to use from several threads.

    `familiar` has words with the terms that the same analyzer gave them; `most` words of a
    language, and as many older ones, are remembered.
    """

    def __init__(
        self, analyzer: Analyzer, familiar: Familiar | None = None, most: int = REMEMBERED
    ) -> None:
        self.analyzer = analyzer
        self._familiar = familiar
        self._most = most
        self._memories: dict[str | None, _Memory] = {}
        self._labels: dict[tuple[str, str | None], Zone] = {}

    def _memory(self, language: str | None) -> _Memory:
        memory = self._memories.get(language)
        if memory is None:
            memory = _Memory(self.analyzer, language, self._familiar, self._most)
            self._memories[language] = memory
        return memory

    def familiar(self) -> dict[str, dict[str, Kept]]:
        """The words met lately with their terms, by language."""
        memories = self._memories.items()
        return {language: dict(one.worth_keeping()) for language, one in memories if language}

    def word(self, word: str, language: str | None) -> tuple[Spot, ...]:
        """The terms of a word, with the punctuation around it, by itself; remembered."""
        return self._memory(language)[word]

    def zone(self, name: str, text: str, language: str | None) -> Zone:
        """A part of a document: every word with its terms, in the order of Analyzer.tokens.

        A paragraph in Russian of a Kazakh document is read as Russian, and the other way round.
        """
        spots: list[Spot] = []
        places: list[int] = []
        place = 0
        for paragraph in text.split("\n"):
            chunks = self._chunks(paragraph, language)
            found = list(chain.from_iterable(chunks))
            spots.extend(found)
            if len(found) == len(chunks):
                places.extend(range(place, place + len(found)))
            else:
                places.extend(_places(chunks, place))
            place = places[-1] + 1 if places else 0
        return _zone_of(name, spots, places)

    def label(self, text: str, language: str | None) -> Zone:
        """A short text that comes again and again; remembered, not to be changed."""
        key = text, language
        if key not in self._labels:
            if len(self._labels) >= REMEMBERED:
                self._labels.clear()
            self._labels[key] = self.zone("label", text, language)
        return self._labels[key]

    def _chunks(self, paragraph: str, language: str | None) -> Sequence[tuple[Spot, ...]]:
        if language is None or (_LATIN.search(paragraph) and may_be_latin_kazakh(paragraph)):
            whole = tuple(_read(self.analyzer, paragraph, language))
            return (whole,) if whole else ()
        memory = self._memory(language_of_paragraph(paragraph, language))
        return [spots for chunk in paragraph.split() if (spots := memory[chunk])]


def _places(chunks: Iterable[tuple[Spot, ...]], place: int) -> Iterator[int]:
    """The word numbers of chunks side by side, the first word being `place`."""
    for spots in chunks:
        if len(spots) == 1:
            yield place
            place += 1
        else:
            for spot in spots:
                yield place + spot.place
            place += max(spot.place for spot in spots) + 1


def _zone_of(name: str, spots: Sequence[Spot], places: list[int]) -> Zone:
    return Zone(
        name,
        places,
        [spot[3] for spot in spots],
        [spot[4] for spot in spots],
        [spot[5] for spot in spots],
        [spot[6] for spot in spots],
    )
