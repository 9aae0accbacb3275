"""How long a page waits for a cluster that is away, slow or ill: servers that are all of that."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("opensearchpy", reason="needs requirements-opensearch.lock")

from indexer.engines.hurry import hurried
from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.errors import BusyError, ClusterError, SilentError
from indexer.engines.opensearch.settings import ClusterSettings
from indexer.errors import IndexAwayError, SearchError
from searchui import create_app

ABOUT = {"version": {"distribution": "opensearch", "number": "2.19.1"}}
ILL = {"error": {"type": "search_phase_execution_exception", "reason": "all shards failed"}}
CLIENTS = 12


class Node:
    """A node whose state can be changed: well, hung (stopped), busy (503), slow, gone."""

    def __init__(self) -> None:
        self.state = "well"
        self.seconds = 0.0  # that a search takes
        self.asked: list[str] = []
        self.woken = threading.Event()
        self._server = self._started(0)
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def _started(self, port: int) -> ThreadingHTTPServer:
        node = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                node.asked.append(self.path)
                if node.state == "hung":
                    node.woken.wait(60)
                status, told = node.answer(self.path)
                body = told if isinstance(told, bytes) else json.dumps(told).encode()
                self.send_response(status)
                kind = "text/html" if isinstance(told, bytes) else "application/json"
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False
            allow_reuse_address = True

            def handle_error(self, *_: object) -> None:
                pass  # who asked has gone

        server = Server(("127.0.0.1", port), Handler)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return server

    def answer(self, path: str) -> tuple[int, Any]:
        if path == "/":
            return 200, ABOUT
        time.sleep(self.seconds)
        if self.state == "page":
            return 500, b"<html>Internal error</html>"
        return (503, ILL) if self.state == "busy" else (200, {"of": self.port})

    def go(self) -> None:
        self.state = "gone"
        self._server.shutdown()
        self._server.server_close()

    def come_back(self) -> None:
        if self.state == "gone":
            self._server = self._started(self.port)
        self.state = "well"
        self.woken.set()


@pytest.fixture
def nodes() -> Iterator[list[Node]]:
    found = [Node(), Node(), Node()]
    yield found
    for one in found:
        one.woken.set()
        if one.state != "gone":
            one.go()


@pytest.fixture
def cluster(nodes: list[Node]) -> Cluster:
    """A cluster that a page has asked before."""
    made = Cluster(ClusterSettings(tuple(one.url for one in nodes)))
    assert search(made)["of"]
    return made


def search(cluster: Cluster) -> Any:
    with hurried():
        return cluster.ask("GET", "/x/_search")


def refused(cluster: Cluster) -> tuple[float, SearchError]:
    """Seconds until a search was refused, and how."""
    begun = time.monotonic()
    with pytest.raises(SearchError) as caught:
        search(cluster)
    return time.monotonic() - begun, caught.value


def at_once(cluster: Cluster) -> list[float]:
    """Seconds until each of some searches at the same time was refused."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        return sorted(one for one, _ in pool.map(refused, [cluster] * CLIENTS))


def go(node: Node) -> None:
    node.go()


def hang(node: Node) -> None:
    node.state = "hung"


@pytest.mark.parametrize("leave", [go, hang], ids=["refused", "hung"])
def test_a_cluster_that_is_away_is_told_soon_and_then_at_once(
    nodes: list[Node], cluster: Cluster, leave: Callable[[Node], None]
) -> None:
    for one in nodes:
        leave(one)
    assert at_once(cluster)[-1] < 2.5
    later = at_once(cluster)
    assert later[-1] < 1.2
    assert later[-2] < 0.6, "one looks whether a node is back, the others don't wait for it"
    _, error = refused(cluster)
    assert isinstance(error, IndexAwayError)
    assert "no OpenSearch node answers" in str(error)
    nodes[1].come_back()
    assert search(cluster) == {"of": nodes[1].port}


def test_one_node_dead_and_the_others_hung_is_away_as_well(
    nodes: list[Node], cluster: Cluster
) -> None:
    nodes[0].go()
    hang(nodes[1])
    hang(nodes[2])
    assert refused(cluster)[0] < 2.5
    assert refused(cluster)[0] < 1.2


