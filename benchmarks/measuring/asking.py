"""The 200 mixed questions of the speed measurement, and collections to ask them of."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import corpus

from crawler import vocabulary
from indexer.search import SearchRequest

COMMON = ("кітап", "кітапхана", "оқырман", "жыл", "қазақ", "адам", "бала", "жер", "қала", "тарих")


def mixed(
    source: list[tuple[str, list[str]]], count: int = 200, seed: int = 7, sentences: bool = False
) -> list[SearchRequest]:
    """Common word, three words, phrase, beginning, typo, one of five, filters with dates.

    With `sentences` the first twelve words of sentences instead.
    """
    draw = random.Random(seed)
    split = (sentence.split() for _, lines in source for sentence in lines)
    long = [words for words in split if len(words) > 6]

    def word() -> str:
        while True:
            found = draw.choice(draw.choice(long)).strip('.,!?«»"()–-:;')
            if len(found) > 4 and found.isalpha():
                return found

    def phrase() -> str:
        words = draw.choice(long)
        at = draw.randrange(len(words) - 2)
        return '"' + " ".join(words[at : at + 2]).replace('"', "") + '"'

    def typo() -> str:
        found = word()
        at = draw.randrange(1, len(found) - 1)
        return found[:at] + found[at + 1 :]

    kinds, regions = list(vocabulary.kinds()), list(vocabulary.regions())
    makers: tuple[Callable[[], SearchRequest], ...] = (
        lambda: SearchRequest(q=draw.choice(COMMON)),
        lambda: SearchRequest(q=f"{word()} {word()} {word()}"),
        lambda: SearchRequest(q=phrase()),
        lambda: SearchRequest(q=word()[: draw.randint(3, 5)] + "*"),
        lambda: SearchRequest(q=typo()),
        lambda: SearchRequest(q=" OR ".join(word() for _ in range(5))),
        lambda: SearchRequest(
            q=draw.choice(COMMON),
            regions=tuple(draw.sample(regions, 2)),
            kinds=tuple(draw.sample(kinds, 3)),
            date_from=date(2020, 1, 1),
            date_to=date(2025, 12, 31),
        ),
    )
    if sentences:
        makers = (lambda: SearchRequest(q=" ".join(draw.choice(long)[:12])[:200]),)
    return [makers[number % len(makers)]() for number in range(count)]


def collection(folder: Path, work: Path, count: int) -> tuple[Path, list[tuple[str, list[str]]]]:
    """A data folder with a store of `count` articles, and the sentences they are made of."""
    source = corpus.passages(folder / "passages.jsonl") + corpus.demo_passages() * 5
    data = work / f"made-{count}"
    if not (data / "store.sqlite").exists():
        data.mkdir(parents=True, exist_ok=True)
        corpus.fill(data, corpus.made_articles(count, source))
        print(f"a store of {count} articles made", file=sys.stderr)
    return data, source


def percentiles(times: list[float]) -> str:
    """Median, 95th and 99th percentile and the longest, in milliseconds."""
    ordered = sorted(1000 * one for one in times)

    def at(share: float) -> float:
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    return f"p50 {at(0.5):.1f}  p95 {at(0.95):.1f}  p99 {at(0.99):.1f}  max {ordered[-1]:.1f} ms"


def texts(source: list[tuple[str, list[str]]], count: int) -> Iterator[tuple[int, str, str]]:
    """Number, title and text of the articles, for the other programs."""
    for number, (article, _) in enumerate(corpus.made_articles(count, source), 1):
        yield number, article.title or "", article.text
