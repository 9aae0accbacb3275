"""How good the first ten answers are: questions with known relevant passages."""

from __future__ import annotations

import json
import math
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import corpus

from crawler.model import Article, Block, Event
from crawler.store.store import Store
from indexer.build import update_index
from indexer.search import Searcher, SearchRequest


@dataclass(frozen=True, slots=True)
class Scores:
    """nDCG@10, reciprocal rank of the first right answer in ten, recall in a hundred."""

    ndcg: float
    mrr: float
    recall: float


def score(ranked: list[str], relevant: set[str]) -> Scores:
    """The scores of one question's answers."""
    right = [url in relevant for url in ranked[:10]]
    ideal = sum(1 / math.log2(rank + 2) for rank in range(min(10, len(relevant))))
    gained = sum(1 / math.log2(rank + 2) for rank, is_right in enumerate(right) if is_right)
    first = next((1 / (rank + 1) for rank, is_right in enumerate(right) if is_right), 0.0)
    return Scores(gained / ideal, first, len(relevant & set(ranked[:100])) / len(relevant))


def lines(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def passages(path: Path) -> Iterator[tuple[Article, Event]]:
    """The passages as articles, as `jarshy import` reads them."""
    for told in lines(path):
        blocks = tuple(Block(part) for part in told["text"].split("\n\n"))
        yield (
            Article(told["url"], told["title"], blocks, told["language"], "import", "passages"),
            Event(),
        )


def prepared(folder: Path, work: Path) -> Path:
    """A data folder with the passages stored and indexed."""
    data = work / "passages"
    if not (data / "store.sqlite").exists():
        data.mkdir(parents=True, exist_ok=True)
        corpus.fill(data, passages(folder / "passages.jsonl"))
    with Store.open(data) as store:
        update_index(data, store)
    return data


def run(folder: Path, work: Path) -> None:
    """Print the mean scores and the latency."""
    asked = lines(folder / "questions.jsonl")
    found: list[Scores] = []
    times: list[float] = []
    with Searcher.open(prepared(folder, work)) as searcher:
        for question in asked:
            started = time.perf_counter()
            page = searcher.search(SearchRequest(q=question["query"], size=100))
            times.append(1000 * (time.perf_counter() - started))
            ranked = [hit.document.article.url for hit in page.hits]
            found.append(score(ranked, set(question["relevant"])))
    mean = statistics.mean
    print(
        f"{len(asked)} questions  nDCG@10 {mean(s.ndcg for s in found):.4f}"
        f"  MRR@10 {mean(s.mrr for s in found):.4f}  recall@100 {mean(s.recall for s in found):.4f}"
        f"  ms median {statistics.median(times):.1f} p95 {sorted(times)[int(len(times) * 0.95)]:.1f}"
    )
