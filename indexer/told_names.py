"""Names of things by the stems of their words, for questions that say them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from indexer.kazakh.function_words import stop_words
from indexer.kazakh.letters import fold, normalise
from indexer.kazakh.words import parts, words

Stems = tuple[str, ...]
StemOf = Callable[[str, str], str]


class ToldNames:
    """Names of things by the stems of their words; `values` has what each name means.

    A name is analysed when all its words first begin like words of a question: analysing
    thousands of them at once would make the first question wait for a second.
    """

    def __init__(self, names: Iterable[tuple[str, str]], stem_of: StemOf, longest: int) -> None:
        self.values: dict[Stems, dict[str, None]] = {}
        self.in_any_order: dict[frozenset[str], dict[str, None]] = {}
        self._stem_of = stem_of
        self._longest = longest
        known = ((tuple(_words(name)), value) for name, value in names if "…" not in name)
        # By the beginning of one of their words, so that a question looks at few of them.
        self._waiting: dict[str, list[tuple[Stems, frozenset[str], str]]] = {}
        for told, value in known:
            needed = frozenset(map(beginning, told))
            self._waiting.setdefault(min(needed, default=""), []).append((told, needed, value))

    def learn(self, begins: frozenset[str]) -> None:
        """Analyse the names whose words have these beginnings; several threads may."""
        for begin in begins & self._waiting.keys():
            waiting = self._waiting[begin]
            for told, needed, value in waiting:
                if needed <= begins:
                    self._learn(told, value)
            self._waiting[begin] = [one for one in waiting if not one[1] <= begins]

    def _learn(self, told: Stems, value: str) -> None:
        for language in ("kk", "ru"):
            stems = tuple(self._stem_of(word, language) for word in told)[: self._longest]
            self.values.setdefault(stems, {})[value] = None
            self.in_any_order.setdefault(frozenset(stems), {})[value] = None


def beginning(word: str) -> str:
    """What a word has in common with its stem and with its spelling in Russian letters."""
    return fold(word)[:2]


def _words(name: str) -> Iterator[str]:
    """The words of a name as they are stemmed, stop words left out."""
    for word in words(name):
        for part in parts(word):
            text = normalise(part.text)
            if text not in stop_words():
                yield text
