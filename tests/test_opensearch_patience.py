"""How long a question waits for nodes that hang: as long as patience lasts, and never twice."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytest.importorskip("opensearchpy", reason="needs requirements-opensearch.lock")

from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.errors import BusyError
from indexer.engines.opensearch.settings import ClusterSettings

ABOUT = {"version": {"distribution": "opensearch", "number": "2.19.1"}}


@dataclass
class Node:
    """A server that answers `/`, unless it hangs from the start, and other paths if it is well."""

    well: bool
    greets: bool = True
    asked: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def serve() -> Iterator[Callable[[Node], Node]]:
    servers: list[ThreadingHTTPServer] = []
    ended = threading.Event()

    def started(node: Node) -> Node:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                node.asked.append(self.path)
                if not (node.greets if self.path == "/" else node.well):
                    ended.wait(60)
                    self.close_connection = True
                    return
                body = json.dumps(ABOUT).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        node.url = f"http://127.0.0.1:{server.server_port}"
        return node

    yield started
    ended.set()
    for server in servers:
        server.shutdown()
        server.server_close()


def connected(nodes: list[Node], patience: float) -> Cluster:
    return Cluster(ClusterSettings(tuple(node.url for node in nodes), patience=patience))


@pytest.mark.parametrize("greets", [True, False], ids=["hang later", "hang at once"])
def test_nodes_that_all_hang_are_given_up_when_patience_ends(
    serve: Callable[[Node], Node], greets: bool
) -> None:
    nodes = [serve(Node(well=False, greets=greets)) for _ in range(3)]
    cluster = connected(nodes, 3.6)
    begun = time.monotonic()
    with pytest.raises(BusyError, match="no OpenSearch node answers"):
        cluster.ask("GET", "/x")
    assert 2.4 < time.monotonic() - begun < 6.0
    assert all(node.asked for node in nodes), "every node had its turn"


def test_a_timeout_is_never_longer_than_what_is_left(serve: Callable[[Node], Node]) -> None:
    cluster = connected([serve(Node(well=False))], 60.0)
    begun = time.monotonic()
    with pytest.raises(BusyError):
        cluster.ask("GET", "/x", patience=1.2, timeout=30.0)
    assert time.monotonic() - begun < 4.0


def test_the_one_node_that_is_well_answers_and_is_asked_first_from_then_on(
    serve: Callable[[Node], Node],
) -> None:
    nodes = [serve(Node(well=False)), serve(Node(well=False)), serve(Node(well=True))]
    cluster = connected(nodes, 4.5)
    assert cluster.ask("GET", "/x") == ABOUT
    while sum(node.asked.count("/x") for node in nodes[:2]) < 2:  # until both were found hanging
        assert cluster.ask("GET", "/x") == ABOUT
    begun = time.monotonic()
    for _ in range(20):
        assert cluster.ask("GET", "/x") == ABOUT
    assert time.monotonic() - begun < 1.5, "no time for a node that hangs"
    assert [node.asked.count("/x") for node in nodes[:2]] == [1, 1]
