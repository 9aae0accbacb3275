"""What other programs take for the same articles and words, in the same run."""

from __future__ import annotations

import re
import sqlite3
import tempfile
import time
from collections.abc import Iterable

from whoosh import fields, highlight, index, qparser

from indexer.search import SearchRequest
from measuring.asking import percentiles

_WORD = re.compile(r"\w+")


def plain_whoosh(texts: Iterable[tuple[int, str, str]], asked: list[SearchRequest]) -> None:
    """Whoosh as its documentation shows it: stored text, its parser, its highlighter."""
    schema = fields.Schema(
        id=fields.STORED, title=fields.TEXT(stored=True), text=fields.TEXT(stored=True)
    )
    with tempfile.TemporaryDirectory() as folder:
        made = index.create_in(folder, schema)
        started, count = time.perf_counter(), 0
        writer = made.writer(limitmb=256)
        for number, title, text in texts:
            writer.add_document(id=number, title=title, text=text)
            count += 1
        writer.commit()
        print(f"plain Whoosh   {count / (time.perf_counter() - started):.0f} docs/s, one process")
        parser = qparser.MultifieldParser(["title", "text"], schema, group=qparser.OrGroup)
        times = []
        with made.searcher() as searcher:
            for request in asked:
                started = time.perf_counter()
                results = searcher.search(parser.parse(request.q), limit=20)
                results.formatter = highlight.HtmlFormatter(tagname="mark")
                for hit in results:
                    hit.highlights("text")
                times.append(time.perf_counter() - started)
        print(f"plain Whoosh   {percentiles(times)}  (top 20, snippets, no facets)")


def fts5(texts: Iterable[tuple[int, str, str]], asked: list[SearchRequest]) -> None:
    """SQLite FTS5 with its own snippets, words joined by OR."""
    with tempfile.TemporaryDirectory() as folder:
        base = sqlite3.connect(f"{folder}/fts.sqlite")
        base.execute("CREATE VIRTUAL TABLE t USING fts5(title, text, prefix='3 4')")
        started, count = time.perf_counter(), 0
        for number, title, text in texts:
            base.execute(
                "INSERT INTO t(rowid, title, text) VALUES (?, ?, ?)", (number, title, text)
            )
            count += 1
        base.commit()
        print(f"SQLite FTS5    {count / (time.perf_counter() - started):.0f} docs/s")
        times = []
        ask = "SELECT rowid, snippet(t, 1, '<mark>', '</mark>', '…', 30) FROM t WHERE t MATCH ? ORDER BY rank LIMIT 20"
        for request in asked:
            words = _WORD.findall(request.q.replace(" OR ", " "))
            star = "*" if request.q.endswith("*") else ""
            started = time.perf_counter()
            base.execute(ask, (" OR ".join(f'"{word}"{star}' for word in words),)).fetchall()
            times.append(time.perf_counter() - started)
        print(f"SQLite FTS5    {percentiles(times)}  (top 20, snippets, no facets)")
        base.close()


def plain_tantivy(texts: Iterable[tuple[int, str, str]], asked: list[SearchRequest]) -> None:
    """tantivy with its own parser and snippets; left out where it is not installed."""
    try:
        import tantivy
    except ModuleNotFoundError:
        print("tantivy        not installed, left out (pip install tantivy)")
        return
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=True)
    builder.add_text_field("title", stored=True)
    builder.add_text_field("text", stored=True)
    with tempfile.TemporaryDirectory() as folder:
        made = tantivy.Index(builder.build(), path=folder)
        started, count = time.perf_counter(), 0
        writer = made.writer(256_000_000, 2)
        for number, title, text in texts:
            writer.add_document(tantivy.Document(id=number, title=title, text=text))
            count += 1
        writer.commit()
        writer.wait_merging_threads()
        print(f"tantivy        {count / (time.perf_counter() - started):.0f} docs/s, two threads")
        made.reload()
        searcher, times = made.searcher(), []
        for request in asked:
            words = " ".join(_WORD.findall(request.q.replace(" OR ", " ")))
            started = time.perf_counter()
            query = made.parse_query(words, ["title", "text"])
            maker = tantivy.SnippetGenerator.create(searcher, query, made.schema, "text")
            for _, address in searcher.search(query, 20).hits:
                maker.snippet_from_doc(searcher.doc(address)).to_html()
            times.append(time.perf_counter() - started)
        print(f"tantivy        {percentiles(times)}  (top 20, snippets, no facets)")
