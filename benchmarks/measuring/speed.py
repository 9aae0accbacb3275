"""How fast: indexing, asking, adding; how much memory."""

from __future__ import annotations

import gc
import multiprocessing
import time
from datetime import UTC, datetime
from pathlib import Path

from crawler.model import Article, Block, Event
from crawler.store.store import Store
from indexer.build import update_index
from indexer.search import Searcher, SearchRequest, prepare
from measuring.asking import collection, mixed, percentiles, texts
from measuring.others import fts5, plain_tantivy, plain_whoosh

ADDED = 50
MOST_FOR_OTHERS = 10_000
# Kazakh letters, Russian ones for them, Latin, the wrong layout, words in another order, nothing.
TYPED = (
    *("қаз", "кітап көр", "семин", "Алм", "тарих", "бал", "Қараған", "оқырман"),
    *("китап кор", "окырман", "kitap", "qaraq", "rsnfg", "tarih", "көр кітап", "жоқсөзмүлде"),
)


def run(folder: Path, work: Path, count: int) -> None:
    """Print every figure for a collection of `count` articles."""
    data, source = collection(folder, work, count)
    asked = mixed(source)
    with Store.open(data) as store:
        report = update_index(data, store, rebuild=True)
        print(f"Jarshy         {report.documents / report.seconds:.0f} docs/s, two processes")
    apart = multiprocessing.get_context("spawn").Process(target=_serve, args=(data, source))
    apart.start()
    apart.join()
    if apart.exitcode:
        raise SystemExit(f"the process that asks ended with {apart.exitcode}")
    size = sum(path.stat().st_size for path in (data / "index").rglob("*") if path.is_file())
    print(f"Jarshy         {size / 1e6:.0f} MB of index")
    if count <= MOST_FOR_OTHERS:
        plain_whoosh(texts(source, count), asked)
        fts5(texts(source, count), asked)
        plain_tantivy(texts(source, count), asked)


def _serve(data: Path, source: list[tuple[str, list[str]]]) -> None:
    """Ask and add in a process that did not index, after what `jarshy serve` does at its start."""
    prepare(data)
    gc.collect()
    gc.freeze()
    with Store.open(data) as store, Searcher.open(data) as searcher:
        _ask(searcher, source)
        _add(data, store, searcher)


def _ask(searcher: Searcher, source: list[tuple[str, list[str]]]) -> None:
    """Questions after some others have warmed the process; then the same ones once more."""
    for request in mixed(source, 100, seed=3):
        searcher.search(request)
    asked = mixed(source, seed=7)
    for label, some in (
        ("never asked before", asked),
        ("asked again", asked),
        ("whole sentences", mixed(source, 50, sentences=True)),
    ):
        times, busy = _timed(searcher, some)
        print(f"Jarshy         {percentiles(times)}  (top 20, snippets, facets; {label})")
        print(f"Jarshy         {percentiles(busy)}  (the same, processor time)")
    times = []
    for text in TYPED * 5:
        started = time.perf_counter()
        searcher.suggest(text)
        times.append(time.perf_counter() - started)
    print(f"Jarshy         {percentiles(times)}  (suggestions while typing)")
    print(f"Jarshy         {memory()}")


def _timed(searcher: Searcher, asked: list[SearchRequest]) -> tuple[list[float], list[float]]:
    """Seconds on the clock and seconds of this thread's processor time."""
    times, busy = [], []
    for request in asked:
        started, working = time.perf_counter(), time.thread_time()
        searcher.search(request)
        busy.append(time.thread_time() - working)
        times.append(time.perf_counter() - started)
    return times, busy


def memory() -> str:
    """The memory of this process: its own, and the pages of the index's files that it maps."""
    lines = (line.split() for line in Path("/proc/self/status").read_text("ascii").splitlines())
    told = {line[0]: int(line[1]) // 1024 for line in lines if line[0] in ("RssAnon:", "RssFile:")}
    return f"{told['RssAnon:']} MB of its own, {told['RssFile:']} MB of files mapped"


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
    while not searcher.suggest(f"Қосымша {stamp}"):
        time.sleep(0.001)
    offered = time.perf_counter()
    print(
        f"Jarshy         {ADDED} added in {committed - started:.2f} s, seen {seen - committed:.2f} s later, offered while typing {offered - seen:.3f} s after that"
    )
