"""Which libraries of the registry a text names: full, short, abbreviated or inflected names.

A name in the text and a registered name are compared as sets of word beginnings, abbreviations
written out (`ОӘҒК`), Kazakh letters as Russian ones. A short name is taken for a registered one
only when it says more than any library's name would (a person, a town, a title) and no other
registered library fits as well.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from crawler.enrich.calendar import RUSSIAN_LETTERS
from crawler.enrich.name import Name
from crawler.enrich.passage import WORD, folded
from crawler.enrich.reading import Reading
from crawler.enrich.wordlists import wordlist
from crawler.model import Evidence
from crawler.sites import Site

STEM, SHORTEST, KEY = 7, 3, 4
ASIDE = re.compile(r"\([^()]*\)")
# A word that more than this share of the registered names has tells no library apart.
COMMON = 0.12
MOST = 120
REMEMBERED = 20_000
LIBRARY = ("библиотек", "китапхан", "централиз", "орталы")


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    """Beginnings of a name's words; initials and what every name has are left out."""
    words: list[str] = []
    for match in WORD.finditer(text):
        whole = wordlist("abbreviations").get(match.group(), match.group())
        words += [m.group() for m in WORD.finditer(folded(whole))]
    short = (word.translate(RUSSIAN_LETTERS)[:STEM] for word in words)
    return frozenset(w for w in short if len(w) >= SHORTEST or w.isdigit()) - _empty()


@lru_cache(maxsize=1)
def _empty() -> frozenset[str]:
    words = ("атындағы", "имени", "бойынша", "және")
    return frozenset(word.translate(RUSSIAN_LETTERS)[:STEM] for word in words)


def _same(one: str, two: str) -> bool:
    """Whether two word beginnings are of one word with different endings."""
    if one == two:
        return True
    short, long = sorted((one, two), key=len)
    if short.isdigit() or len(short) < 4:
        return False
    # `жира` and `жирауды`: the last letter may have changed before the ending.
    return long.startswith(short) or (len(short) >= 5 and long.startswith(short[:-1]))


@lru_cache(maxsize=4096)
def _initials(text: str) -> frozenset[str]:
    return frozenset(
        m.group().translate(RUSSIAN_LETTERS)
        for m in WORD.finditer(folded(text))
        if len(m.group()) == 1
    )


def _has(word: str, words: frozenset[str]) -> bool:
    return any(_same(word, other) for other in words)


@dataclass(frozen=True)
class Registry:
    """The registered libraries' names by site id, each in Kazakh and Russian."""

    names: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, sites: Iterable[Site]) -> Registry:
        """The registry of these sites; of two for one library the one that is crawled."""
        return cls(
            {
                site.id: tuple(ASIDE.sub("", n) for n in (site.name.kk, site.name.ru) if n)
                for site in sorted(sites, key=lambda site: not site.enabled)
            }
        )

    @cached_property
    def _rows(self) -> tuple[_Row, ...]:
        return tuple(
            _Row(key, _stems(name), _initials(name))
            for key, names in self.names.items()
            for name in names
        )

    @cached_property
    def _by_word(self) -> Mapping[str, tuple[_Row, ...]]:
        """The registered names that have a word which begins so."""
        found: dict[str, list[_Row]] = defaultdict(list)
        for row in self._rows:
            for word in {word[:KEY] for word in row.words}:
                found[word].append(row)
        return {word: tuple(rows) for word, rows in found.items()}

    @cached_property
    def _common(self) -> frozenset[str]:
        """Words that tell no library apart: what bodies are made of, and what many names have."""
        counts = Counter(word for row in self._rows for word in row.words)
        most = max(3, int(COMMON * len(self._rows)))
        table = wordlist("bodies")
        general = " ".join(
            (*table["kk"]["bodies"], *table["kk"]["modifiers"], *table["ru"]["complements"])
        )
        return frozenset(w for w, n in counts.items() if n > most) | _stems(general) | _library()

    @cached_property
    def _found(self) -> dict[str, str | None]:
        """What names were found to mean: they come again and again."""
        return {}

    @cached_property
    def _judged(self) -> dict[str, bool]:
        """Which words were found to be common."""
        return {}

    def find(self, name: str) -> str | None:
        """The site id of the library that a name means; None when none or several fit."""
        if name not in self._found:
            if len(self._found) > REMEMBERED:
                self._found.clear()
            self._found[name] = self._find(name)
        return self._found[name]

    def _find(self, name: str) -> str | None:
        words = _stems(name)
        if not any(_has(word, _library()) for word in words):
            return None
        telling = frozenset(word for word in words if not self._is_common(word))
        rows = {row for word in telling or words for row in self._by_word.get(word[:KEY], ())}
        fits = {row: fit for row in rows if (fit := _fit(words, telling, row))}
        best = max(fits.values(), default=0.0)
        winners = [row for row in self._rows if fits.get(row) == best]
        alike = {row.words for row in winners}
        return (
            winners[0].site if len({row.site for row in winners}) == 1 or len(alike) == 1 else None
        )

    def _is_common(self, word: str) -> bool:
        if word not in self._judged:
            if len(self._judged) > REMEMBERED:
                self._judged.clear()
            near = (other for other in self._common if other[:2] == word[:2] and len(other) > 4)
            self._judged[word] = word in self._common or any(_same(word, one) for one in near)
        return self._judged[word]


@dataclass(frozen=True, slots=True)
class _Row:
    """A registered name: its site, the beginnings of its words, its initials."""

    site: str
    words: frozenset[str]
    initials: frozenset[str]


def _fit(words: frozenset[str], telling: frozenset[str], row: _Row) -> float:
    """How well a name fits a registered one: the words shared, 0 where it is another's."""
    shared = frozenset(word for word in words if _has(word, row.words))
    covered = all(_has(word, words) for word in row.words)
    if not telling:
        return float(len(shared)) if covered and shared == words and _is_wide(words) else 0.0
    # A first name in full stands for an initial, when the family name is there too.
    first_names = {word for word in telling - shared if word[0] in row.initials}
    if telling - shared - first_names or not telling & shared:
        return 0.0
    whole = shared | first_names == words or covered
    return len(shared) + 0.5 * covered if whole else 0.0


def _is_wide(words: frozenset[str]) -> bool:
    """Whether a name says that the library is one of the whole country."""
    wide = _stems(" ".join(wordlist("bodies")["republican"]["words"]))
    return any(_has(word, wide) for word in words)


@lru_cache(maxsize=1)
def _library() -> frozenset[str]:
    return frozenset(word[:STEM] for word in LIBRARY)


def _forms(name: Name) -> Iterator[str]:
    """A name, and the library of which it is a department or fund."""
    yield name.text
    words = name.text.split()
    for number, word in enumerate(words):
        if not any(_has(stem, _library()) for stem in _stems(word)):
            continue
        if name.language == "kk" and number + 1 < len(words):
            yield " ".join(words[: number + 1])
        elif name.language == "ru" and number:
            yield " ".join(words[max(1, number - 3) :])


def libraries_of(
    reading: Reading, named: Mapping[str, list[Name]], registry: Registry
) -> tuple[tuple[str, Evidence], ...]:
    """Site ids of the libraries that the article names, in order, with the words."""
    found: dict[str, Evidence] = {}
    for marked in reading.both:
        for name in named[marked.passage.where][:MOST]:
            forms = _forms(name) if name.kind == "body" else ()
            key = next((key for form in forms if (key := registry.find(form))), None)
            if key is not None:
                found.setdefault(key, marked.evidence("libraries", name.start, name.end))
    return tuple(found.items())
