"""Making an index on a cluster whose answer is lost: the second try finds what the first has made."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("opensearchpy", reason="needs requirements-opensearch.lock")

from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.errors import ClusterError
from indexer.engines.opensearch.indices import make_index
from indexer.engines.opensearch.settings import ClusterSettings
from indexer.engines.opensearch.writer import FIRST

ABOUT = {"version": {"distribution": "opensearch", "number": "2.19.1"}}
EXISTS = {"error": {"type": "resource_already_exists_exception", "reason": "index already exists"}}


class Making:
    """The indices of a server with their aliases; the first is made, and the line dropped."""

    def __init__(self) -> None:
        self.indices: dict[str, dict[str, Any]] = {}
        self.tries = 0
        self.takes_over = False

    def told(self, method: str, path: str, body: bytes) -> tuple[int, Any] | None:
        name = path.split("/")[1].split("?")[0]
        if method == "PUT":
            self.tries += 1
            if name in self.indices:
                return 400, EXISTS
            aliases = {} if self.takes_over else json.loads(body)["aliases"]
            self.indices[name] = {"aliases": aliases}
            return None
        return 200, ABOUT if path == "/" else {name: self.indices[name]}


@pytest.fixture
def serve() -> Iterator[Callable[[Making], Cluster]]:
    servers: list[ThreadingHTTPServer] = []

    def started(making: Making) -> Cluster:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                told = making.told(self.command, self.path, self.rfile.read(size))
                if told is None:
                    return  # the line drops
                self.send_response(told[0])
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(told[1]).encode())

            do_PUT = do_GET

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return Cluster(ClusterSettings((f"http://127.0.0.1:{server.server_port}",)))

    yield started
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "index" / "made"
    made.mkdir(parents=True)
    return made


def test_an_index_whose_making_was_not_answered_is_made(
    serve: Callable[[Making], Cluster], folder: Path
) -> None:
    making = Making()
    name = make_index(serve(making), folder)
    assert making.tries == 2
    assert list(making.indices) == [name]
    assert list(making.indices[name]["aliases"]) == [(folder / FIRST).read_text("utf-8")]


def test_an_index_that_is_not_ours_is_not_taken(
    serve: Callable[[Making], Cluster], folder: Path
) -> None:
    making = Making()
    making.takes_over = True
    with pytest.raises(ClusterError, match="index already exists"):
        make_index(serve(making), folder)
    assert not (folder / FIRST).exists()
