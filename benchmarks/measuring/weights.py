"""Whether the shipped weights are well chosen: their neighbours, and a cross-validation."""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest import mock

from crawler.store.store import Store
from indexer.engines.collecting import collect
from indexer.engines.matching import Matcher
from indexer.engines.protocol import EngineQuery
from indexer.query import parse_query
from indexer.ranking import Ranking, ranking
from indexer.snapshot import take_snapshot
from measuring.questions import lines, prepared, score

ROUNDS = 50


def neighbours(shipped: Ranking) -> Iterator[tuple[str, Ranking]]:
    """The shipped weights and each with one weight changed."""
    yield "shipped", shipped
    for k1, b in ((0.6, 0.3), (1.2, 0.4), (0.9, 0.6), (1.2, 0.75)):
        yield f"k1 {k1} b {b}", replace(shipped, k1=k1, b=b)
    for rarity in (1.0, 1.3, 2.0):
        yield f"rarity {rarity}", replace(shipped, rarity=rarity)
    for name, values in (("prefix", (0.01, 0.4, 1.0)), ("folded", (0.01, 1.0))):
        for value in values:
            yield f"{name} {value}", replace(shipped, forms={**shipped.forms, name: value})
    yield "stems alone", replace(shipped, forms={"stem": 1, "prefix": 0.01, "folded": 0.01})
    for all_words, near, short in ((0, 0, 2), (0.5, 0, 2), (1, 0.6, 3), (1, 0.6, 6)):
        changed = replace(shipped, all_words=all_words, near=near, short=short)
        yield f"all_words {all_words} near {near} short {short}", changed
    for enough in (0, 30, 1_000_000):
        yield f"enough {enough}", replace(shipped, enough=enough)
    for most, some in ((0.0, 0.0), (0.6, 0.0), (0.6, 0.1), (0.6, 0.2), (0.5, 0.25), (0.7, 0.2)):
        yield f"most {most} some {some}", replace(shipped, most=most, some=some)
    for title in (0.0, 0.25, 1.0, 2.0):
        yield f"title {title}", replace(shipped, title=title)
    for runs in (0.0, 0.5, 2.0):
        yield f"runs {runs}", replace(shipped, runs=runs)
    yield "title 0.5 short 6", replace(shipped, title=0.5, near=0, all_words=0, short=6)


def run(folder: Path, work: Path) -> None:
    """Print nDCG@10 of every neighbour and of choosing the best by the other half."""
    data = prepared(folder, work)
    asked = lines(folder / "questions.jsonl")
    now = take_snapshot(data)
    with Store.open(data) as store:
        urls = {one.id: one.article.url for one in store.articles.documents(now.reader.ids())}
    scored: dict[str, list[float]] = {}
    for label, weights in neighbours(replace(ranking(), recent=0.0)):
        matcher = Matcher(now.reader.state, weights)  # type: ignore[attr-defined]
        with mock.patch("indexer.forms.ranking", lambda weights=weights: weights):
            scored[label] = []
            for question in asked:
                plan = now.planner.plan(parse_query(question["query"]))
                query = EngineQuery(plan.tree, limit=100, words=plan.words, count_facets=False)
                ranked = [urls[one] for one, _ in collect(matcher, query).hits]
                scored[label].append(score(ranked, set(question["relevant"])).ndcg)
        print(f"{label:40} nDCG@10 {statistics.mean(scored[label]):.4f}", flush=True)
    print(f"best by one half, measured on the other: {cross_validated(scored):.4f}")


def cross_validated(scored: dict[str, list[float]]) -> float:
    """Mean score of the weights that are best on one random half, on the other half."""
    draw, total = random.Random(1), 0.0
    numbers = list(range(len(next(iter(scored.values())))))
    for _ in range(ROUNDS):
        draw.shuffle(numbers)
        half = len(numbers) // 2
        for chosen, held in ((numbers[:half], numbers[half:]), (numbers[half:], numbers[:half])):
            best = max(scored, key=lambda label: sum(scored[label][n] for n in chosen))
            total += statistics.mean(scored[best][n] for n in held)
    return total / (2 * ROUNDS)
