"""The store in SQLite's file and in PostgreSQL beside each other.

    python benchmarks/store.py [--articles 5000]

Debian's PostgreSQL with its own settings (fsync on) over a socket on the same machine, and the
same made articles (`benchmarks/corpus.py`, 250 to 400 words) in both. Writers at once are processes.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from database_server import running_postgres  # noqa: E402

from benchmarks.corpus import SEEN, demo_passages, made_articles  # noqa: E402
from crawler.importing import import_file  # noqa: E402
from crawler.model import Article, Event  # noqa: E402
from crawler.store import moving  # noqa: E402
from crawler.store.database import open_engine  # noqa: E402
from crawler.store.place import database_url, file_url  # noqa: E402
from crawler.store.postgres import postgres_engine  # noqa: E402
from crawler.store.store import Store  # noqa: E402
from indexer.titles import titles_of  # noqa: E402
from indexer.titling import titling_after  # noqa: E402

BATCH = 500
SINGLE = 400
READ = 1000
PAGES = 300
Made = list[tuple[Article, Event]]


def took(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def quickest(work: Callable[[], object], times: int = 3) -> float:
    return min(took(work) for _ in range(times))


@contextmanager
def line(name: str, told: str) -> Iterator[list[str]]:
    figures: list[str] = []
    yield figures
    print(f"{name:12} {told:44} {'  '.join(figures)}", flush=True)


def measure(name: str, data: Path, url: sa.URL | None, made: Made, lines: Path) -> None:
    with Store.open(data, url) as store, line(name, "import of JSON Lines, facts read") as out:
        out.append(f"{READ / took(lambda: import_file(lines, store)):8.0f} articles/s")
    with Store.open(data, url) as store:
        fresh = [(replace(one, url=f"{one.url}/b"), event) for one, event in made]
        parts = [fresh[at : at + BATCH] for at in range(0, len(fresh), BATCH)]
        with line(name, f"stored alone, {BATCH} in a commit") as out:
            seconds = took(lambda: [store.articles.save_all(part, SEEN) for part in parts])
            out.append(f"{len(made) / seconds:8.0f} articles/s")
        with line(name, "stored alone, a commit each") as out:
            rows = [(replace(one, url=f"{one.url}/c"), event) for one, event in made[:SINGLE]]
            seconds = took(lambda: [store.articles.save(*row, SEEN) for row in rows])
            out.append(f"{SINGLE / seconds:8.0f} articles/s")
        read_all(name, store)
    with line(name, "opened and closed") as out:
        out.append(f"{1000 * quickest(lambda: Store.open(data, url).close(), 20):8.1f} ms")


def read_all(name: str, store: Store) -> None:
    with line(name, "read for the index (changes_after)") as out:
        seconds = quickest(lambda: sum(1 for _ in store.articles.changes_after(0)))
        out.append(f"{store.articles.count() / seconds:8.0f} articles/s")
    with line(name, "20 documents for a page of answers") as out:
        chance, times = random.Random(1), []
        last = store.articles.last_id()
        for _ in range(PAGES):
            ids = [chance.randint(1, last) for _ in range(20)]
            times.append(1000 * took(lambda ids=ids: list(store.articles.documents(ids))))
        cut = statistics.quantiles(times, n=20)
        out.append(f"p50 {statistics.median(times):.1f}  p95 {cut[18]:.1f} ms")
    keep_titles(name, store)


def keep_titles(name: str, store: Store) -> None:
    """What an index without titles gets at its next update, and what servers do with that."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, names = Path(temporary), list[str]()
        with line(name, "titles read and kept for suggestions") as out:
            seconds = took(lambda: names.extend(titling_after(folder, (), store).finish()))
            out.append(f"{store.articles.count() / seconds:8.0f} articles/s")
            out.append(f"opened in {1000 * quickest(lambda: titles_of(folder, names)):.1f} ms")


def as_line(article: Article) -> dict[str, str]:
    assert article.title is not None
    assert article.published is not None
    text = "\n\n".join(article.paragraphs)
    published = article.published.date().isoformat()
    return {"url": article.url, "title": article.title, "text": text, "published": published}


def write(address: str, data: str, name: str, number: int, ready: object) -> None:
    made = list(made_articles(number, demo_passages(), seed=3))
    with Store.open(Path(data), database_url(address, "store")) as store:
        ready.wait()  # type: ignore[attr-defined]
        for one, event in made:
            store.articles.save(replace(one, url=f"{one.url}/{name}"), event, SEEN)


def writers(address: str, data: Path, count: int) -> float:
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(count + 1)
    told = [(address, str(data), f"w{count}-{n}", SINGLE, ready) for n in range(count)]
    started = [context.Process(target=write, args=one) for one in told]
    for one in started:
        one.start()
    ready.wait()
    begun = time.perf_counter()
    for one in started:
        one.join()
    return count * SINGLE / (time.perf_counter() - begun)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=5000)
    made = list(made_articles(parser.parse_args().articles, demo_passages()))
    with tempfile.TemporaryDirectory() as folder, running_postgres(careful=True) as server:
        lines = Path(folder) / "articles.jsonl"
        told = (as_line(article) for article, _ in made[:READ])
        lines.write_text("".join(json.dumps(one) + "\n" for one in told), "utf-8")
        file, other = Path(folder) / "sqlite", Path(folder) / "postgresql"
        address = server.url(server.fresh())
        measure("sqlite", file, None, made, lines)
        measure("postgresql", other, database_url(address, "store"), made, lines)
        for count in (1, 2, 4):
            with line("postgresql", f"{count} writers at once, a commit each") as out:
                out.append(f"{writers(address, other, count):8.0f} articles/s")
        source = open_engine(file, file_url(file))
        target = postgres_engine(database_url(server.url(server.fresh()), "store"))
        with line("both", "moved from the file, compared at the end") as out:
            seconds = took(lambda: moving.move(source, target))
            out.append(f"{(READ + len(made) + SINGLE) / seconds:8.0f} articles/s")


if __name__ == "__main__":
    main()
