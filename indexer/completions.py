"""Names and titles kept ready for completing what is being typed."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from crawler import vocabulary
from crawler.store.store import Store
from indexer.engines.protocol import EngineReader
from indexer.kazakh.letters import fold
from indexer.model import Suggestion

# Titles that have one of the words typed, at most so many are looked at for the others.
MOST_LOOKED_AT = 2_000
# Series and reports of one event share a title: it is offered once, so more are looked at.
SAME_TITLES = 5
_NO_WORD = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """A text as it is compared: small letters, Kazakh as Russian ones, a space before words."""
    return " " + fold(_NO_WORD.sub(" ", text.lower())).strip()


@dataclass(frozen=True, slots=True)
class Name:
    """A name to offer and how it is compared."""

    plain: str
    suggestion: Suggestion


class Completions:
    """What can be offered for one state of a collection; nothing in it changes.

    Titles stand in one string, the newest first, each ended by a line break: finding a beginning
    of a word there takes a few milliseconds for 50,000 of them, and little memory.
    """

    def __init__(self, reader: EngineReader, store: Store, sequence: int) -> None:
        self.sequence = sequence
        topics: dict[str, int] = {}
        titles: list[tuple[int, str]] = []
        for number, title, told in store.articles.headings():
            titles.append((number, title))
            for topic in told:
                topics[topic] = topics.get(topic, 0) + 1
        self._names = (
            *_of_values(reader.values("kind"), _kinds(), "kind"),
            *_of_values(reader.values("region"), _regions(), "place"),
            *_of_values(topics, {one: (one,) for one in topics}, "topic"),
            *_of_values(
                libraries := reader.values("library"), {one: (one,) for one in libraries}, "library"
            ),
        )
        self._titles = sorted(titles, reverse=True)
        lines = [f"{plain(title)}\n" for _, title in self._titles]
        self._text = "".join(lines)
        self._ends: list[int] = []
        end = 0
        for line in lines:
            end += len(line)
            self._ends.append(end)

    def names(self, typed: str) -> list[Suggestion]:
        """Kinds, places, topics and libraries with words that begin so, in the order typed."""
        words = typed.split()
        return [one.suggestion for one in self._names if _begins(words, one.plain)]

    def titles(self, typed: str, limit: int) -> list[Suggestion]:
        """Titles with words that begin so: side by side, or else in any order."""
        found = dict.fromkeys(self._having(typed, limit * SAME_TITLES))
        if not found and len(words := typed.split()) > 1:
            longest = max(words, key=len)
            others = [f" {word}" for word in words if word != longest]
            among = self._having(f" {longest}", MOST_LOOKED_AT)
            found = dict.fromkeys(n for n in among if all(o in self._line(n) for o in others))
        told: dict[str, Suggestion] = {}
        for number in found:
            document, title = self._titles[number]
            told.setdefault(plain(title), Suggestion(title, "title", str(document)))
        return list(told.values())[:limit]

    def _having(self, text: str, limit: int) -> Iterator[int]:
        """The numbers of at most `limit` titles in which a text stands, in order."""
        at = self._text.find(text)
        while at >= 0 and limit:
            number = bisect.bisect_right(self._ends, at)
            yield number
            limit -= 1
            at = self._text.find(text, self._ends[number])

    def _line(self, number: int) -> str:
        return self._text[self._ends[number - 1] if number else 0 : self._ends[number]]


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