def test_the_first_question_of_a_process_is_refused_as_soon(nodes: list[Node]) -> None:
    for one in nodes:
        hang(one)
    fresh = Cluster(ClusterSettings(tuple(one.url for one in nodes)))
    assert refused(fresh)[0] < 2.5
    assert refused(fresh)[0] < 1.2
    for one in nodes:
        one.come_back()
    assert search(fresh)["of"]


@pytest.mark.parametrize("leave", [go, hang], ids=["refused", "hung"])
def test_a_node_that_leaves_costs_no_search(
    nodes: list[Node], cluster: Cluster, leave: Callable[[Node], None]
) -> None:
    leave(nodes[0])
    leave(nodes[1])
    begun = time.monotonic()
    for _ in range(5):
        assert search(cluster) == {"of": nodes[2].port}
    assert time.monotonic() - begun < 2.5
    begun = time.monotonic()
    for _ in range(20):
        assert search(cluster) == {"of": nodes[2].port}
    assert time.monotonic() - begun < 1.0, "those that left are not asked again"


def test_a_cluster_that_is_slow_gets_the_time_it_takes(nodes: list[Node], cluster: Cluster) -> None:
    for one in nodes:
        one.seconds = 1.6
    assert search(cluster)["of"]
    asked = sum(one.asked.count("/x/_search") for one in nodes)
    assert search(cluster)["of"]
    assert sum(one.asked.count("/x/_search") for one in nodes) == asked + 1, "it is known as slow"


def test_a_cluster_that_answers_with_errors_gets_patience_once(
    nodes: list[Node], cluster: Cluster
) -> None:
    for one in nodes:
        one.state = "busy"
    seconds, error = refused(cluster)
    assert 1.0 < seconds < 4.0
    assert isinstance(error, BusyError)
    assert not isinstance(error, SilentError)
    assert refused(cluster)[0] < 0.3
    for one in nodes:
        one.state = "well"
    assert search(cluster)["of"]
    nodes[0].state = "busy"
    assert all(search(cluster)["of"] != nodes[0].port for _ in range(6))


def test_a_run_has_patience_with_what_pages_have_given_up(
    nodes: list[Node], cluster: Cluster
) -> None:
    for one in nodes:
        one.go()
    assert refused(cluster)[0] < 1.0
    back = threading.Timer(1.5, nodes[0].come_back)
    back.start()
    assert cluster.ask("GET", "/x/_search") == {"of": nodes[0].port}
    back.join()


@pytest.mark.parametrize("hurry", [True, False], ids=["page", "run"])
def test_web_pages_in_place_of_answers_are_told(
    nodes: list[Node], cluster: Cluster, hurry: bool
) -> None:
    for one in nodes:
        one.state = "page"
    with pytest.raises(ClusterError, match=r"refuses \(500: a web page\)"):
        search(cluster) if hurry else cluster.ask("GET", "/x/_search")


@pytest.mark.parametrize(
    "told", [b"<html>Welcome</html>", b"", ["x"], "x", {"version": "1.2"}, {"version": None}]
)
def test_any_other_server_is_refused(nodes: list[Node], told: Any) -> None:
    nodes[0].answer = lambda _path: (200, told)  # type: ignore[method-assign]
    with pytest.raises(ClusterError, match=r"is no OpenSearch node|is another server \?"):
        Cluster(ClusterSettings((nodes[0].url,))).ask("GET", "/x")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("kk", "Іздеу қазір қолжетімсіз"),
        ("ru", "Поиск сейчас недоступен"),
        ("en", "The search cannot be reached just now"),
    ],
)
def test_readers_and_programs_are_told_that_the_index_is_away(
    tmp_path: Path, cluster: Cluster, nodes: list[Node], language: str, words: str
) -> None:
    for one in nodes:
        one.go()
    app = create_app(tmp_path, {})
    for address in ("/asked", "/api/asked"):
        app.add_url_rule(address, address, lambda: search(cluster))
    told = app.test_client().get(f"/asked?q=1&lang={language}")
    assert (told.status_code, told.headers["Retry-After"]) == (503, "10")
    assert words in told.text
    assert f'href="/asked?q=1&amp;lang={language}"' in told.text
    answer = app.test_client().get("/api/asked")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert answer.get_json()["error"]["code"] == "index_away"
