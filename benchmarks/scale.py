"""Measures engines side by side. Run from the checkout: `python benchmarks/scale.py ...`.

    EVAL DOCUMENTS      200 mixed questions on so many made articles, for each engine named by
                        --engines (whoosh, opensearch): indexing, size, then 1 client and 8
                        clients (threads) asking for the top 20 with snippets and facets, each
                        question for the first time and again

OpenSearch is the cluster of JARSHY_OPENSEARCH_URL; to start one for this:

    python tests/opensearch/nodes.py 2 -- python benchmarks/scale.py EVAL 10000

`--questions` takes nDCG@10 on EVAL/questions.jsonl with each engine instead.
`--work DIR` keeps stores and indexes between runs.

Collections that take long go step by step; each step goes on where the last one stopped (after
--for SECONDS), and the cluster stays up from step to step:

    EVAL 1000000 --work DIR --step rows                     the analysis, once for all sizes
    EVAL 200000 --work DIR --step index --engines whoosh    the engine alone, from those rows
    EVAL 1000000 --work DIR --step grow --engines whoosh    the same of copies of 200,000
    EVAL 1000000 --work DIR --step index --engines opensearch   rows that are missing are copies
    EVAL 200000 --work DIR --step ask --engines whoosh      ids and facet counts, no texts
    EVAL 200000 --work DIR --step search --engines whoosh   the whole search, from a store
    EVAL 200000 --work DIR --step others --engines fts5,tantivy
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

# `events` here must not stand before the package of that name, which the cluster's client needs.
sys.path.append(sys.path.pop(0))

import corpus
from measuring import plain, questions
from measuring.asking import collection, mixed, percentiles
from measuring.clients import Asked, What, eight_clients, one_client
from measuring.feeding import feed
from measuring.growing import grow
from measuring.rows import Source, make_rows

from crawler.store.store import Store
from indexer.build import update_index
from indexer.place import current_folder
from indexer.search import Searcher, SearchRequest

CLIENTS = 8
WARMING = 1_000  # other questions, before those of a cluster are timed
ROUNDS = 3  # of the questions, asked again


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("eval", type=Path, help="folder with passages.jsonl")
    parser.add_argument("documents", type=int, nargs="?", default=10_000)
    parser.add_argument("--engines", default="whoosh,opensearch")
    parser.add_argument("--questions", action="store_true")
    parser.add_argument("--work", type=Path)
    parser.add_argument("--step", choices=("rows", "index", "grow", "ask", "search", "others"))
    parser.add_argument("--for", type=float, default=300.0, dest="seconds")
    options = parser.parse_args()
    if options.step:
        step(options)
        return
    with tempfile.TemporaryDirectory() as temporary:
        for engine in options.engines.split(","):
            os.environ["JARSHY_ENGINE"] = engine
            work = options.work or Path(temporary)
            if options.questions:
                print(f"{engine:12} ", end="", flush=True)
                questions.run(options.eval, work / f"questions-{engine}")
            else:
                measured(engine, options.eval, work, options.documents)


def step(options: argparse.Namespace) -> None:
    """One step of a large collection."""
    source = corpus.passages(options.eval / "passages.jsonl") + corpus.demo_passages() * 5
    work, count = options.work, options.documents
    if options.step == "rows":
        make_rows(work / "rows", source, count, options.seconds)
        return
    if "opensearch" not in options.engines:
        os.environ.pop("JARSHY_TEST_CLUSTER", None)  # whose processor time would be told
    if options.step == "others":
        for name in options.engines.split(","):
            plain.run(name, work, source, count, mixed(source))
        return
    for engine in options.engines.split(","):
        os.environ["JARSHY_ENGINE"] = engine
        data = work / f"{engine}-{count}"
        say = partial(print, f"{engine:12} {count:7} articles ", flush=True)
        if options.step == "grow":
            say(grow(data, work / f"{engine}-200000", work / "rows", count))
        elif options.step == "index":
            say(feed(data, work / "rows", count, options.seconds))
        else:
            ask(data, options.step == "search", source, say)


def ask(data: Path, whole: bool, source: Source, say: Callable[[str], None]) -> None:
    """The questions of one client, then of eight."""
    what: What = "search" if whole else "engine"
    remote = os.environ["JARSHY_ENGINE"] == "opensearch"
    before = mixed(source, count=WARMING, seed=8) if remote else []
    asked = Asked(data, what, mixed(source), tuple(before))
    say(sizes(data, os.environ["JARSHY_ENGINE"]))
    for told in one_client(asked):
        say(f"{told}  [{what}]")
    say(f"{eight_clients(asked)}  [{what}]")


def measured(engine: str, folder: Path, work: Path, count: int) -> None:
    """Print the figures of one engine, each line beginning with its name."""
    data, source = collection(folder, work, count)
    apart = data.with_name(f"{data.name}-{engine}")
    if not apart.exists():
        apart.mkdir()
        for path in data.glob("store.sqlite*"):
            shutil.copy(path, apart)

    def say(text: str) -> None:
        print(f"{engine:12} {count:7} articles  {text}", flush=True)

    with Store.open(apart) as store:
        report = update_index(apart, store)
    if report.rebuilt:
        say(f"{report.documents / report.seconds:.0f} docs/s, analysis included, two processes")
    say(sizes(apart, engine))
    with Searcher.open(apart) as searcher:
        asked = mixed(source)
        asking(searcher, asked, say)


def asking(searcher: Searcher, asked: list[SearchRequest], say: Callable[[str], None]) -> None:
    """All questions by one client, then by several at once."""

    def timed(request: SearchRequest) -> float:
        started = time.perf_counter()
        searcher.search(request)
        return time.perf_counter() - started

    say(f"{percentiles([timed(one) for one in asked])}  (1 client, never asked before)")
    say(f"{percentiles([timed(one) for one in asked * ROUNDS])}  (1 client, asked again)")
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        times = list(pool.map(timed, asked * ROUNDS))
    rate = len(times) / (time.perf_counter() - started)
    say(f"{percentiles(times)}  ({CLIENTS} clients, {rate:.0f} searches a second)")


def sizes(data: Path, engine: str) -> str:
    """The size of the index: in the data folder, and on the cluster without and with copies."""
    local = sum(one.stat().st_size for one in (data / "index").rglob("*") if one.is_file())
    told = f"{local / 1e6:.0f} MB in the data folder"
    if engine != "opensearch":
        return told
    from indexer.engines.opensearch.cluster import cluster
    from indexer.engines.opensearch.pointer import read_pointer

    index = read_pointer(current_folder(data)).index
    stats = cluster().ask("GET", f"/{index}/_stats/store")["_all"]
    own, total = (stats[one]["store"]["size_in_bytes"] / 1e6 for one in ("primaries", "total"))
    return f"{told}, {own:.0f} MB on the cluster ({total:.0f} MB with copies)"


if __name__ == "__main__":
    main()
