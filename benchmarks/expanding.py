"""Whether other names for the same thing help: nDCG@10 with each kind of expansion on and off.

    python benchmarks/expanding.py DATA QUESTIONS.jsonl

DATA has the index of the passages (jarshy import, jarshy index). The questions are asked as they
stand, and again with a phrase of the tables in another of its names ("renamed": Астана as
Нұр-Сұлтан, АҚШ in full); the relevant passages stay the same.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from unittest import mock

from rewriting import read_questions, scores

from indexer.analysis import Analyzer, Token
from indexer.kazakh.expansions import Expansion
from indexer.kazakh.tables import rows_of
from indexer.search import Searcher

KINDS = ("abbreviation", "place", "synonym")
# Kind, file, number of columns, columns in Kazakh, and all columns.
TABLES = (
    ("abbreviation", "abbreviations.tsv", 4, (0, 1), (0, 1, 2, 3)),
    ("place", "places.tsv", 4, (0, 1), (0, 1, 2)),
    ("synonym", "synonyms.tsv", 2, (0,), (0, 1)),
)


@dataclass(frozen=True, slots=True)
class Renamed:
    """A question with a phrase in another of its names."""

    kind: str
    language: str
    question: dict[str, object]


def renamed(questions: list[dict[str, object]]) -> Iterator[Renamed]:
    """Every question that has a name of the tables, with the next Kazakh and the first other name."""
    for kind, file, width, kazakh, every in TABLES:
        for row in rows_of(file, width):
            own = [name for column in kazakh for name in row[column].split(" | ") if name]
            other = [name for column in every for name in row[column].split(" | ") if name]
            foreign = [name for name in other if name not in own]
            for name in own:
                instead = [("kk", n) for n in own if n != name][:1] + [
                    ("ru", n) for n in foreign[:1]
                ]
                for question in questions:
                    yield from _with(question, name, instead, kind)


def _with(
    question: dict[str, object], name: str, instead: list[tuple[str, str]], kind: str
) -> Iterator[Renamed]:
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?=\w{{0,4}}(?!\w))", re.IGNORECASE)
    query = str(question["query"])
    if pattern.search(query):
        for language, other in instead:
            yield Renamed(kind, language, {**question, "query": pattern.sub(f"{other} ", query)})


def limited(kinds: tuple[str, ...]) -> Callable[..., list[Expansion]]:
    """The analyzer's expansions, of these kinds alone."""
    whole = Analyzer.expansions

    def expansions(
        self: Analyzer, tokens: list[Token], asked: tuple[str, ...] = KINDS
    ) -> list[Expansion]:
        return whole(self, tokens, tuple(kind for kind in asked if kind in kinds))

    return expansions


def figure(searcher: Searcher, questions: list[dict[str, object]], kinds: tuple[str, ...]) -> float:
    """Mean nDCG@10 with these kinds of expansions."""
    with mock.patch.object(Analyzer, "expansions", limited(kinds)):
        return mean(scores(searcher, questions, str))


def main(data: str, path: str) -> None:
    asked = read_questions(Path(path))
    changed = list(renamed(asked))
    with Searcher.open(Path(data)) as searcher:
        print(f"{len(asked)} questions as written, without any  {figure(searcher, asked, ()):.4f}")
        for kind in KINDS:
            print(f"    with {kind:14} {figure(searcher, asked, (kind,)):.4f}")
        print(f"    with all            {figure(searcher, asked, KINDS):.4f}", flush=True)
        for kind in KINDS:
            for language in ("kk", "ru"):
                some = [r.question for r in changed if (r.kind, r.language) == (kind, language)]
                if some:
                    off, on = figure(searcher, some, ()), figure(searcher, some, (kind,))
                    print(f"renamed, {kind}, {language}: {len(some)} off {off:.4f} on {on:.4f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
