"""Did-you-mean: a word that no document has, as a word that some have.

Tried in this order: the wrong keyboard layout (`rsnfg[fyf` for `кітапхана`), one wrong letter,
other vowels, two words written as one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property, lru_cache
from itertools import product

from indexer.kazakh.letters import fold
from indexer.slips import chunks_of, switched_chunks

LETTERS = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
LATIN = "abcdefghijklmnopqrstuvwxyz"
SHORTEST = 4
SHORTEST_PART = 4
MOST_SPELLINGS = 20_000  # of the words of one question together; 20 ms
REMEMBERED = 2_000
SHORTEST_SOUNDING = 6
FREQUENT = 2
_LETTERS = re.compile(r"[^\W\d_]+")
_NO_VOWELS = {ord(vowel): None for vowel in "аәеёиоөуұүыіэюяaeiouyйьъ"}


class Speller:
    """Corrects words by the words of an index.

    `words` are its word forms with their document counts, `known` says whether a text's words,
    in whatever form, are found in the index.
    """

    def __init__(self, words: Mapping[str, int], known: Callable[[str], bool]) -> None:
        self._words = words
        self._known = known
        self._remembered = lru_cache(REMEMBERED)(self._corrected)

    def switched(self, text: str) -> str | None:
        """A text typed with the wrong keyboard layout as it was meant; None if it was not.

        Two letters (`IT`) become a word of the index by chance.
        """
        for chunks in switched_chunks(text):
            words = [chunk for chunk, changed in chunks if changed]
            if any(len(word) >= SHORTEST for word in words) and self._known(" ".join(words)):
                return self.in_kazakh(" ".join(chunk for chunk, _ in chunks))
        return None

    def in_kazakh(self, text: str) -> str:
        """A question with those words in Kazakh letters that the index has in these alone."""
        left = MOST_SPELLINGS

        def in_letters(found: re.Match[str]) -> str:
            nonlocal left
            word = found.group()
            if word in self._words:
                return word
            options = [letters_like(letter) for letter in word]
            left -= math.prod(map(len, options))
            return self._spelt(word, options) if left >= 0 else word

        return " ".join(
            chunk if stays else _LETTERS.sub(in_letters, chunk) for chunk, stays in chunks_of(text)
        )

    def correct(self, word: str) -> str | None:
        """The likeliest word meant by a normalised word that is not known; None for no idea."""
        if len(word) < SHORTEST or not word.isalpha():
            return None
        return self._remembered(word)

    def _corrected(self, word: str) -> str | None:
        return self._near(word) or self._sounding(word) or self._parted(word)

    def _near(self, word: str) -> str | None:
        """The most frequent word one letter off; a word cut short is no likely meaning."""
        found = {
            one: (fold(one) == fold(word), self._words[one])
            for one in one_letter_off(word)
            if one in self._words and not word.startswith(one)
        }
        return max(found, key=lambda one: (found[one], one), default=None)

    def _sounding(self, word: str) -> str | None:
        """The most frequent word with the same consonants: `сименар` for `семинар`."""
        known = (
            self._by_consonants.get(_consonants(word)) if len(word) >= SHORTEST_SOUNDING else None
        )
        return known if known and abs(len(known) - len(word)) <= 1 and known[0] == word[0] else None

    @cached_property
    def _by_consonants(self) -> Mapping[str, str]:
        """The most frequent long word of each row of consonants; made at the first need."""
        best: dict[str, str] = {}
        for word, count in self._words.items():
            if count >= FREQUENT and len(word) >= SHORTEST_SOUNDING and word.isalpha():
                row = _consonants(word)
                if count > self._words.get(best.get(row, ""), 0):
                    best[row] = word
        return best

    def _spelt(self, word: str, options: list[str]) -> str:
        """The most frequent word of those that the options for its letters make."""
        spellings = map("".join, product(*options))
        found = {one: self._words[one] for one in spellings if one in self._words}
        return max(found, key=lambda one: (found[one], one), default=word)

    def _parted(self, word: str) -> str | None:
        """Two words that were written as one, the rarer of which is the most frequent."""
        best, chosen = 0, None
        for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            parts = word[:cut], word[cut:]
            worth = min(self._words.get(part, 0) for part in parts)
            if worth > best:
                best, chosen = worth, " ".join(parts)
        return chosen


def _consonants(word: str) -> str:
    return fold(word).translate(_NO_VOWELS)


@cache
def letters_like(letter: str) -> str:
    """The letters that a Russian keyboard makes one, the letter itself first."""
    return letter + "".join(o for o in LETTERS if o != letter and fold(o) == fold(letter))


def one_letter_off(word: str) -> Iterator[str]:
    """Every spelling with one letter left out, put in, changed, or two neighbours swapped."""
    letters = LATIN if word.isascii() else LETTERS
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in letters if letter != tail[0])
        if len(tail) > 1 and tail[0] != tail[1]:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in letters)
