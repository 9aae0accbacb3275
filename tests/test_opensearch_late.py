"""What writers that were replaced still send, and nodes that hear late of it: nothing of it counts.

The first tests ask a server that answers as a cluster does; the others need a real one.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("opensearchpy", reason="needs requirements-opensearch.lock")

from indexer.engines.opensearch import OpenSearchEngine, writer
from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.errors import ClusterError, WriterLostError
from indexer.engines.opensearch.pointer import Pointer, read_pointer, set_pointer
from indexer.engines.opensearch.settings import ClusterSettings, settings_from
from indexer.engines.opensearch.writer import take_over
from indexer.engines.protocol import EngineQuery, Forms, Term
from indexer.rows import Row, Zone

ABOUT = {"version": {"distribution": "opensearch", "number": "2.19.1"}}
real = pytest.mark.skipif(
    "JARSHY_TEST_CLUSTER" not in os.environ, reason="needs an OpenSearch cluster: make test-scale"
)


def no_seal(_generation: int, _files: Mapping[str, Path]) -> None:
    """These tests need no manifest."""


class Aliases:
    """The aliases of one index, changed as a cluster does; the first changes are heard of late."""

    def __init__(self, late: int, answers: bool = True) -> None:
        self.names = {"x-writer-1-1-00000000"}
        self.late, self.answers = late, answers
        self.changes: list[list[dict[str, Any]]] = []

    def told(self, path: str, body: bytes) -> tuple[int, Any]:
        if path == "/":
            return 200, ABOUT
        if path == "/x/_alias":
            return 200, {"x": {"aliases": {one: {} for one in self.names}}}
        assert path == "/_aliases"
        actions = json.loads(body)["actions"]
        away = {one["remove"]["alias"] for one in actions if "remove" in one}
        if not away <= self.names:
            return 404, {"error": {"type": "aliases_not_found_exception", "reason": "missing"}}
        self.names = self.names - away | {one["add"]["alias"] for one in actions if "add" in one}
        self.changes.append(actions)
        heard = len(self.changes) > self.late
        return (200, {"acknowledged": heard}) if heard or self.answers else (504, {})


@pytest.fixture
def aliases(request: pytest.FixtureRequest) -> Iterator[tuple[Aliases, Cluster]]:
    told: Aliases = request.param

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, answer = told.told(self.path, self.rfile.read(self._size()))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        do_POST = do_GET

        def _size(self) -> int:
            return int(self.headers.get("Content-Length") or 0)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield told, Cluster(ClusterSettings((f"http://127.0.0.1:{server.server_port}",)))
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("aliases", [Aliases(0)], indirect=True)
def test_a_right_that_all_nodes_know_of_is_taken_at_once(
    aliases: tuple[Aliases, Cluster], tmp_path: Path
) -> None:
    told, cluster = aliases
    set_pointer(tmp_path, Pointer("x", 1, 0), no_seal)
    mine = take_over(cluster, tmp_path, lambda: None)
    assert told.names == {mine.name}
    assert len(told.changes) == 1


@pytest.mark.parametrize("aliases", [Aliases(2), Aliases(2, answers=False)], indirect=True)
def test_nothing_is_written_before_all_nodes_know_who_may(
    aliases: tuple[Aliases, Cluster], tmp_path: Path
) -> None:
    told, cluster = aliases
    set_pointer(tmp_path, Pointer("x", 1, 0), no_seal)
    proofs: list[int] = []
    mine = take_over(cluster, tmp_path, lambda: proofs.append(len(told.changes)))
    assert told.names == {mine.name}, "the right that is in force"
    assert (mine.state, mine.next) == (1, 2)
    assert len(told.changes) == 3, "another change until one was heard of everywhere"
    assert proofs == [0, 1, 2]


@pytest.mark.parametrize("aliases", [Aliases(99)], indirect=True)
def test_a_node_that_never_hears_ends_the_run(
    aliases: tuple[Aliases, Cluster], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "HEARING", 0.3)
    set_pointer(tmp_path, Pointer("x", 1, 0), no_seal)
    with pytest.raises(ClusterError, match="a node of the cluster lags behind"):
        take_over(aliases[1], tmp_path, lambda: None)


@pytest.mark.parametrize("aliases", [Aliases(99)], indirect=True)
def test_who_is_replaced_while_a_node_lags_has_lost(
    aliases: tuple[Aliases, Cluster], tmp_path: Path
) -> None:
    told, cluster = aliases
    set_pointer(tmp_path, Pointer("x", 1, 0), no_seal)

    def prove() -> None:
        if told.changes:
            told.names = {"x-writer-1-9-00000009"}

    with pytest.raises(WriterLostError):
        take_over(cluster, tmp_path, prove)
    assert told.names == {"x-writer-1-9-00000009"}


def row(number: int) -> Row:
    return Row(number, number, (Zone("body", [0], *[["кітап"]] * 4),), {}, 738000, 738000)


def write(folder: Path, *numbers: int) -> None:
    part = OpenSearchEngine().prepare(folder, [row(one) for one in numbers])
    assert part
    OpenSearchEngine().commit(folder, [part], [], no_seal)


def found(folder: Path) -> list[int]:
    reader = OpenSearchEngine().open(folder)
    answer = reader.search(EngineQuery(Forms((Term("stem", "кітап"),))))
    assert answer.total == len(reader.ids()) == reader.documents()
    assert reader.frequency(Term("stem", "кітап")) == reader.documents()
    return sorted(number for number, _ in answer.hits)


@real
def test_a_late_write_of_the_writer_before_is_never_in_a_state(tmp_path: Path) -> None:
    cluster, engine = Cluster(settings_from()), OpenSearchEngine()
    engine.create(tmp_path, no_seal)
    write(tmp_path, 1, 2, 3)
    index = read_pointer(tmp_path).index
    before = take_over(cluster, tmp_path, lambda: None)
    mine = take_over(cluster, tmp_path, lambda: None)
    assert before.next < mine.next

    def late(*_: object) -> None:
        """After all was counted: nodes that were slow do what the writer before had asked."""
        whole = cluster.ask("GET", f"/{index}/_source/1-1")
        again = {**whole, "born": before.next, "part": "late"}
        cluster.ask("PUT", f"/{index}/_doc/1-{before.next}", again)
        cluster.ask("POST", f"/{index}/_update/2-1", {"doc": {"died": before.next}})
        cluster.ask("POST", f"/{index}/_refresh")

    part = engine.prepare(tmp_path, [row(4)])
    assert part
    engine.commit(tmp_path, [part], [], late)
    assert found(tmp_path) == [1, 2, 3, 4]
    for number in range(5, 15):  # more states than are kept
        write(tmp_path, number)
        assert found(tmp_path) == list(range(1, number + 1))
    left = {"query": {"bool": {"should": [{"term": {"died": before.next}}, {"term": {"born": 2}}]}}}
    assert cluster.ask("POST", f"/{index}/_count", left)["count"] == 0, "nothing of it is left"


@real
def test_a_state_that_lost_a_document_is_never_taken(tmp_path: Path) -> None:
    cluster, engine = Cluster(settings_from()), OpenSearchEngine()
    engine.create(tmp_path, no_seal)
    write(tmp_path, 1, 2, 3)
    index = read_pointer(tmp_path).index
    part = engine.prepare(tmp_path, [row(2), row(4)])
    assert part
    cluster.ask("DELETE", f"/{index}/_doc/3-1", refresh="true")
    with pytest.raises(ClusterError, match="3 documents, where 4 must be"):
        engine.commit(tmp_path, [part], [], no_seal)
    assert engine.generation(tmp_path) == 1
