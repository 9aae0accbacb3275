"""How fast: indexing, asking, adding; how much memory."""

from __future__ import annotations

import resource
import time
from datetime import UTC, datetime
from pathlib import Path

from crawler.model import Article, Block, Event
from crawler.store.store import Store
from indexer.build import update_index
from indexer.search import Searcher, SearchRequest
from measuring.asking import collection, mixed, percentiles, texts
from measuring.others import fts5, plain_whoosh

ROUNDS = 3
ADDED = 50
MOST_FOR_OTHERS = 10_000


def run(folder: Path, work: Path, count: int) -> None:
    """Print every figure for a collection of `count` articles."""
    data, source = collection(folder, work, count)
    asked = mixed(source)
    with Store.open(data) as store:
        report = update_index(data, store, rebuild=True)
        print(f"Jarshy         {report.documents / report.seconds:.0f} docs/s, two processes")
        with Searcher.open(data) as searcher:
            _ask(searcher, asked)
            _add(data, store, searcher)
        size = sum(path.stat().st_size for path in (data / "index").rglob("*") if path.is_file())
        print(f"Jarshy         {size / 1e6:.0f} MB of index")
    if count <= MOST_FOR_OTHERS:
        plain_whoosh(texts(source, count), asked)
        fts5(texts(source, count), asked)


def _ask(searcher: Searcher, asked: list[SearchRequest]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times: list[float] = []
    busy: list[float] = []
    for _ in range(ROUNDS):
        for request in asked:
            started, working = time.perf_counter(), time.thread_time()
            searcher.search(request)
            busy.append(time.thread_time() - working)
            times.append(time.perf_counter() - started)
    first, rest = times[: len(asked)], times[len(asked) :]
    print(f"Jarshy         {percentiles(first)}  (top 20, snippets, facets; first round)")
    print(f"Jarshy         {percentiles(rest)}  (later rounds)")
    print(f"Jarshy         {percentiles(busy[len(asked) :])}  (later rounds, processor time)")
    times = []
    for text in ("қаз", "кітап көр", "семин", "Алм", "тарих", "бал", "Қараған", "оқырман") * 5:
        started = time.perf_counter()
        searcher.suggest(text)
        times.append(time.perf_counter() - started)
    print(f"Jarshy         {percentiles(times)}  (suggestions while typing)")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"Jarshy         {peak / 1024:.0f} MB at most ({before / 1024:.0f} before asking)")


def _add(data: Path, store: Store, searcher: Searcher) -> None:
    """Fifty more articles: until they are committed, until a searcher sees them."""
    stamp = time.time_ns()
    for number in range(ADDED):
        text = f"Қосымша мақала {number} туралы мәтін. " * 60
        url = f"https://example.kz/added-{stamp}-{number}"
        article = Article(url, f"Қосымша {stamp}", (Block(text),), "kk", "made", "added")
        store.articles.save(article, Event(), datetime(2026, 11, 2, tzinfo=UTC))
    started = time.perf_counter()
    update_index(data, store)
    committed = time.perf_counter()
    while searcher.search(SearchRequest(q=f"Қосымша {stamp}")).total < ADDED:
        time.sleep(0.01)
    seen = time.perf_counter()
    print(
        f"Jarshy         {ADDED} added in {committed - started:.2f} s, seen {seen - committed:.2f} s later"
    )
