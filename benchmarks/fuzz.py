"""Hostile questions over the API: eight clients at once against the server as it is shipped.

    python benchmarks/fuzz.py EVAL [--documents 50000] [--questions 12000] [--first 0]
                              [--processes 2] [--work DIR]

Serves a made collection with `searchui.serve` (waitress) on a free port of the loopback in a
process of its own, which forks as `jarshy serve` does, and asks it questions of tests/hostile_questions.py over kept connections. Any
answer but 200 and 400 is printed with its question. `--first` is the number of the first
question, so that a long run can be made of pieces. Prints outcomes, times as the clients see them
(waiting for each other included), the slowest questions and the memory of all processes of the
server: their own, and the mapped pages of files, each counted once (PSS of smaps_rollup).
"""

from __future__ import annotations

import argparse
import heapq
import http.client
import logging
import multiprocessing
import sys
import tempfile
import threading
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

from hostile_questions import Parameters, Questions  # noqa: E402
from measuring.asking import collection, percentiles  # noqa: E402

CLIENTS = 8
SLOWEST = 5
BLOCK = 250  # questions of one seed


def serve(data: Path, told: Connection, processes: int) -> None:
    """The server's first process."""
    from indexer.search import prepare
    from searchui import create_app
    from searchui import serve as run

    logging.disable(logging.CRITICAL)  # every refusal is logged otherwise
    run(create_app(data, {}), "127.0.0.1", 0, told.send, processes, lambda: prepare(data))


class Run:
    """What the clients saw together."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.outcomes: Counter[int] = Counter()
        self.slowest: list[tuple[float, str]] = []
        self.wrong: list[str] = []
        self._lock = threading.Lock()

    def note(self, status: int, took: float, asked: str) -> None:
        """One answer."""
        with self._lock:
            self.times.append(took)
            self.outcomes[status] += 1
            heapq.heappush(self.slowest, (took, asked))
            if len(self.slowest) > SLOWEST:
                heapq.heappop(self.slowest)
            if status not in (200, 400):
                self.wrong.append(f"{status} for {asked}")


def ask(address: str, blocks: list[int], words: list[str], run: Run) -> None:
    """One client."""
    connection = http.client.HTTPConnection(address, timeout=60)
    for block in blocks:
        questions = Questions(block, words)
        for _ in range(BLOCK):
            asked = "/api/v1/search?" + encoded(questions.parameters())
            started = time.perf_counter()
            connection.request("GET", asked)
            answer = connection.getresponse()
            answer.read()
            run.note(answer.status, time.perf_counter() - started, asked)


def crowd(address: str, blocks: list[int], words: list[str], run: Run) -> None:
    """All clients at once."""
    threads = [
        threading.Thread(target=ask, args=(address, blocks[n::CLIENTS], words, run))
        for n in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def encoded(parameters: Parameters) -> str:
    """The parameters as an address has them."""
    return urlencode(parameters, errors="surrogatepass")


def memory(process: int | None) -> str:
    """The memory of a process and its children now, in MB."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    own, files = [], 0
    for one in (str(process), *children):
        lines = Path(f"/proc/{one}/smaps_rollup").read_text("ascii").splitlines()[1:]
        told = {name: int(rest.split()[0]) for name, rest in (line.split(":") for line in lines)}
        own.append(told["Pss_Anon"] // 1024)
        files += told["Pss_File"] + told["Pss_Shmem"]
    parts = " + ".join(map(str, own))
    return f"{sum(own)} MB of its own ({parts}), {files // 1024} MB of files mapped"


def main() -> None:
    """Serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("eval", type=Path, help="folder with passages.jsonl")
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--questions", type=int, default=12_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--work", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        measure(options, options.work or Path(temporary))


def measure(options: argparse.Namespace, work: Path) -> None:
    """All of a run."""
    from crawler.store.store import Store
    from indexer.build import update_index

    data, source = collection(options.eval, work, options.documents)
    with Store.open(data) as store:
        update_index(data, store)
    words = [word for _, lines in source[:300] for line in lines for word in line.split()]
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(
        target=serve, args=(data, there, options.processes), daemon=True
    )
    server.start()
    there.close()  # so that the end of the server ends the waiting for it
    try:
        address = here.recv().removeprefix("http://").rstrip("/")
        run = Run()
        crowd(address, [(1 << 40) + n for n in range(CLIENTS)], words, Run())
        started = time.perf_counter()
        before = memory(server.pid)
        first = options.first // BLOCK
        blocks = list(range(first, first + options.questions // BLOCK))
        crowd(address, blocks, words, run)
        tell(run, time.perf_counter() - started, before, memory(server.pid), options)
    finally:
        server.terminate()


def tell(run: Run, seconds: float, before: str, after: str, options: argparse.Namespace) -> None:
    """The figures of a run."""
    counts = ", ".join(f"{number} x {status}" for status, number in sorted(run.outcomes.items()))
    last = options.first + len(run.times)
    print(f"questions {options.first} to {last} of {options.documents} articles: {counts}")
    print(f"{CLIENTS} clients: {percentiles(run.times)}, {len(run.times) / seconds:.0f} a second")
    print(f"memory of the server: {after} (at first {before})")
    for took, asked in sorted(run.slowest, reverse=True):
        print(f"  {1000 * took:.0f} ms {asked[:300]}", file=sys.stderr)
    for line in run.wrong[:20]:
        print(f"WRONG {line[:600]}")


if __name__ == "__main__":
    main()
