"""How long the pages take on the server, and how large they are.

    python benchmarks/pages.py [--documents 10000] [--data FOLDER]

Makes a collection out of the demo's articles with their sentences and dates shuffled, indexes it
(kept in FOLDER for the next time, when one is given) and asks for every kind of page in turn,
without a network: what is measured is routing, search, presenting and rendering. Prints for each
page the median and the 95th percentile in milliseconds and the size of the HTML in kilobytes.
"""

from __future__ import annotations

import argparse
import gzip
import random
import statistics
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient

from crawler.model import Article, Block, Event
from crawler.sites import Names, Site
from crawler.store.store import Store
from crawler.vocabulary import kinds, regions
from indexer.build import update_index
from searchui import create_app

DEMO = Path(__file__).parent.parent / "demoweb" / "articles"
ROUNDS = 60
LIBRARIES = 60
QUERIES = (
    "семинар",
    "кітап көрмесі",
    "цифрлық кітапхана",
    "библиотека",
    "Абай оқулары",
    "цифрлык сауаттылык",
    "мастер-класс",
    "оқырмандармен кездесу",
)


def articles(count: int) -> Iterator[tuple[Article, Event]]:
    """Articles of the demo's sentences in new order, spread over libraries, kinds and days."""
    chance = random.Random(20260312)
    told = [tomllib.loads(path.read_text("utf-8")) for path in sorted(DEMO.glob("*/*.toml"))]
    by_language: dict[str, list[str]] = {}
    for one in told:
        paragraphs = [line for line in one["body"].splitlines() if line.strip()]
        by_language.setdefault(one["language"], []).extend(paragraphs)
    known_kinds, known_regions = list(kinds()), list(regions())
    for number in range(count):
        one = chance.choice(told)
        texts = chance.sample(by_language[one["language"]], 6)
        day = date(2016, 1, 1) + timedelta(days=chance.randrange(3700))
        site = number % LIBRARIES
        article = Article(
            url=f"https://library{site}.example.kz/{number}",
            title=f"{one['title']} ({number})",
            blocks=tuple(Block(text) for text in texts),
            language=one["language"],
            layout="demo",
            site=f"library{site}",
            published=datetime(day.year, day.month, day.day, 6, tzinfo=UTC),
        )
        picked = tuple(chance.sample(known_kinds, 2))
        region = known_regions[site % len(known_regions)]
        yield article, Event(picked, day.isoformat(), day.isoformat(), 0.9, region=region)


def fill(data: Path, count: int) -> None:
    """Store and index the collection, if the folder does not hold it yet."""
    with Store.open(data) as store:
        if store.articles.count() < count:
            for article, event in articles(count):
                store.articles.save(article, event, datetime.now(UTC))
        report = update_index(data, store)
    print(f"{report.documents} documents, indexed in {report.seconds:.0f} s", file=sys.stderr)


def sites() -> dict[str, Site]:
    """The libraries of the collection."""
    names = [f"library{number}" for number in range(LIBRARIES)]
    return {
        name: Site(id=name, name=Names(kk=f"Кітапхана {name}"), url=f"https://{name}.example.kz/")
        for name in names
    }


def pages(count: int) -> dict[str, Callable[[int], tuple[str, dict[str, str]]]]:
    """Address and parameters of every kind of page, for the n-th time of asking."""
    return {
        "first page": lambda n: ("/", {}),
        "results": lambda n: ("/", {"q": QUERIES[n % len(QUERIES)]}),
        "results, filtered": lambda n: (
            "/",
            {"q": QUERIES[n % len(QUERIES)], "region": list(regions())[n % 20]},
        ),
        "results of a year": lambda n: (
            "/",
            {"q": QUERIES[n % len(QUERIES)], "from": str(2017 + n % 9), "to": str(2017 + n % 9)},
        ),
        "everything, newest": lambda n: ("/", {"sort": "newest", "page": str(1 + n % 50)}),
        "nothing found": lambda n: ("/", {"q": "ғғққ", "region": list(regions())[n % 20]}),
        "event page": lambda n: (f"/articles/{1 + n * 37 % count}", {}),
        "status": lambda n: ("/status", {}),
        "API search": lambda n: ("/api/v1/search", {"q": QUERIES[n % len(QUERIES)]}),
        "API suggest": lambda n: ("/api/v1/suggest", {"q": QUERIES[n % len(QUERIES)][:5]}),
    }


def measure(client: FlaskClient, ask: Callable[[int], tuple[str, dict[str, str]]]) -> str:
    """One line of the table: median, 95th percentile, size, size packed."""
    times, sizes, packed = [], [], []
    for number in range(ROUNDS):
        path, parameters = ask(number)
        started = time.perf_counter()
        response = client.get(path, query_string=parameters or None)
        times.append(1000 * (time.perf_counter() - started))
        assert response.status_code == 200, response.text
        sizes.append(len(response.data))
        packed.append(len(gzip.compress(response.data)))
    times.sort()
    high = times[int(len(times) * 0.95)]
    return (
        f"{statistics.median(times):8.1f} {high:8.1f} {max(sizes) / 1024:8.1f}"
        f" {max(packed) / 1024:8.1f}"
    )


def main() -> None:
    """Make the collection and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--data", type=Path)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = told.data or Path(folder)
        fill(data, told.documents)
        client = create_app(data, sites()).test_client()
        client.get("/")
        print(f"{'page':22} {'p50 ms':>8} {'p95 ms':>8} {'KB':>8} {'KB gzip':>8}")
        for name, ask in pages(told.documents).items():
            print(f"{name:22} {measure(client, ask)}", flush=True)


if __name__ == "__main__":
    main()
