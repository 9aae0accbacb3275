"""SQLite FTS5 and tantivy on large collections: kept on the disk, asked by one client and eight.

Both get the plain texts and cut words by themselves; a question is its words joined by OR (in FTS5
a beginning with its star). tantivy filters by region, kind and days and counts the facets' values
as Jarshy does; FTS5 can do neither. Numbers of articles alone are fetched, no texts or snippets.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

from crawler.model import Document
from indexer.model import FACETS, SearchRequest
from indexer.schema import days_of
from measuring import busy
from measuring.asking import percentiles
from measuring.clients import CLIENTS, ROUNDS, Ask, spent, timed
from measuring.rows import Source, documents

_WORD = re.compile(r"\w+")
BATCH = 2_000
TOP = 20
HEAP = 256_000_000
Say = Callable[[str], None]
Add = Callable[[list[Document]], None]
End = Callable[[], None]


def run(name: str, work: Path, source: Source, count: int, asked: list[SearchRequest]) -> None:
    """Index the articles, unless that was done, and ask; prints lines that begin with the name."""
    index, ask = {"fts5": (index_fts5, ask_fts5), "tantivy": (index_tantivy, ask_tantivy)}[name]
    folder = work / f"{name}-{count}"

    def say(text: str) -> None:
        print(f"{name:12} {count:7} articles  {text}", flush=True)

    if not (folder / "done").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        worked = time.process_time()
        seconds, making = _fill(*index(folder), documents(source, count))
        worked = time.process_time() - worked - making
        each = f"processor time: {1000 * worked / count:.2f} ms an article"
        say(f"{count / seconds:.0f} docs/s; {each}; making articles left out ({busy.load()})")
        (folder / "done").touch()
    size = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    say(f"{size / 1e6:.0f} MB")
    _ask(ask(folder, asked), len(asked), say)


def _ask(ask: Ask, count: int, say: Say) -> None:
    ask(0)
    numbers = list(range(count))
    say(f"{spent(ask, numbers)}  (1 client, never asked before)")
    say(f"{spent(ask, numbers * ROUNDS)}  (1 client, asked again)")
    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        times = list(pool.map(lambda one: timed(ask, [one])[0], numbers * ROUNDS))
    rate = len(times) / (time.perf_counter() - started)
    told = f"{CLIENTS} clients of one process, {rate:.0f} searches a second, {busy.load()}"
    say(f"{percentiles(times)}  ({told})")


def _fill(add: Add, end: End, made: Iterator[Document]) -> tuple[float, float]:
    """Add all and end; seconds of the clock for that, seconds of the processor to make articles."""
    seconds = making = 0.0
    while True:
        worked = time.process_time()
        some = list(islice(made, BATCH))
        making += time.process_time() - worked
        started = time.perf_counter()
        if some:
            add(some)
        else:
            end()
        seconds += time.perf_counter() - started
        if not some:
            return seconds, making


def index_fts5(folder: Path) -> tuple[Add, End]:
    """What adds articles, and what ends it."""
    base = sqlite3.connect(folder / "fts.sqlite")
    base.execute("CREATE VIRTUAL TABLE t USING fts5(title, text, prefix='3 4')")

    def add(some: list[Document]) -> None:
        rows = [(one.id, one.article.title or "", one.article.text) for one in some]
        base.executemany("INSERT INTO t(rowid, title, text) VALUES (?, ?, ?)", rows)

    return add, base.commit


def ask_fts5(folder: Path, asked: list[SearchRequest]) -> Ask:
    """A connection a thread, as SQLite wants it."""
    mine = threading.local()
    matches = []
    for request in asked:
        star = "*" if request.q.endswith("*") else ""
        words = _WORD.findall(request.q.replace(" OR ", " "))
        matches.append(" OR ".join(f'"{word}"{star}' for word in words))

    def ask(number: int) -> Any:
        if not hasattr(mine, "base"):
            mine.base = sqlite3.connect(f"file:{folder / 'fts.sqlite'}?mode=ro", uri=True)
        told = "SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT ?"
        return mine.base.execute(told, (matches[number], TOP)).fetchall()

    return ask


def _schema(tantivy: Any) -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=True)
    builder.add_text_field("title")
    builder.add_text_field("text")
    builder.add_integer_field("first_day", indexed=True, fast=True)
    builder.add_integer_field("last_day", indexed=True, fast=True)
    for facet in FACETS:
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _values(document: Document) -> dict[str, list[str]]:
    event, first = document.event, days_of(document)[0]
    return {
        "site": [document.article.site or ""],
        "region": [event.region] if event.region else [],
        "kind": list(event.kinds),
        "year": [str(first.year)],
        "month": [f"{first.year}-{first.month:02}"],
        "language": list(document.article.languages),
    }


def index_tantivy(folder: Path) -> tuple[Add, End]:
    """What adds articles (tantivy has two threads besides), and what ends it."""
    import tantivy

    writer = tantivy.Index(_schema(tantivy), path=str(folder)).writer(HEAP, 2)

    def add(some: list[Document]) -> None:
        for one in some:
            first, last = days_of(one)
            document = tantivy.Document(
                title=one.article.title or "", text=one.article.text, **_values(one)
            )
            document.add_unsigned("id", one.id)
            document.add_integer("first_day", first.toordinal())
            document.add_integer("last_day", last.toordinal())
            writer.add_document(document)

    def end() -> None:
        writer.commit()
        writer.wait_merging_threads()

    return add, end


def ask_tantivy(folder: Path, asked: list[SearchRequest]) -> Ask:
    """Top hits with their numbers, and counts of all facets; facets as if none were filtered."""
    import tantivy

    index = tantivy.Index.open(str(folder))
    index.reload()
    searcher = index.searcher()
    counts = {one: {"terms": {"field": one, "size": 1_000}} for one in FACETS}

    def ask(number: int) -> Any:
        request = asked[number]
        words = " ".join(_WORD.findall(request.q.replace(" OR ", " ")))
        query = index.parse_query(words, ["title", "text"])
        let = _filters(tantivy, index.schema, request)
        if let:
            parts = [(tantivy.Occur.Must, one) for one in (query, *let)]
            query = tantivy.Query.boolean_query(parts)
        hits = searcher.search(query, TOP).hits
        ids = [searcher.doc(address)["id"] for _, address in hits]
        return ids, searcher.aggregate(query, counts)

    return ask


def _filters(tantivy: Any, schema: Any, request: SearchRequest) -> list[Any]:
    query, occur = tantivy.Query, tantivy.Occur
    found = []
    for facet, values in (("region", request.regions), ("kind", request.kinds)):
        if values:
            terms = [(occur.Should, query.term_query(schema, facet, one)) for one in values]
            found.append(query.boolean_query(terms))
    if request.date_from and request.date_to:
        kind = tantivy.FieldType.Integer
        far = 10_000_000
        last, first = request.date_to.toordinal(), request.date_from.toordinal()
        found.append(query.range_query(schema, "first_day", kind, 0, last))
        found.append(query.range_query(schema, "last_day", kind, first, far))
    return found
