"""Russian and English stems by Snowball, joined with the Kazakh stems of loan words."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import snowballstemmer

from indexer.kazakh.letters import FONT_LETTERS, KAZAKH_ONLY
from indexer.kazakh.lexicon import Lexicon
from indexer.kazakh.russian_words import endings_of, russian_endings, russian_words, surely_russian
from indexer.kazakh.typed_paragraphs import TYPED, is_typed

_SHORTEST_LOAN = 5
_LONGEST_ENDING = 2
_WORD = re.compile(r"[^\W\d_]+")
_KAZAKH_LETTERS = {letter for one in KAZAKH_ONLY | FONT_LETTERS for letter in (one, one.upper())}
_KAZAKH_LETTER = re.compile(f"[{''.join(sorted(_KAZAKH_LETTERS))}]")


@cache
def _snowball(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(language)


@lru_cache(maxsize=20_000)
def _stem(language: str, word: str) -> str:
    return str(_snowball(language).stemWord(word)) or word


class RussianStemmer:
    """Snowball stems of Russian words; a loan that Kazakh has too gets its Kazakh stem."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._loans: dict[str, str] = {}
        for noun, support in sorted(lexicon.nouns.items(), key=lambda item: -item[1]):
            if len(noun) >= _SHORTEST_LOAN and KAZAKH_ONLY.isdisjoint(noun) and support > 1:
                stem = _stem("russian", noun.replace("ё", "е"))
                if len(noun) - len(stem) <= _LONGEST_ENDING and (
                    stem == noun or stem not in self._loans
                ):
                    self._loans[stem] = noun

    def stem(self, word: str) -> str:
        """Stem of a normalised Russian word; of ``семинаре`` the Kazakh ``семинар``."""
        if "-" in word:
            head, _, tail = word.rpartition("-")
            return f"{head}-{self.stem(tail)}" if head and tail else word
        stem = _stem("russian", word.replace("ё", "е"))
        return self._loans.get(stem, stem)

    def guess(self, word: str) -> str | None:
        """Stem of a word that Kazakh does not know, when it is rather Russian; else None.

        It is when it shares its Russian stem with a loan and has a Russian case ending, or ends
        as only Russian words do.
        """
        stem = _stem("russian", word.replace("ё", "е"))
        loan = self._loans.get(stem)
        if loan is not None and stem != word and word.endswith(endings_of("case")):
            return loan
        return stem if surely_russian(word) else None

    @staticmethod
    def english(word: str) -> str:
        """Stem of a normalised word in Latin letters, read as English."""
        return _stem("english", word)


def language_of_paragraph(paragraph: str, language: str | None) -> str | None:
    """The language of a paragraph of a text whose language is known (kk, ru; others stay).

    Kazakh has a letter of its own in twenty at the least; few are those who need a closer look.
    Kazakh in Russian letters is a language of its own here (``TYPED``).
    """
    if language not in ("kk", "ru"):
        return language
    kazakh = len(_KAZAKH_LETTER.findall(paragraph))
    if 20 * kazakh > len(paragraph):
        return "kk"
    if not kazakh and is_typed(paragraph):
        return TYPED
    if language == "ru" and not kazakh:
        return "ru"
    return "ru" if looks_russian(paragraph) else "kk"


def guessed_language(paragraph: str) -> str:
    """The language of a paragraph of a text whose language is not known: kk, ru or ``TYPED``."""
    if not _KAZAKH_LETTER.search(paragraph) and is_typed(paragraph):
        return TYPED
    return "ru" if looks_russian(paragraph) else "kk"


def looks_russian(paragraph: str) -> bool:
    """Whether a paragraph is rather Russian than Kazakh: its little words and its letters tell.

    A short heading without either is Kazakh, the language of most of the collection.
    """
    found = _WORD.findall(paragraph)
    kazakh = sum(not _KAZAKH_LETTERS.isdisjoint(word) for word in found)
    russian = sum(word.lower() in russian_words() for word in found)
    endings = sum(word.lower().endswith(russian_endings()) for word in found)
    return 4 * kazakh < len(found) and russian + endings > kazakh
