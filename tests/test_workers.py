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
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from test_store import ARTICLE, EVENT, NOW
from webs import article, listing

from crawler.errors import LeaseLostError
from crawler.store.leases import Lease
from crawler.store.place import database_url
from crawler.store.schema import captures, leases
from crawler.store.store import Store
from jarshy import main

JARSHY = Path(sys.executable).parent / "jarshy"
PATIENCE = 300.0  # seconds; how long things take on a busy machine is not what is tested
SHORT = 6.0  # seconds of a lease that shall end, and not before
TIMEOUT = 120.0  # seconds for an answer, as many as may be
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

    def __init__(
        self, number: int, folders: tuple[str, ...], pause: float, seen: Callable[[str], None]
    ) -> None:
        self.host = f"127.0.0.{number}"
        self.log: list[Request] = []
        pages = {f"{folder}{n}.html" for folder in folders for n in range(PAGES)}
        library = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                began = time.monotonic()
                found = re.search(r"mailto:(\w+)@", self.headers["User-Agent"])
                worker = found[1] if found else ""
                seen(worker)
                time.sleep(pause)
                body = self.body().encode()
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
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
    """Sites on some hosts, of which two have two, and the machines that crawl them."""

    def __init__(
        self, folder: Path, database: str, pause: float, delay: float, hosts: int = 10
    ) -> None:
        self.folder = folder
        self.database = database
        self.workers: list[subprocess.Popen[str]] = []
        self.libraries: list[Library] = []
        self.sites: dict[str, str] = {}
        self.lease_seconds: dict[str, float] = {}  # of machines that have no very long ones
        self.awaited: set[str] = set()  # workers without whom nobody gets an answer
        self._changed = threading.Condition()
        for number in range(hosts):
            folders = ("/a/", "/b/") if number < 2 else ("/",)
            library = Library(number + 10, folders, pause, self._meet)
            self.libraries.append(library)
            for place in folders:
                name = f"site{number}{place.strip('/')}"
                port = library.server.server_port
                self.sites[name] = SITE.format(
                    id=name, host=library.host, port=port, folder=place, delay=delay
                )

    def _meet(self, worker: str) -> None:
        """Answer when all that are awaited have asked, so that none of them comes too late."""
        with self._changed:
            self.awaited.discard(worker)
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self.awaited, TIMEOUT / 2)

    def options(self, name: str) -> tuple[str, ...]:
        """The global options of a machine: its data folder, its config."""
        home = self.folder / name
        if not home.exists():
            (home / "config" / "sites").mkdir(parents=True)
            for site, told in self.sites.items():
                (home / "config" / "sites" / f"{site}.toml").write_text(told, "utf-8")
            crawl = {
                "sites_at_once": 2,
                "timeout_seconds": TIMEOUT,
                "contact": f"mailto:{name}@example.kz",
                "lease_seconds": self.lease_seconds.get(name, 10 * PATIENCE),
            }
            told = "\n".join(["[crawl]", *(f"{key} = {json.dumps(crawl[key])}" for key in crawl)])
            (home / "config" / "jarshy.toml").write_text(told, "utf-8")
            # Machines share the WARC files.
            (self.folder / "warc").mkdir(exist_ok=True)
            (home / "data").mkdir()
            (home / "data" / "warc").symlink_to(self.folder / "warc")
        return ("--data", str(home / "data"), "--config", str(home / "config"))

    def start(self, name: str, *command: str) -> subprocess.Popen[str]:
        worker = subprocess.Popen(
            [
                str(JARSHY),
                *self.options(name),
                *(command or ("work", "--once", "--every", "0.3", "--name", name)),
            ],
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "JARSHY_STORE": self.database},
        )
        self.workers.append(worker)
        return worker

    def tell(self, name: str, *command: str) -> Result:
        """What a machine's command says that crawls nothing, without the start of a process."""
        told = [*self.options(name), *command]
        done = CliRunner().invoke(main, told, env={"JARSHY_STORE": self.database})
        assert "Traceback" not in done.output
        return done

    @contextmanager
    def store(self) -> Iterator[Store]:
        with Store.open(self.folder / "store", database_url(self.database, "test")) as store:
            yield store

    @property
    def all(self) -> int:
        """How many articles the sites have together."""
        return len(self.sites) * PAGES

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
    pause, delay, hosts = getattr(request, "param", (0.0, 0.05, 10))
    with ExitStack() as stack:
        town = Town(tmp_path, database, pause, delay, hosts)
        stack.callback(town.close)
        yield town


