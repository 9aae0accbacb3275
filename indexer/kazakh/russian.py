"""Russian and English stems by Snowball, joined with the Kazakh stems of loan words."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import snowballstemmer

from indexer.kazakh.letters import KAZAKH_ONLY
from indexer.kazakh.lexicon import Lexicon
from indexer.kazakh.tables import rows_of, text_of

_SHORTEST_LOAN = 5
_WORD = re.compile(r"[^\W\d_]+")
_KAZAKH_LETTERS = KAZAKH_ONLY | {letter.upper() for letter in KAZAKH_ONLY}
_KAZAKH_LETTER = re.compile(f"[{''.join(sorted(_KAZAKH_LETTERS))}]")


@cache
def _snowball(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(language)


@lru_cache(maxsize=100_000)
def _stem(language: str, word: str) -> str:
    return str(_snowball(language).stemWord(word)) or word


class RussianStemmer:
    """Snowball stems of Russian words; a loan that Kazakh has too gets its Kazakh stem."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._loans: dict[str, str] = {}
        for noun, support in sorted(lexicon.nouns.items(), key=lambda item: -item[1]):
            if len(noun) >= _SHORTEST_LOAN and KAZAKH_ONLY.isdisjoint(noun) and support > 1:
                stem = _stem("russian", noun.replace("ё", "е"))
                if stem == noun or stem not in self._loans:
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
        if loan is not None and stem != word and word.endswith(_endings("case")):
            return loan
        return stem if surely_russian(word) else None

    @staticmethod
    def english(word: str) -> str:
        """Stem of a normalised word in Latin letters, read as English."""
        return _stem("english", word)


def surely_russian(word: str) -> bool:
    """Whether a normalised word is a Russian function word or ends as only Russian words do."""
    return word in _russian_words() or word.endswith(_endings("sure"))


@cache
def _russian_words() -> frozenset[str]:
    text = text_of("stopwords.txt").partition("# Russian\n")[2].partition("# English\n")[0]
    return frozenset(text.split())


@cache
def _endings(kind: str) -> tuple[str, ...]:
    """Endings of one kind of ``russian_words.tsv``."""
    listed = (row[1] for row in rows_of("russian_words.tsv", 2) if row[0] == kind)
    return tuple(end for cell in listed for end in cell.split())


@cache
def _russian_endings() -> tuple[str, ...]:
    lines = text_of("russian_endings.txt").splitlines()
    return tuple(end for line in lines if not line.startswith("#") for end in line.split())


def language_of_paragraph(paragraph: str, language: str | None) -> str | None:
    """The language of a paragraph of a text whose language is known (kk, ru; others stay).

    Kazakh has a letter of its own in twenty at the least; few are those who need a closer look.
    """
    if language not in ("kk", "ru"):
        return language
    kazakh = len(_KAZAKH_LETTER.findall(paragraph))
    if 20 * kazakh > len(paragraph):
        return "kk"
    if language == "ru" and not kazakh:
        return "ru"
    return "ru" if looks_russian(paragraph) else "kk"


def looks_russian(paragraph: str) -> bool:
    """Whether a paragraph is rather Russian than Kazakh: its little words and its letters tell.

    A short heading without either is Kazakh, the language of most of the collection.
    """
    found = _WORD.findall(paragraph)
    kazakh = sum(not _KAZAKH_LETTERS.isdisjoint(word) for word in found)
    russian = sum(word.lower() in _russian_words() for word in found)
    endings = sum(word.lower().endswith(_russian_endings()) for word in found)
    return 4 * kazakh < len(found) and russian + endings > kazakh
