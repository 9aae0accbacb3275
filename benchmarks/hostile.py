"""Hostile pages through the whole reading, in a worker process with hard limits.

    python benchmarks/hostile.py [--count 10000] [--seed 1] [--rows FILE]
    python benchmarks/hostile.py --merge FILE...

Pages of the demo web and of the tests' templates are cut, spliced, repeated, nested, miscoded;
some inputs are made up (100,000 levels, 40,000 attributes, 50 MB). The worker may use 512 MB of
address space beyond what it has when it begins, and 2 s of CPU (the limit counts whole seconds,
so it kills at 3) an input; a death is counted and the next worker goes on after it.

Time is the processor time of the worker for the one input (`time.process_time`), so other work on
the machine counts only by what it takes from the caches; the clock's time stands beside it.
FILE gets a line of JSON for every input; several of them, of other seeds, are told as one.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from crawler.errors import ExtractionError
from crawler.model import Capture
from crawler.reading import read_all
from demoweb.articles import load_articles
from demoweb.web import DemoWeb

CPU, MEMORY = 2, 512  # seconds an input, megabytes
TEMPLATES = Path(__file__).parents[1] / "tests" / "golden" / "extract" / "templates"
CHARSETS = ("utf-8", "windows-1251", "kz-1048", "utf-16", "koi8-r", "no-such-charset", "")
LONG = "Аудандық кітапханада оқырмандармен кездесу өтіп, оған жүзден астам адам қатысты. " * 20


def real_pages() -> list[bytes]:
    pages = [path.read_bytes() for path in sorted(TEMPLATES.glob("*.html"))]
    articles = load_articles()[::4]
    with DemoWeb(articles, first_port=0) as web:
        pages += [fetched(web.address_of(article.id)) for article in articles]
    return pages


def fetched(url: str) -> bytes:
    with urlopen(url, timeout=10) as answer:
        return bytes(answer.read())


def made_up(chance: random.Random) -> bytes:
    """An input that no page is: each attacks one part of the reading."""
    many = chance.choice((1_000, 10_000, 40_000, 100_000))
    text = LONG.encode()
    kinds = (
        b"<div>" * many + text,
        b"<p>" + b"<b><i>" * (many // 2) + text,
        b"<div " + b" ".join(b"a%d=1" % n for n in range(min(many, 40_000))) + b">" + text,
        b"<table><tr><td>" * (many // 4) + text,
        b"<ul><li>" * (many // 4) + text,
        b"<p>" + text + b"<!--" * many,
        b"&amp;" * many + text,
        b"<h2><a href=/x>A title of a card</a></h2><p>text</p>" * (many // 20),
        b"<p>\xd2\x9b" * (many // 2),
        b"<br>" * many + text,
        b"<img src=x alt='" + text + b"'>" * (many // 10),
        b"[a b=" * many + text,
        b"<p>" + "Изображение №1 ".encode() * (many // 10),
        b"<p>" + "\ud800қ".encode("utf-8", "surrogatepass") * many,
        b"\x00" * many + text,
        text * (many // 100),
        b"<script type='application/ld+json'>" + b'{"a":[' * many + b"</script>" + text,
        b"<title>" + b" - a" * many + b"</title><p>" + text,
        chance.randbytes(many),
        b"<p>" + text + b" " * 50_000_000 if chance.random() < 0.05 else b"<p>" + text,
    )
    return chance.choice(kinds)


def mutated(pages: list[bytes], chance: random.Random) -> bytes:
    body = chance.choice(pages)
    for _ in range(chance.randint(1, 5)):
        a, b = sorted(chance.randint(0, len(body)) for _ in range(2))
        piece = body[a : min(b, a + 3_000)]
        other = chance.choice(pages)
        at = chance.randint(0, len(other))
        body = chance.choice(
            (
                body[:b],
                body[:a] + body[b:],
                body[:a] + piece * chance.choice((2, 30)) + body[a:],
                body[:a] + other[at : at + 3_000] + body[a:],
                body[:a] + chance.randbytes(40) + body[a:],
                body.replace(chance.choice((b"<p", b"</div", b">", b'"', b"<br", b"<!")), b"", 9),
                body[:a] + chance.choice((b"<!--", b"<script>", b"<textarea>", b"<a ")) + body[a:],
            )
        )
    return body[:3_000_000]


def inputs(seed: int, count: int, pages: list[bytes]) -> Iterator[tuple[bytes, str]]:
    """The same inputs for the same seed, each with the charset that its server would tell."""
    for number in range(count):
        chance = random.Random(seed * 1_000_003 + number)
        body = made_up(chance) if number % 10 == 0 else mutated(pages, chance)
        yield body, chance.choice(CHARSETS)


def work(seed: int, first: int, count: int, pages: list[bytes]) -> None:
    """The worker: a line of JSON for every input."""
    limited = False
    for number, (body, charset) in enumerate(inputs(seed, count, pages)):
        if number < first:
            continue
        headers = (("Content-Type", f"text/html; charset={charset}"),)
        capture = Capture("http://x.example/1", datetime.now(UTC), 200, headers, body)
        if not limited:
            read(Capture(capture.url, capture.fetched_at, 200, (), LONG.encode()))
            pages_now = int(Path("/proc/self/statm").read_text().split()[0])
            most = pages_now * resource.getpagesize() + MEMORY * 2**20
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
            limited = True
        start, clock = time.process_time(), time.perf_counter()
        resource.setrlimit(resource.RLIMIT_CPU, (int(start) + CPU + 1, resource.RLIM_INFINITY))
        told = read(capture)
        seconds, passed = time.process_time() - start, time.perf_counter() - clock
        row = {"seed": seed, "n": number, "cpu": seconds, "wall": passed, "size": len(body)}
        print(json.dumps({**row, "memory": most_memory(), **told}), flush=True)


def most_memory() -> float:
    """The most that this process has held so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def read(capture: Capture) -> dict[str, Any]:
    try:
        found = read_all(capture)
    except ExtractionError as error:
        return {"refused": error.message[:80]}
    except Exception as error:
        return {"uncaught": repr(error)[:200]}
    doubts = sum(one.article.suspect is not None for one in found)
    return {"articles": len(found), "suspect": doubts}


