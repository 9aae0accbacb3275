"""Questions to a cluster wait beside each other, not after each other, and ask little of it."""

from __future__ import annotations

import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from collection import demo_articles, fill

from indexer.build import update_index
from indexer.search import Searcher, SearchRequest

if "JARSHY_TEST_CLUSTER" not in os.environ:
    pytest.skip("needs an OpenSearch cluster: make test-scale", allow_module_level=True)

SLOW = 1.0  # seconds
CLIENTS = 6
MONTHS = [(date(2025, month, 1), date(2025, month, 28)) for month in range(1, 13)]


class Before(ThreadingHTTPServer):
    """Stands before a node: hands requests on, those that search after `wait` seconds."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, url: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handing)
        self.node = url
        self.wait = 0.0
        self.hangs = threading.Event()
        self.woken = threading.Event()
        self.asked: list[str] = []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Who asked has gone."""


class _Handing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Before

    def _hand_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(self.path)
        if self.server.hangs.is_set():
            self.server.woken.wait(60)
        if "search" in self.path:
            time.sleep(self.server.wait)
        kind = {"Content-Type": self.headers.get("Content-Type") or "application/json"}
        asked = urllib.request.Request(
            self.server.node + self.path, body or None, kind, method=self.command
        )
        try:
            with urllib.request.urlopen(asked, timeout=60) as told:
                self._tell(told.status, told.read())
        except urllib.error.HTTPError as error:
            self._tell(error.code, error.read())

    def _tell(self, status: int, told: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _hand_on

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


@pytest.fixture
def nodes() -> Iterator[list[Before]]:
    """Two servers before the cluster's nodes."""
    urls = os.environ["JARSHY_OPENSEARCH_URL"].split(",")
    servers = [Before(url) for url in urls[:2]]
    yield servers
    for one in servers:
        one.woken.set()
        one.shutdown()
        one.server_close()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch, fill(made, demo_articles()) as store:
        patch.setenv("JARSHY_ENGINE", "opensearch")
        update_index(made, store)
    return made


@pytest.fixture
def searcher(
    data: Path, nodes: list[Before], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Searcher]:
    monkeypatch.setenv("JARSHY_ENGINE", "opensearch")
    monkeypatch.setenv("JARSHY_OPENSEARCH_URL", ",".join(one.url for one in nodes))
    with Searcher.open(data) as opened:
        opened.search(SearchRequest(q="кітап көрмесі"))
        yield opened


def timed(searcher: Searcher, text: str = "кітап көрмесі") -> float:
    begun = time.monotonic()
    assert searcher.search(SearchRequest(q=text)).total
    return time.monotonic() - begun


def test_slow_searches_overlap(searcher: Searcher, nodes: list[Before]) -> None:
    for one in nodes:
        one.wait = SLOW
    timed(searcher)  # from here on it is known that the cluster is slow
    begun = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        each = list(pool.map(timed, [searcher] * CLIENTS))
    assert min(each) >= SLOW
    assert time.monotonic() - begun < CLIENTS / 2 * SLOW, "one waited for the other"


def test_a_hung_node_delays_only_its_own_questions(searcher: Searcher, nodes: list[Before]) -> None:
    nodes[0].hangs.set()
    with ThreadPoolExecutor(CLIENTS) as pool:
        each = sorted(pool.map(timed, [searcher] * CLIENTS))
    slowest = each[-1]
    assert len([one for one in each if one < slowest / 2]) >= CLIENTS / 3
    again = timed(searcher)
    assert again < slowest / 2, "the hung node is asked again at once"


def test_twelve_months_are_counted_in_few_requests(searcher: Searcher, nodes: list[Before]) -> None:
    apart = [
        searcher.search(SearchRequest(q="кітап көрмесі", date_from=first, date_to=last)).total
        for first, last in MONTHS
    ]
    before = sum(len(one.asked) for one in nodes)
    assert searcher.totals(SearchRequest(q="кітап көрмесі"), MONTHS) == apart
    assert sum(apart) > 0
    assert sum(len(one.asked) for one in nodes) - before <= 3


def test_ways_out_of_nothing_found_are_counted_together(
    searcher: Searcher, nodes: list[Before]
) -> None:
    asked = SearchRequest(q="+көрме +семинар +кітапхана", sites=("mura",))
    before = sum(len(one.asked) for one in nodes)
    page = searcher.search(asked)
    requests = sum(len(one.asked) for one in nodes) - before
    assert page.total == 0
    assert requests <= 12
    ways = [hint.parts for hint in page.hints if hint.code == "without_word"]
    assert ways, "this question has no way out any more"
    for *_, count, text in ways:
        assert searcher.search(replace(asked, q=text)).total == int(count)


def test_a_slow_cluster_is_not_asked_for_extras(searcher: Searcher, nodes: list[Before]) -> None:
    for one in nodes:
        one.wait = SLOW
    timed(searcher)
    begun = time.monotonic()
    page = searcher.search(SearchRequest(q="+кітап +жоқсөзбе", sites=("mura",)))
    assert page.total == 0
    assert time.monotonic() - begun < 6 * SLOW
