"""Other ways to say a phrase: abbreviations, synonyms and place names, from editable files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
    counts beside a match of the words themselves.
    """

    start: int
    end: int
    kind: str
    weight: float
    phrases: tuple[Stems, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    kind: str
    weight: float
    phrases: tuple[Stems, ...]


class Thesaurus:
    """All groups of phrases that mean the same, found by the stems of any of them."""

    def __init__(self, stems_of: PhraseStemmer) -> None:
        self._groups: dict[Stems, list[_Group]] = {}
        for kind, name, width, columns, weight in _FILES:
            for row in rows_of(name, width):
                phrases = _phrases(row, columns, stems_of)
                group = _Group(kind, weight, phrases)
                for phrase in _keys(row, columns, stems_of):
                    self._groups.setdefault(phrase, []).append(group)
        self._longest = max(map(len, self._groups), default=0)

    def expand(self, stems: Sequence[str], kinds: Sequence[str]) -> list[Expansion]:
        """Expansions of the wanted kinds for every stretch of a query's stems."""
        found: list[Expansion] = []
        for start in range(len(stems)):
            for end in range(start + 1, min(len(stems), start + self._longest) + 1):
                phrase = tuple(stems[start:end])
                found.extend(_found(self._groups.get(phrase, []), phrase, start, end, kinds))
        return found


def _found(
    groups: list[_Group], phrase: Stems, start: int, end: int, kinds: Sequence[str]
) -> Iterator[Expansion]:
    for group in groups:
        others = tuple(other for other in group.phrases if other != phrase)
        if group.kind in kinds and others:
            yield Expansion(start, end, group.kind, group.weight, others)


def _phrases(
    row: tuple[str, ...], columns: tuple[tuple[int, str], ...], stems_of: PhraseStemmer
) -> tuple[Stems, ...]:
    found: list[Stems] = []
    for column, language in columns:
        for phrase in row[column].split(" | "):
            stems = stems_of(phrase, language)
            if stems and stems not in found:
                found.append(stems)
    return tuple(found)


def _keys(
    row: tuple[str, ...], columns: tuple[tuple[int, str], ...], stems_of: PhraseStemmer
) -> set[Stems]:
    """The row's phrases as read in either language: a short query does not tell which it is."""
    both = tuple((column, language) for column, _ in columns for language in ("kk", "ru"))
    return set(_phrases(row, both, stems_of))


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
