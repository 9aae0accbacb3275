"""Several workers, one PostgreSQL store: real processes, real sites that log who asked them."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from webs import article, listing

from crawler.store.place import database_url
from crawler.store.store import Store

JARSHY = Path(sys.executable).parent / "jarshy"
LEASE = 2.0
PAGES = 6
SITE = """
url = "http://{host}:{port}{folder}"
name.kk = "{id} кітапханасы"
allow_private_addresses = true
delay_seconds = {delay}
[[sources]]
kind = "listing"
url = "http://{host}:{port}{folder}"
links = "a.item"
"""


@dataclass(frozen=True)
class Request:
    """What a server saw: when, which worker (by the contact it names), which path."""

    began: float
    ended: float
    worker: str
    path: str


class Library:
    """A host of loopback with a list of articles under each of its folders."""

    def __init__(self, number: int, folders: tuple[str, ...], pause: float) -> None:
        self.host = f"127.0.0.{number}"
        self.log: list[Request] = []
        pages = {f"{folder}{n}.html" for folder in folders for n in range(PAGES)}
        library = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                began = time.monotonic()
                time.sleep(pause)
                body = self.body().encode()
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                found = re.search(r"mailto:(\w+)@", self.headers["User-Agent"])
                worker = found[1] if found else ""
                library.log.append(Request(began, time.monotonic(), worker, self.path))

            def body(self) -> str:
                if self.path in folders:
                    return listing(f"{self.path}{n}.html" for n in range(PAGES))
                return article(f"Кездесу {self.path}") if self.path in pages else ""

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer((self.host, 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def pages(self) -> list[Request]:
        return [one for one in list(self.log) if one.path.endswith(".html")]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Town:
    """Twelve sites on ten hosts (two hosts have two), and the machines that crawl them."""

    def __init__(self, folder: Path, database: str, pause: float, delay: float) -> None:
        self.folder = folder
        self.database = database
        self.workers: list[subprocess.Popen[str]] = []
        self.libraries: list[Library] = []
        self.sites: dict[str, str] = {}
        for number in range(10):
            folders = ("/a/", "/b/") if number < 2 else ("/",)
            library = Library(number + 10, folders, pause)
            self.libraries.append(library)
            for place in folders:
                name = f"site{number}{place.strip('/')}"
                port = library.server.server_port
                self.sites[name] = SITE.format(
                    id=name, host=library.host, port=port, folder=place, delay=delay
                )

    def options(self, name: str) -> tuple[str, ...]:
        """The global options of a machine: its data folder, its config."""
        home = self.folder / name
        if not home.exists():
            (home / "config" / "sites").mkdir(parents=True)
            for site, told in self.sites.items():
                (home / "config" / "sites" / f"{site}.toml").write_text(told, "utf-8")
            crawl = {"contact": f"mailto:{name}@example.kz", "lease_seconds": LEASE}
            rows = [f"{key} = {json.dumps(crawl[key])}" for key in crawl]
            told = "\n".join(["[crawl]", "sites_at_once = 2", *rows])
            (home / "config" / "jarshy.toml").write_text(told, "utf-8")
            # Machines share the WARC files.
            (self.folder / "warc").mkdir(exist_ok=True)
            (home / "data").mkdir()
            (home / "data" / "warc").symlink_to(self.folder / "warc")
        return ("--data", str(home / "data"), "--config", str(home / "config"))

    def start(self, name: str, *command: str) -> subprocess.Popen[str]:
        worker = subprocess.Popen(
            [str(JARSHY), *self.options(name), *(command or ("work", "--once", "--name", name))],
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "JARSHY_STORE": self.database},
        )
        self.workers.append(worker)
        return worker

    @contextmanager
    def store(self) -> Iterator[Store]:
        with Store.open(self.folder / "look", database_url(self.database, "test")) as store:
            yield store

    def articles(self) -> int:
        with self.store() as store:
            return store.articles.count()

    @property
    def requests(self) -> list[Request]:
        return [one for library in self.libraries for one in library.pages]

    def close(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGCONT)
                worker.kill()
            worker.communicate()
        for library in self.libraries:
            library.close()


@pytest.fixture
def town(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> Iterator[Town]:
    pause, delay = getattr(request, "param", (0.0, 0.05))
    with ExitStack() as stack:
        town = Town(tmp_path, database, pause, delay)
        stack.callback(town.close)
        yield town


ALL = 12 * PAGES


def ended(worker: subprocess.Popen[str], code: int = 0) -> str:
    _, told = worker.communicate(timeout=60)
    assert worker.returncode == code, told
    assert "Traceback" not in told
    return told


def wait_until(true: object, seconds: float = 30) -> None:
    assert callable(true)
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def children_of(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(one) for one in told.split()]


def one_at_a_time(library: Library) -> None:
    """No request of one worker between those of another, none before the last one was answered."""
    log = sorted(library.log, key=lambda one: one.began)
    for one, two in itertools.pairwise(log):
        assert two.began >= one.ended - 0.001, (one, two)


@pytest.mark.parametrize("number", [2, 4])
def test_workers_share_the_sites_and_ask_no_host_at_once(town: Town, number: int) -> None:
    workers = [town.start(f"w{n}") for n in range(number)]
    told = [ended(worker) for worker in workers]
    assert town.articles() == ALL
    paths = [(library.host, one.path) for library in town.libraries for one in library.pages]
    assert len(paths) == len(set(paths)) == ALL
    for library in town.libraries:
        one_at_a_time(library)
        for folder in {one.path.rpartition("/")[0] for one in library.log}:
            asked = {one.worker for one in library.pages if one.path.startswith(f"{folder}/")}
            assert len(asked) <= 1 or folder == ""
    assert len({one.worker for one in town.requests}) == number, told
    with town.store() as store:
        assert store.leases.held() == []
        runs = store.runs.latest()
        assert {site: run.account.stored for site, run in runs.items()} == dict.fromkeys(
            town.sites, PAGES
        )
        names = {row[1].rsplit("-", 1)[0][-2:] for row in warc_files(store)}
        assert names == {f"w{n}" for n in range(number)}
        assert list(store.damages()) == []


def warc_files(store: Store) -> list[tuple[str, str]]:
    import sqlalchemy as sa

    from crawler.store.schema import captures

    query = sa.select(captures.c.url, captures.c.warc_file)
    with store._engine.connect() as connection:
        return [(row[0], row[1].removesuffix(".warc.gz")) for row in connection.execute(query)]
