"""Questions asked of an index by one client and by eight, as the server's processes do it."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, Literal

from indexer.engines.choice import engine_named
from indexer.engines.protocol import EngineQuery, Everything, Found
from indexer.model import SearchRequest
from indexer.question import question_of
from indexer.search import Searcher
from indexer.snapshot import take_snapshot
from indexer.turns import Turns
from measuring import busy
from measuring.asking import percentiles
from measuring.speed import memory

PROCESSES = 2  # as many as `jarshy serve` starts
CLIENTS = 8
ROUNDS = 3

What = Literal["engine", "search"]
Ask = Callable[[int], Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the questions are and of which index they are asked.

    `engine` asks the engine alone (ids, totals, facet counts; the questions planned before),
    `search` is the whole search with texts, snippets and marks. Those of `before` are asked
    first: Java is slow with code that it has met a few hundred times only.
    """

    data: Path
    what: What
    requests: list[SearchRequest]
    before: tuple[SearchRequest, ...] = ()


@contextmanager
def opened(asked: Asked) -> Iterator[Ask]:
    """What asks the question of a number; the index is opened and warm."""
    if asked.what == "search":
        with Searcher.open(asked.data) as searcher:
            searcher._snapshot.warm()
            for request in asked.before:
                searcher.search(request)
            _settle()
            yield lambda number: searcher.search(asked.requests[number])
        return
    snapshot = take_snapshot(asked.data)
    snapshot.warm()
    queries = [question_of(snapshot, request).engine_query() for request in asked.requests]
    reader = engine_named().open(snapshot.folder)  # which has not met any of their words
    reader.search(EngineQuery(Everything(), limit=1))
    for request in asked.before:
        reader.search(question_of(snapshot, request).engine_query())
    turns: Any = nullcontext() if engine_named().capabilities.remote else Turns()
    _settle()

    def ask(number: int) -> Found:
        with turns:
            return reader.search(queries[number])

    yield ask


def _settle() -> None:
    gc.collect()
    gc.freeze()


def one_client(asked: Asked) -> Iterator[str]:
    """Every question for the first time, then again."""
    numbers = list(range(len(asked.requests)))
    started = time.perf_counter()
    with opened(asked) as ask:
        yield f"opened in {time.perf_counter() - started:.1f} s"
        yield f"{spent(ask, numbers)}  (1 client, never asked before)"
        yield f"{spent(ask, numbers * ROUNDS)}  (1 client, asked again)"
        yield f"{memory()}"


def spent(ask: Ask, numbers: Sequence[int]) -> str:
    """How long questions took on the clock, in the processor here, and there on the cluster."""
    clock, here, cluster = [], [], busy.of_cluster()
    for number in numbers:
        started, worked = time.perf_counter(), time.thread_time()
        ask(number)
        here.append(time.thread_time() - worked)
        clock.append(time.perf_counter() - started)
    there = busy.of_cluster() - cluster
    told = f"{percentiles(clock)}; processor {percentiles(here)}"
    if there:
        told += f" and {1000 * there / len(numbers):.1f} ms each on the cluster"
    return told


def timed(ask: Ask, numbers: Sequence[int]) -> list[float]:
    """Seconds of each question."""
    times = []
    for number in numbers:
        started = time.perf_counter()
        ask(number)
        times.append(time.perf_counter() - started)
    return times


def eight_clients(asked: Asked) -> str:
    """Eight clients at once, shared out between the processes; each question three times."""
    context = get_context("spawn")
    together = context.Barrier(PROCESSES)
    answers: Any = context.Queue()
    started = [
        context.Process(
            target=_clients, args=(replace(asked, before=()), together, answers, number)
        )
        for number in range(PROCESSES)
    ]
    for one in started:
        one.start()
    told = [answers.get() for _ in started]
    for one in started:
        one.join()
    times = [one for some, _ in told for one in some]
    rate = len(times) / max(seconds for _, seconds in told)
    return (
        f"{percentiles(times)}  ({CLIENTS} clients of {PROCESSES} processes,"
        f" {rate:.0f} searches a second, {busy.load()})"
    )


def _clients(asked: Asked, together: Barrier, answers: Any, number: int) -> None:
    """One process with its share of the clients, each waiting for its answer."""
    share = range(number, len(asked.requests), PROCESSES)
    with opened(asked) as ask:
        timed(ask, share)  # each question once before
        together.wait()
        started = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS // PROCESSES) as pool:
            times = list(pool.map(lambda one: timed(ask, [one])[0], [*share] * ROUNDS))
        answers.put((times, time.perf_counter() - started))
