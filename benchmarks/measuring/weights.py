"""Whether the shipped weights are well chosen: their neighbours, and a cross-validation.

Two measures for each: nDCG@10 of the questions over the passages as `jarshy import` reads them,
and how many of the golden questions (tests/golden/search) have the right first page.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from collection import demo_articles, demo_names, fill  # noqa: E402

from crawler.importing import import_file  # noqa: E402
from crawler.store.store import Store  # noqa: E402
from indexer.build import update_index  # noqa: E402
from indexer.engines.protocol import EngineQuery  # noqa: E402
from indexer.model import SearchPage  # noqa: E402
from indexer.query import parse_query  # noqa: E402
from indexer.ranking import Ranking, ranking  # noqa: E402
from indexer.search import Searcher, SearchRequest  # noqa: E402
from indexer.snapshot import Snapshot, take_snapshot  # noqa: E402
from measuring.questions import lines, score  # noqa: E402

ROUNDS = 50
GOLDEN = ROOT / "tests" / "golden" / "search" / "queries.toml"
# The modules that have taken the weights' function by its name.
TAKEN = ("build", "forms", "plan", "reading", "wishes", "engines.whoosh.engine")
# One weight of a table changed to each of these.
TABLES: Mapping[str, Mapping[str, tuple[float, ...]]] = {
    "forms": {"folded": (0.01, 0.4, 1.0), "prefix": (0.01, 0.4, 1.0)},
    "readings": {"language": (0.01, 0.5, 1.0), "corrected": (0.01, 1.0)},
    "wishes": {
        "kind": (0.0, 3.0, 9.0),
        "place": (0.0, 1.0, 4.0),
        "day": (0.0, 3.0),
        "month": (0.0, 2.0),
        "year": (0.0, 0.5, 2.0),
        "joined": (0.0, 1.0),
    },
    "expansions": {
        "abbreviation": (0.0, 1.0),
        "place": (0.0, 1.0),
        "translation": (0.0, 0.2, 0.8),
        "synonym": (0.0, 0.1, 0.4),
    },
    "zones": {"title": (1.0, 1.5, 3.0), "lead": (1.25, 1.5), "labels": (0.0, 0.5, 1.0)},
}
SINGLE: Mapping[str, tuple[float, ...]] = {
    "k1": (0.6, 1.2),
    "b": (0.2, 0.6),
    "rarity": (1.0, 1.3, 2.0),
    "enough": (0, 5, 30),
    "most": (0.5, 0.6, 0.8),
    "some": (0.0, 0.1, 0.3),
    "telling": (0.02, 1.0),
    "all_words": (0.0, 0.5),
    "near": (0.0, 1.0),
    "title": (0.0, 1.0),
    "runs": (0.0, 0.5, 2.0),
    "short": (1, 3, 6),
    "recent": (0.0, 0.2),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """nDCG@10 of every question, and the golden questions that are answered wrongly."""

    ndcg: list[float]
    wrong: list[str]


def neighbours(shipped: Ranking) -> Iterator[tuple[str, Ranking]]:
    """The shipped weights and each with one weight changed; those of zones last."""
    yield "shipped", shipped
    for name, values in SINGLE.items():
        for value in values:
            yield f"{name} {value}", replace(shipped, **{name: value})
    for table, weights in TABLES.items():
        told: Mapping[str, float] = getattr(shipped, table)
        for name, values in weights.items():
            for value in values:
                changed: dict[str, Any] = {table: {**told, name: value}}
                yield f"{table}.{name} {value}", replace(shipped, **changed)


@contextmanager
def using(weights: Ranking) -> Iterator[None]:
    """Everything works with these weights."""
    with ExitStack() as stack:
        for module in TAKEN:
            stack.enter_context(mock.patch(f"indexer.{module}.ranking", return_value=weights))
        # Processes of their own would index with the weights as shipped.
        stack.enter_context(mock.patch("indexer.crew.WORTH_IT", sys.maxsize))
        yield


class Collection:
    """A stored collection, indexed anew when the weights of zones have changed."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._zones: Mapping[str, float] = {}
        self._before: Snapshot | None = None

    def snapshot(self, weights: Ranking) -> Snapshot:
        """The collection with these weights, which are in use."""
        if weights.zones != self._zones:
            with Store.open(self.data) as store:
                update_index(self.data, store)
            self._zones = weights.zones
        self._before = take_snapshot(self.data, self._before)
        return self._before


def run(folder: Path, work: Path) -> None:
    """Print both measures of every neighbour, and nDCG of choosing the best by the other half."""
    asked = lines(folder / "questions.jsonl")
    golden = tomllib.loads(GOLDEN.read_text("utf-8"))["query"]
    with tempfile.TemporaryDirectory() as demo:
        fill(Path(demo), demo_articles()).close()
        _imported(folder, work / "imported")
        passages, demos = Collection(work / "imported"), Collection(Path(demo))
        scored: dict[str, Measured] = {}
        for label, weights in neighbours(ranking()):
            with using(weights):
                found = Measured(_ndcg(passages, weights, asked), _wrong(demos, weights, golden))
            scored[label] = found
            right = len(golden) - len(found.wrong)
            mean = statistics.mean(found.ndcg)
            print(f"{label:28} nDCG@10 {mean:.4f}  golden {right} of {len(golden)}", flush=True)
    best = cross_validated({label: one.ndcg for label, one in scored.items()})
    print(f"best by one half, measured on the other: {best:.4f}")


def _imported(folder: Path, data: Path) -> None:
    """A store of the passages as `jarshy import` reads them."""
    if not (data / "store.sqlite").exists():
        data.mkdir(parents=True, exist_ok=True)
        with Store.open(data) as store:
            import_file(folder / "passages.jsonl", store)


def _ndcg(passages: Collection, weights: Ranking, asked: list[dict[str, Any]]) -> list[float]:
    """nDCG@10 of each question, corrections left out."""
    now = passages.snapshot(weights)
    with Store.open(passages.data) as store:
        urls = {one.id: one.article.url for one in store.articles.documents(now.reader.ids())}
    found = []
    for question in asked:
        plan = now.planner.plan(parse_query(question["query"]))
        query = EngineQuery(plan.tree, limit=10, words=plan.words, count_facets=False)
        ranked = [urls[one] for one, _ in now.reader.search(query).hits]
        found.append(score(ranked, set(question["relevant"])).ndcg)
    return found


def _wrong(demo: Collection, weights: Ranking, golden: list[dict[str, Any]]) -> list[str]:
    """The golden questions whose first page is not as expected."""
    now = demo.snapshot(weights)
    with Store.open(demo.data) as store:
        searcher = Searcher(demo.data, store, now)
        pages = [searcher.search(SearchRequest(q=expected["q"])) for expected in golden]
    told = zip(golden, pages, strict=True)
    return [str(expected["q"]) for expected, page in told if not _is_right(expected, page)]


def _is_right(expected: dict[str, Any], page: SearchPage) -> bool:
    names = demo_names()
    found = [names[hit.document.article.url] for hit in page.hits]
    return (
        bool(found) is not expected.get("none", False)
        and (not found or found[0] in expected.get("first", found))
        and set(expected.get("among", ())) <= set(found[: expected.get("of", 7)])
        and page.total <= expected.get("most", page.total)
    )


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