def ended(worker: subprocess.Popen[str], code: int = 0) -> str:
    _, told = worker.communicate(timeout=PATIENCE)
    assert worker.returncode == code, told
    assert "Traceback" not in told
    return told


def wait_until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def children_of(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(one) for one in told.split()]


def end_in(store: Store, holder: str, seconds: float) -> datetime:
    """Have all leases of a holder end so soon, as if time had passed; when that is (UTC)."""
    then = sa.func.timezone("utc", sa.func.clock_timestamp()) + timedelta(seconds=seconds)
    mine = leases.update().where(leases.c.holder == holder).values(expires_at=then)
    with store._engine.begin() as connection:
        ends: datetime = max(connection.scalars(mine.returning(leases.c.expires_at)))
    return ends


def one_at_a_time(library: Library) -> None:
    """No request of one worker between those of another, none before the last one was answered."""
    log = sorted(library.log, key=lambda one: one.began)
    for one, two in itertools.pairwise(log):
        assert two.began >= one.ended - 0.001, (one, two)


def test_workers_share_the_sites_and_ask_no_host_at_once(town: Town) -> None:
    number = 3
    town.awaited = {f"w{n}" for n in range(number)}
    workers = [town.start(name) for name in sorted(town.awaited)]
    told = [ended(worker) for worker in workers]
    assert town.articles() == town.all
    paths = [(library.host, one.path) for library in town.libraries for one in library.pages]
    assert len(paths) == len(set(paths)) == town.all, told
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
    query = sa.select(captures.c.url, captures.c.warc_file)
    with store._engine.connect() as connection:
        return [(row[0], row[1].removesuffix(".warc.gz")) for row in connection.execute(query)]


@pytest.mark.parametrize("town", [(0.12, 0.05, 5)], indirect=True)
def test_the_site_of_a_killed_worker_is_taken_over_and_nothing_stored_is_fetched_twice(
    town: Town,
) -> None:
    first = town.start("w1")
    wait_until(lambda: town.articles() >= 4)
    first.kill()
    first.communicate()
    with town.store() as store:
        held = {one.name for one in store.leases.held()}
        stored = {one.article.url for site in town.sites for one in store.articles.newest(site, 99)}
        assert len([name for name in held if name.startswith("site:")]) == 2
        second = town.start("w2")
        wait_until(lambda: any(one.worker == "w2" for one in town.requests))
        over = end_in(store, "w1", 1).timestamp() - time.time() + time.monotonic()
    ended(second)
    assert town.articles() == town.all
    late = [one for one in town.requests if one.worker == "w2"]
    hosts = {
        id(one): library.server.server_port for library in town.libraries for one in library.pages
    }
    again = {url for one in late for url in stored if url.endswith(f":{hosts[id(one)]}{one.path}")}
    assert again == set()
    # Nobody came near a held host before its lease had ended.
    for library in town.libraries:
        one_at_a_time(library)
        if f"host:{library.host}" in held:
            after = [one.began for one in library.log if one.worker != "w1"]
            assert after
            assert min(after) > over


def put_to_sleep(worker: subprocess.Popen[str], at_work: Callable[[], object]) -> list[int]:
    """Stop a worker and its child while it is at work."""
    while True:
        asleep = [worker.pid, *children_of(worker.pid)]
        for pid in asleep:
            os.kill(pid, signal.SIGSTOP)
        if at_work():
            return asleep
        for pid in asleep:
            os.kill(pid, signal.SIGCONT)
        assert worker.poll() is None
        time.sleep(0.05)


@pytest.mark.parametrize("town", [(0.12, 0.05, 5)], indirect=True)
def test_a_worker_that_slept_past_its_lease_asks_and_stores_nothing_more(town: Town) -> None:
    town.lease_seconds["w1"] = SHORT
    sleeper = town.start("w1")
    wait_until(lambda: town.articles() >= 4)
    with town.store() as store:
        asleep = put_to_sleep(sleeper, lambda: store.leases.held())
        wait_until(lambda: not store.leases.held())
    ended(town.start("w2"))
    assert town.articles() == town.all
    with town.store() as store:
        before = (store.articles.last_sequence(), len(warc_files(store)), store.captures.failures())
    asked = len([one for one in town.requests if one.worker == "w1"])
    for pid in reversed(asleep):
        os.kill(pid, signal.SIGCONT)
    told = ended(sleeper)
    assert "gone to another worker" in told
    with town.store() as store:
        after = (store.articles.last_sequence(), len(warc_files(store)), store.captures.failures())
        assert after == before
        runs = store.runs.latest()
        assert all(run.account.failed == 0 for run in runs.values())
    # At most what was on the line when it fell asleep.
    assert len([one for one in town.requests if one.worker == "w1"]) <= asked + 2


