"""Other ways to say a phrase: abbreviations, synonyms and place names, from editable files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from indexer.kazakh.tables import rows_of

Stems = tuple[str, ...]
# Stems of a phrase written in a language (kk or ru).
PhraseStemmer = Callable[[str, str], Stems]

# File, number of columns, columns that mean the same with their language, weight.
_FILES = (
    ("abbreviation", "abbreviations.tsv", 4, ((0, "kk"), (1, "kk"), (2, "ru"), (3, "ru")), 0.7),
    ("place", "places.tsv", 4, ((0, "kk"), (1, "kk"), (2, "ru")), 0.7),
    ("place", "districts.tsv", 4, ((0, "kk"), (1, "kk"), (2, "ru")), 0.7),
    ("synonym", "synonyms.tsv", 2, ((0, "kk"), (1, "ru")), 0.3),
)


@dataclass(frozen=True, slots=True)
class Expansion:
    """Phrases that may stand for ``stems[start:end]`` of a query, each given by its stems.

    ``kind`` is ``abbreviation``, ``place`` or ``synonym``; ``weight`` what a match of the phrase
    counts beside a match of the words themselves; ``foreign`` are those of ``phrases`` in a
    language that the words themselves are not in.
    """

    start: int
    end: int
    kind: str
    weight: float
    phrases: tuple[Stems, ...]
    foreign: tuple[Stems, ...] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """Phrases that mean the same, each with the languages it is written in."""

    kind: str
    weight: float
    phrases: dict[Stems, set[str]]

    def of(self, phrase: Stems, languages: set[str], start: int, end: int) -> Expansion | None:
        """The other phrases for one that may be of some languages."""
        others = tuple(other for other in self.phrases if other != phrase)
        foreign = tuple(other for other in others if not self.phrases[other] & languages)
        if not others:
            return None
        return Expansion(start, end, self.kind, self.weight, others, foreign)


class Thesaurus:
    """All groups of phrases that mean the same, found by the stems of any of them."""

    def __init__(self, stems_of: PhraseStemmer) -> None:
        self._groups: dict[Stems, list[tuple[_Group, set[str]]]] = {}
        for kind, name, width, columns, weight in _FILES:
            for row in rows_of(name, width):
                group = _Group(kind, weight, _phrases(row, columns, stems_of))
                for phrase, languages in _keys(row, columns, stems_of).items():
                    self._groups.setdefault(phrase, []).append((group, languages))
        self._longest = max(map(len, self._groups), default=0)

    def expand(self, stems: Sequence[str], kinds: Sequence[str]) -> list[Expansion]:
        """Expansions of the wanted kinds for every stretch of a query's stems."""
        return [
            expansion
            for start in range(len(stems))
            for end in range(start + 1, min(len(stems), start + self._longest) + 1)
            for group, languages in self._groups.get(tuple(stems[start:end]), ())
            if group.kind in kinds
            and (expansion := group.of(tuple(stems[start:end]), languages, start, end))
        ]


Columns = tuple[tuple[int, str], ...]


def _phrases(
    row: tuple[str, ...], columns: Columns, stems_of: PhraseStemmer
) -> dict[Stems, set[str]]:
    """The phrases of a row, each with the languages of its columns."""
    found: dict[Stems, set[str]] = {}
    for column, language in columns:
        for phrase in row[column].split(" | "):
            if stems := stems_of(phrase, language):
                found.setdefault(stems, set()).add(language)
    return found


def _keys(row: tuple[str, ...], columns: Columns, stems_of: PhraseStemmer) -> dict[Stems, set[str]]:
    """The row's phrases as read in either language: a short query does not tell which it is.

    With each come the languages of the columns it stands in.
    """
    found: dict[Stems, set[str]] = {}
    for column, language in columns:
        for read_as in ("kk", "ru"):
            for phrase in _phrases(row, ((column, read_as),), stems_of):
                found.setdefault(phrase, set()).add(language)
    return found


@cache
def region_of_places(*files: str) -> dict[str, str]:
    """Every name of a place as written -> the Kazakh name of its region; from all files if none."""
    regions: dict[str, str] = {}
    for file in files or ("places.tsv", "districts.tsv"):
        for name, others, russian, region in rows_of(file, 4):
            for cell in (name, others, russian):
                for written in filter(None, cell.split(" | ")):
                    regions.setdefault(written, region)
    return regions
