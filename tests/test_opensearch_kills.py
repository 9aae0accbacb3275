"""Kill -9 of one node of three while eight clients search and the index grows."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

if "JARSHY_TEST_CLUSTER" not in os.environ:
    pytest.skip("needs an OpenSearch cluster: make test-scale", allow_module_level=True)

from opensearch.nodes import Nodes

from indexer.engines.hurry import hurried
from indexer.engines.opensearch import OpenSearchEngine
from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.pointer import read_pointer
from indexer.engines.opensearch.settings import settings_from
from indexer.engines.protocol import EngineQuery, EngineReader, Forms, Term
from indexer.rows import Row, Zone

CLIENTS = 8
STEP = 20
COMMITS = 10


def no_seal(_generation: int, _files: Mapping[str, Path]) -> None:
    """This test needs no manifest."""


def row(number: int) -> Row:
    words = ["кітап", f"сөз{number}", *(f"жай{number % share}" for share in (3, 7, 31))]
    zone = Zone("body", list(range(len(words))), words, words, words, words)
    return Row(number, number, (zone,), {"site": (f"s{number % 5}",)}, 738000, 738000)


class Clients:
    """Threads that ask as pages do, as fast as they can, and note what goes wrong."""

    def __init__(self, engine: OpenSearchEngine, folder: Path) -> None:
        self.reader: EngineReader = engine.open(folder)
        self.failed: list[str] = []
        self.answers = 0
        self.slowest = 0.0
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(CLIENTS)]
        for one in self._threads:
            one.start()

    def _ask(self) -> None:
        query = EngineQuery(Forms((Term("stem", "кітап"),)), today=738100)
        while not self._ended.is_set():
            reader, started = self.reader, time.monotonic()
            try:
                with hurried():
                    found = reader.search(query)
            except Exception as error:
                self.failed.append(repr(error))
                continue
            self.slowest = max(self.slowest, time.monotonic() - started)
            self.answers += 1
            time.sleep(0.02)  # else eight clients in one process keep the writer from its turn
            if found.total != reader.documents():
                self.failed.append(f"{found.total} of {reader.documents()}")

    def end(self) -> None:
        self._ended.set()
        for one in self._threads:
            one.join()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Nodes]:
    """The cluster that all tests share; nodes that were started here last until the last test."""
    found = Nodes.running()
    yield found
    found.end_own()


@pytest.fixture
def nodes(cluster: Nodes) -> Iterator[Nodes]:
    """The cluster with a third node; afterwards it is as it was, whatever the test has killed."""
    cluster.empty()  # what other tests have left may be without its copies for good
    cluster.start(3)
    try:
        cluster.wait(3)
        yield cluster
    finally:
        cluster.kill(3)
        if not cluster.has(2):
            cluster.start(2)
        cluster.empty()
        cluster.wait(2)


@pytest.mark.slow
def test_a_node_that_is_killed_costs_no_search_and_no_document(
    nodes: Nodes, tmp_path: Path
) -> None:
    engine = OpenSearchEngine()
    engine.create(tmp_path, no_seal)
    nodes.wait(3)
    written = 0

    def write(count: int) -> None:
        nonlocal written
        part = engine.prepare(tmp_path, (row(written + one) for one in range(1, count + 1)))
        gone = [written] if written else []
        engine.commit(tmp_path, [part] if part else [], gone, no_seal)
        written += count

    write(500)
    clients = Clients(engine, tmp_path)
    try:
        for number in range(COMMITS):
            if number == 3:
                killing = threading.Timer(0.3, nodes.kill, [2])
                killing.start()
            write(STEP)
            clients.reader = engine.open(tmp_path, clients.reader)
        killing.join()
    finally:
        clients.end()
    reader = engine.open(tmp_path)
    gone = {500 + STEP * number for number in range(COMMITS)}
    expected = [one for one in range(1, written + 1) if one not in gone]
    print(f"{clients.answers} answers, the slowest after {clients.slowest:.1f} s")
    assert clients.failed == []
    assert clients.answers > 100
    assert list(reader.ids()) == expected, "each once, none lost"
    nodes.start(2)
    nodes.wait(3)
    assert list(engine.open(tmp_path).ids()) == expected


@pytest.mark.slow
def test_an_index_that_is_being_made_waits_for_a_node_that_comes_back(
    nodes: Nodes, tmp_path: Path
) -> None:
    engine = OpenSearchEngine()
    engine.create(tmp_path, no_seal)
    index = read_pointer(tmp_path).index
    nodes.wait(3)
    shards = Cluster(settings_from()).ask("GET", f"/_cat/shards/{index}", format="json")
    assert {one["prirep"] for one in shards} == {"p"}, "no copy to take its place"
    killed = max(int(one["node"].rpartition("-")[2]) for one in shards)

    def rows() -> Iterator[Row]:
        for number in range(1, 1501):
            if number == 700:
                nodes.kill(killed)
            if number == 990:  # before it waits for the first 500 to arrive
                nodes.start(killed)
            yield row(number)

    part = engine.prepare(tmp_path, rows())
    assert part is not None
    engine.commit(tmp_path, [part], [], no_seal)
    assert list(engine.open(tmp_path).ids()) == list(range(1, 1501)), "each once, none lost"
    nodes.wait(3)