def run(seed: int, count: int) -> list[dict[str, Any]]:
    """All inputs through workers; what a worker died of is a row with `died`."""
    rows: list[dict[str, Any]] = []
    while len(rows) < count:
        told = [sys.executable, __file__, "--worker", str(len(rows)), "--seed", str(seed)]
        command = [*told, "--count", str(count)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            told_rows = [json.loads(line) for line in worker.stdout]
        if not told_rows and not rows:
            raise SystemExit("the worker died before its first input")
        rows += told_rows
        if len(rows) < count:
            late = float(CPU + 1)
            died = {"seed": seed, "n": len(rows), "cpu": late, "wall": late}
            rows.append({**died, "memory": 0.0, "died": worker.returncode})
    return rows


def tell(rows: list[dict[str, Any]]) -> None:
    print(f"{len(rows):,} inputs of seeds {sorted({row['seed'] for row in rows})}")
    for name in ("cpu", "wall"):
        times = sorted(row[name] for row in rows)
        rank = statistics.quantiles(times, n=1000)
        told = ", ".join(f"p{k / 10:g} {rank[k - 1] * 1000:.0f}" for k in (500, 900, 990, 999))
        print(f"{name:9} {told} ms, longest {times[-1]:.2f} s")
    print(f"memory    {max(row['memory'] for row in rows):.0f} MB at most, all of a worker")
    for key in ("articles", "suspect", "refused", "uncaught", "died"):
        print(f"{key:9} {sum(bool(row.get(key)) for row in rows):,}")
    bad = [row for row in rows if "uncaught" in row or "died" in row]
    for row in [*bad[:20], *sorted(rows, key=lambda row: -row["cpu"])[:5]]:
        print(row)


def main() -> None:
    parser = argparse.ArgumentParser(description="hostile pages in a worker with limits")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", type=Path, help="write a line of JSON for every input")
    parser.add_argument("--merge", type=Path, nargs="+", help="tell what such files have together")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker is not None:
        work(asked.seed, asked.worker, asked.count, real_pages())
        return
    if asked.merge:
        lines = [line for path in asked.merge for line in path.read_text("utf-8").splitlines()]
        tell([json.loads(line) for line in lines])
        return
    rows = run(asked.seed, asked.count)
    if asked.rows:
        asked.rows.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    tell(rows)


if __name__ == "__main__":
    main()
