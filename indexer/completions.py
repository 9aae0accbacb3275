"""Names and titles kept ready for completing what is being typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from crawler import vocabulary
from indexer.engines.protocol import EngineReader
from indexer.model import Suggestion
from indexer.title_file import plain
from indexer.titles import Titles


@dataclass(frozen=True, slots=True)
class Name:
    """A name to offer and how it is compared."""

    plain: str
    suggestion: Suggestion


@dataclass(frozen=True, slots=True)
class Completions:
    """What can be offered for one state of a collection: names in order, and its titles."""

    ordered: tuple[Name, ...] = ()
    kept: Titles = field(default_factory=Titles)

    def names(self, typed: str) -> list[Suggestion]:
        """Kinds, places, topics and libraries with words that begin so, in the order typed."""
        words = typed.split()
        return [one.suggestion for one in self.ordered if _begins(words, one.plain)]

    def titles(self, typed: str, limit: int) -> list[Suggestion]:
        """Titles with words that begin so: side by side, or else in any order; newest first."""
        words = typed.split()
        beside = (one for one in self.kept.having(words, len(words) - 1) if typed in plain(one[1]))
        anywhere = (
            one
            for one in self.kept.having(words, 0)
            if all(f" {word}" in plain(one[1]) for word in words)
        )
        return _offered(beside, limit) or _offered(anywhere, limit)


def completions_of(reader: EngineReader, titles: Titles) -> Completions:
    """The names that have articles in a state of the index, with titles and their topics."""
    libraries = reader.values("library")
    ordered = (
        *_of_values(reader.values("kind"), _kinds(), "kind"),
        *_of_values(reader.values("region"), _regions(), "place"),
        *_of_values(titles.topics, {one: (one,) for one in titles.topics}, "topic"),
        *_of_values(libraries, {one: (one,) for one in libraries}, "library"),
    )
    return Completions(ordered, titles)


def _offered(found: Iterable[tuple[int, str]], limit: int) -> list[Suggestion]:
    """So many titles, the first of those that are alike."""
    told: dict[str, Suggestion] = {}
    for document, title in found:
        if len(told) >= limit:
            break
        told.setdefault(plain(title), Suggestion(title, "title", str(document)))
    return list(told.values())


def _of_values(
    counts: Mapping[str, int], names: Mapping[str, Iterable[str]], what: str
) -> Iterator[Name]:
    """The names of values that have articles, the most frequent first."""
    for value in sorted(counts, key=lambda one: (-counts[one], one)):
        for name in names.get(value, ()):
            yield Name(plain(name), Suggestion(name, what, value))


def _begins(words: list[str], name: str) -> bool:
    """Whether each word begins a word of the name, one after the other."""
    at = 0
    for word in words:
        at = name.find(f" {word}", at)
        if at < 0:
            return False
        at += 1
    return True


def _kinds() -> Mapping[str, Iterable[str]]:
    return {key: (kind.kk, kind.ru, kind.en) for key, kind in vocabulary.kinds().items()}


def _regions() -> Mapping[str, Iterable[str]]:
    return {key: (one.kk, one.ru, one.en) for key, one in vocabulary.regions().items()}