def test_run_leaves_held_sites_alone_and_status_tells_who_is_at_work(town: Town) -> None:
    names = ["site:site5", "host:127.0.0.15"]
    with town.store() as store:
        store.leases.name(names)
        lease = store.leases.take(names, "far-away", PATIENCE)
        assert lease is not None
        told = town.tell("w1", "run", "site5", "site6")
        assert told.exit_code == 0, told.output
        assert "site5: left to another worker" in told.output
        assert town.articles() == PAGES
        assert not town.libraries[5].log
        workers = json.loads(town.tell("look", "status", "--json").stdout)["workers"]
        assert [(one["worker"], one["sites"]) for one in workers] == [("far-away", ["site5"])]
        store.leases.give_back(lease)
    told = town.tell("w1", "crawl", "site5")
    assert told.exit_code == 0, told.output
    assert "left to" not in told.output
    assert town.articles() == 2 * PAGES


def test_one_machine_indexes_at_a_time(town: Town) -> None:
    with town.store() as store:
        store.leases.name(["index"])
        lease = store.leases.take(["index"], "far-away", PATIENCE)
        assert lease is not None
        told = town.tell("w1", "index")
        assert told.exit_code == 75
        assert "far-away is at work on the index" in told.output
        store.leases.give_back(lease)
    assert "0 in the index" in town.tell("w1", "index").output
    with town.store() as store:
        assert store.leases.held() == []


def test_sites_of_the_data_folder_are_read_as_run_reads_them_and_anew_in_each_round(
    town: Town,
) -> None:
    _, data, _, config = town.options("w1")
    known = [Path(config) / "sites" / f"site{number}.toml" for number in (5, 6)]
    own = Path(data) / "sites"
    own.mkdir()
    known[0].rename(own / known[0].name)
    worker = town.start("w1", "work", "--every", "0.1", "--name", "w1")
    wait_until(lambda: town.articles() == PAGES)
    known[1].rename(own / known[1].name)
    wait_until(lambda: town.articles() == 2 * PAGES)
    worker.send_signal(signal.SIGTERM)
    ended(worker, 128 + signal.SIGTERM)
    with town.store() as store:
        assert store.runs.latest().keys() == {"site5", "site6"}
    doctor = town.tell("w1", "doctor")
    assert f"2 sites, 0 corrections in {config}" in doctor.output
    assert f"the sites are those of {own}" in doctor.output


def test_work_needs_a_store_that_can_be_shared(town: Town) -> None:
    town.database = ""
    told = town.tell("w1", "work", "--once")
    assert told.exit_code == 2
    assert "jarshy run" in told.output


def test_a_lease_is_one_workers_until_it_ends_and_the_fence_holds(
    tmp_path: Path, database: str
) -> None:
    url = database_url(database, "test")
    with Store.open(tmp_path, url) as store, Store.open(tmp_path, url) as other:
        store.leases.name(["site:a", "host:h", "site:b"])
        first = store.leases.take(["site:a", "host:h"], "one", PATIENCE)
        assert first is not None
        # Another site of the same host.
        assert other.leases.take(["site:b", "host:h"], "two", 60) is None
        mine = store.fenced(first)
        mine.captures.settle(1, "read")
        first.seconds = 0.4
        store.leases.renew([first])
        taken: list[Lease] = []

        def take() -> bool:
            taken.extend(filter(None, [other.leases.take(["site:b", "host:h"], "two", PATIENCE)]))
            return bool(taken)

        wait_until(take)
        assert not first.is_alive
        first.last_until(float("inf"))  # a process that does not know yet
        with pytest.raises(LeaseLostError, match="host:h"):
            mine.articles.save(ARTICLE, EVENT, NOW)
        assert store.articles.count() == 0
        store.leases.give_back(first)
        assert [one.name for one in store.leases.held()] == ["host:h", "site:b"]
        other.fenced(taken[0]).articles.save(ARTICLE, EVENT, NOW)
        assert store.articles.count() == 1


def test_who_takes_at_once_never_takes_twice(tmp_path: Path, database: str) -> None:
    url = database_url(database, "test")
    taken: list[int] = []
    begun = threading.Barrier(4)

    def take(worker: str) -> None:
        with Store.open(tmp_path, url) as store:
            store.leases.name(["host:h", *(f"site:{n}" for n in range(20))])
            begun.wait(PATIENCE)
            for n in range(20):
                lease = store.leases.take([f"site:{n}"], worker, 60)
                taken.extend([n] if lease is not None else [])

    threads = [threading.Thread(target=take, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(taken) == list(range(20))
