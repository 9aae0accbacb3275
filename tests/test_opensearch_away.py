"""What a reader gets while the cluster is away, and that he is answered when it is back."""

from __future__ import annotations

import http.client
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
import waitress
from collection import article, fill

if "JARSHY_TEST_CLUSTER" not in os.environ:
    pytest.skip("needs an OpenSearch cluster: make test-scale", allow_module_level=True)

from opensearch.nodes import Nodes

from crawler.model import Event
from indexer.build import update_index
from searchui import create_app
from searchui.serving import THREADS

CLIENTS = 12
SEARCH = f"/?q={quote('кітап')}"
API = f"/api/v1/search?q={quote('кітап')}"
PATIENCE = 20.0
OTHERS = ["/help", "/healthz", "/?lang=ru", "/articles/1"]
SOON = 2.5 + 1.5  # seconds; the second part for a machine that has other work


class Line:
    """A line to a node that can hang (nothing comes through) or be cut (refused)."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._node = (str(parts.hostname), int(parts.port or 0))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"{parts.scheme}://127.0.0.1:{self.port}"
        self._flows = threading.Event()
        self._flows.set()
        self._open: list[socket.socket] = []
        self._begin()

    def _begin(self) -> None:
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near = listener.accept()[0]
                far = socket.create_connection(self._node)
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while told := one.recv(65_536):
                self._flows.wait()
                other.sendall(told)
            other.shutdown(socket.SHUT_WR)

    def hang(self) -> None:
        self._flows.clear()

    def cut(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._open.clear()

    def mend(self) -> None:
        if self._listener.fileno() < 0:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self._begin()
        self._flows.set()


@dataclass
class Site:
    """The pages over lines to the cluster."""

    port: int
    lines: list[Line]

    def get(self, path: str) -> tuple[int, float, dict[str, str], str]:
        """Status, seconds, headers and body."""
        begun = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        told = connection.getresponse()
        body = told.read().decode()
        connection.close()
        return told.status, time.monotonic() - begun, dict(told.getheaders()), body

    def at_once(self, paths: list[str]) -> list[tuple[int, float]]:
        """Status and seconds of several requests at the same time."""
        with ThreadPoolExecutor(len(paths)) as pool:
            return [(one[0], one[1]) for one in pool.map(self.get, paths)]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("JARSHY_ENGINE", "opensearch")
    urls = Nodes.running().urls(2)
    lines = [Line(url) for url in urls.split(",")]
    monkeypatch.setenv("JARSHY_OPENSEARCH_URL", ",".join(line.url for line in lines))
    made = [(article(n, f"Кітап күні {n}", "Кітап туралы."), Event()) for n in range(1, 6)]
    with fill(tmp_path, made) as store:
        update_index(tmp_path, store)
    app = create_app(tmp_path, {})
    server = waitress.create_server(app, port=0, threads=THREADS)

    def run() -> None:
        with suppress(OSError, ValueError):  # it is closed while it waits
            server.run()

    running = threading.Thread(target=run, daemon=True)
    running.start()
    yield Site(int(server.effective_port), lines)
    for line in lines:
        line.mend()
    server.close()
    running.join(PATIENCE)
    app.extensions["jarshy"].archive.close()
    for line in lines:
        line.cut()


def leave(site: Site, how: str) -> None:
    for number, line in enumerate(site.lines):
        if how == "cut" or (how == "both" and number == 0):
            line.cut()
        else:
            line.hang()


@pytest.mark.parametrize("how", ["cut", "hang", "both"])
def test_pages_tell_that_the_cluster_is_away_and_answer_when_it_is_back(
    site: Site, how: str
) -> None:
    assert site.get("/?lang=ru")[0] == site.get(SEARCH)[0] == 200
    leave(site, how)
    for _ in range(2):
        told = site.at_once([SEARCH, API] * (CLIENTS // 2) + OTHERS)
        assert [status for status, _ in told] == [503] * CLIENTS + [200] * len(OTHERS)
        assert max(seconds for _, seconds in told) < SOON
    assert max(seconds for _, seconds in site.at_once([SEARCH, "/help", "/healthz"])) < SOON / 2
    assert "Кітап күні 1" in site.get("/articles/1")[3], "an article needs no index"
    _, _, headers, body = site.get(f"{SEARCH}&lang=en")
    assert headers["Retry-After"] == "10"
    assert "The search cannot be reached just now" in body
    assert "Try again</a>" in body
    _, _, headers, body = site.get(API)
    assert headers["Retry-After"] == "10"
    assert json.loads(body)["error"]["code"] == "index_away"
    for line in site.lines:
        line.mend()
    until = time.monotonic() + PATIENCE  # at once, but on a busy machine
    while site.get(SEARCH)[0] != 200:
        assert time.monotonic() < until


def test_one_node_of_two_that_leaves_costs_no_search(site: Site) -> None:
    assert site.get(SEARCH)[0] == 200
    site.lines[0].hang()
    assert {status for status, _ in site.at_once([SEARCH] * CLIENTS)} == {200}
    site.lines[0].mend()
    site.lines[1].cut()
    assert {status for status, _ in site.at_once([SEARCH] * CLIENTS)} == {200}


def test_pages_begin_before_the_cluster(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(site, "hang")
    monkeypatch.setenv("JARSHY_OPENSEARCH_PREFIX", "jarshy")  # a connection of its own
    monkeypatch.setenv("JARSHY_OPENSEARCH_TIMEOUT", "9")
    app = create_app(tmp_path, {})
    client = app.test_client()
    begun = time.monotonic()
    assert client.get(SEARCH).status_code == 503
    assert time.monotonic() - begun < SOON
    for line in site.lines:
        line.mend()
    time.sleep(1.1)  # a refusal to open the index holds for a second
    assert client.get(SEARCH).status_code == 200
    app.extensions["jarshy"].archive.close()
