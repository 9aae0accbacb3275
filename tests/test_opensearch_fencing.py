"""Two machines, one index on the cluster: whoever slept through the other's turn changes nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from collection import article, fill

from crawler.model import Event
from crawler.store.place import database_url
from crawler.store.store import Store
from indexer import crew
from indexer.build import check_index, update_index
from indexer.rows import Row, Zone
from indexer.search import Searcher, SearchRequest
from jarshy import main

if "JARSHY_TEST_CLUSTER" not in os.environ:
    pytest.skip("needs an OpenSearch cluster: make test-scale", allow_module_level=True)

from test_opensearch_index import LATER

from indexer.engines.opensearch import OpenSearchEngine
from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.committing import Committing
from indexer.engines.opensearch.errors import ClusterError, WriterLostError
from indexer.engines.opensearch.pointer import read_pointer
from indexer.engines.opensearch.settings import settings_from
from indexer.engines.opensearch.uploading import upload
from indexer.engines.opensearch.writer import Writer, conclude, take_over, writing

LEASE = 3.0  # a busy machine renews late
# `jarshy`, but it stops itself before (or after) the nth call of a function, as Ctrl-Z would.
SLEEPER = """
import os, signal, sys
from functools import reduce
from importlib import import_module
module, path, when, number = sys.argv[1].split(":")
del sys.argv[1]
*owners, name = path.split(".")
owner = reduce(getattr, owners, import_module(module))
function, calls = getattr(owner, name), [0]
def stopping(*told, **more):
    calls[0] += 1
    sleeps = calls[0] == int(number)
    if sleeps and when == "before":
        os.kill(os.getpid(), signal.SIGSTOP)
    found = function(*told, **more)
    if sleeps and when == "after":
        os.kill(os.getpid(), signal.SIGSTOP)
    return found
setattr(owner, name, stopping)
from jarshy import main
main()
"""
ENGINE = "indexer.engines.opensearch.engine"


@pytest.fixture(autouse=True)
def chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JARSHY_ENGINE", "opensearch")


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    return Cluster(settings_from())


class Machines:
    """Two machines with one store and one index folder."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.shared = folder / "index"
        self.environment = {"JARSHY_STORE": database, "JARSHY_ENGINE": "opensearch"}
        self.url = database_url(database, "test")
        self.written = 0
        self.shared.mkdir()
        for name in "ab":
            (folder / name / "config" / "sites").mkdir(parents=True)
            told = f"[crawl]\nlease_seconds = {LEASE}\n"
            (folder / name / "config" / "jarshy.toml").write_text(told)
            (folder / name / "data").mkdir()
            (folder / name / "data" / "index").symlink_to(self.shared)

    def options(self, name: str) -> list[str]:
        home = self.folder / name
        return ["--data", str(home / "data"), "--config", str(home / "config")]

    def index(self, name: str, *words: str) -> str:
        told = [*self.options(name), "index", *words]
        done = CliRunner().invoke(main, told, env=self.environment)
        assert done.exit_code == 0, done.output
        return done.output

    def sleeping(self, where: str, *words: str) -> subprocess.Popen[str]:
        """The machine `a`, which has fallen asleep while it indexed."""
        sleeper = subprocess.Popen(
            [sys.executable, "-c", SLEEPER, where, *self.options("a"), "index", *words],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **self.environment},
        )
        until = time.monotonic() + 60
        while Path(f"/proc/{sleeper.pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
            assert sleeper.poll() is None, sleeper.communicate()
            assert time.monotonic() < until
            time.sleep(0.02)
        return sleeper

    def store(self) -> Store:
        return Store.open(self.folder / "a" / "data", self.url)

    def write(self, count: int) -> None:
        with self.store() as store:
            for _ in range(count):
                self.written += 1
                told = article(self.written, f"Кітап {self.written}", "Кітап туралы.")
                store.articles.save(told, Event(), LATER)

    def lose_locks(self) -> None:
        """What NFS does to the locks of a machine that is cut off; here the same disk would hold."""
        (self.shared / "lock").unlink()
        with self.store() as store:
            while store.leases.held():
                time.sleep(0.05)

    def found(self) -> int:
        data = self.folder / "b" / "data"
        assert check_index(data) == []
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("JARSHY_STORE", self.environment["JARSHY_STORE"])
            with Searcher.open(data) as searcher:
                return searcher.search(SearchRequest(q="кітап")).total


@pytest.fixture
def machines(tmp_path: Path, database: str) -> Machines:
    return Machines(tmp_path, database)


ANEW = ("--rebuild",)
LOST, DONE = 75, 0  # what was in force before the other one came may be told as done
SLEEPS = [
    (f"{ENGINE}:upload:before:1", (), (), LOST),
    (f"{ENGINE}:Committing.prepared:before:1", (), (), LOST),
    (f"{ENGINE}:conclude:before:1", (), (), LOST),
    (f"{ENGINE}:conclude:before:1", (), ANEW, LOST),
    (f"{ENGINE}:conclude:after:1", (), (), LOST),
    (f"{ENGINE}:point_alias:before:1", (), (), DONE),
    (f"{ENGINE}:upload:before:1", ANEW, (), LOST),
    ("crawler.store.store:Store.prove:after:3", ANEW, (), LOST),
    ("crawler.store.store:Store.prove:after:3", ANEW, ANEW, LOST),
    ("indexer.build:use_folder:after:1", ANEW, ANEW, DONE),
]


@pytest.mark.parametrize(
    ("where", "words", "other", "code"),
    SLEEPS,
    ids=[f"{where.rpartition('.')[2]}-{len(one)}{len(two)}" for where, one, two, _ in SLEEPS],
)
def test_who_slept_past_the_lease_swaps_no_older_index_in(
    machines: Machines, where: str, words: tuple[str, ...], other: tuple[str, ...], code: int
) -> None:
    machines.write(2)
    machines.index("b")
    machines.write(1)
    sleeper = machines.sleeping(where, *words)
    try:
        machines.lose_locks()
        machines.write(1)
        assert "4 in the index" in machines.index("b", *other)
        used = (machines.shared / "current").read_text()
        sleeper.send_signal(signal.SIGCONT)
        _, told = sleeper.communicate(timeout=60)
        # With an end in sight, the thread that keeps the lease may still be quicker.
        assert sleeper.returncode in {code, LOST}, told
        assert "Traceback" not in told
        assert (machines.shared / "current").read_text() == used
        assert machines.found() == 4
        machines.write(1)
        assert "1 added or changed, 0 taken out, 5 in the index" in machines.index("b")
        assert machines.found() == 5
    finally:
        sleeper.kill()
        sleeper.communicate()


def no_seal(_generation: int, _files: Mapping[str, Path]) -> None:
    """These tests need no manifest."""


def row(number: int) -> Row:
    return Row(number, number, (Zone("body", [0], *[["кітап"]] * 4),), {}, 738000, 738000)


def filled(folder: Path) -> OpenSearchEngine:
    engine = OpenSearchEngine()
    engine.create(folder, no_seal)
    part = engine.prepare(folder, [row(1), row(2)])
    assert part
    engine.commit(folder, [part], [], no_seal)
    return engine


def test_the_cluster_refuses_every_write_of_who_was_replaced(
    tmp_path: Path, cluster: Cluster
) -> None:
    engine = filled(tmp_path)
    old = take_over(cluster, tmp_path, lambda: None)
    new = take_over(cluster, tmp_path, lambda: None)
    assert (new.state, new.next) == (old.state, old.next + 1)
    writes: list[Callable[[], object]] = [
        lambda: upload(cluster, old.name, [("3-9", 3, {"id": 3, "born": 1})]),
        lambda: Committing(cluster, old, read_pointer(tmp_path)).prepared([], {1}),
        lambda: conclude(cluster, old),
    ]
    for write in writes:
        with pytest.raises(WriterLostError, match="taken the index over"), writing(cluster, old):
            write()
    assert not any("writer" in name for name in cluster.ask("GET", "/_cat/indices", format="json"))
    part = engine.prepare(tmp_path, [row(3)])
    assert part
    engine.commit(tmp_path, [part], [1], no_seal)
    assert sorted(engine.open(tmp_path).ids()) == [2, 3]


def test_an_index_from_before_there_were_writers_is_taken_over(
    tmp_path: Path, cluster: Cluster
) -> None:
    engine = filled(tmp_path)
    index = read_pointer(tmp_path).index
    cluster.ask("DELETE", f"/{index}/_alias/{index}-writer-*")
    part = engine.prepare(tmp_path, [row(3)])
    assert part
    engine.commit(tmp_path, [part], [1], no_seal)
    assert sorted(engine.open(tmp_path).ids()) == [2, 3]


def test_a_commit_that_died_on_the_way_to_the_folder_is_finished(
    tmp_path: Path, cluster: Cluster
) -> None:
    engine = filled(tmp_path)
    generation = engine.generation(tmp_path)
    part = engine.prepare(tmp_path, [row(3)])
    assert part
    engine.commit(tmp_path, [part], [], no_seal)
    # As if it had died after the cluster's word.
    path = tmp_path / f"pointer-{engine.generation(tmp_path)}.json"
    shutil.copy(path, tmp_path / "kept")
    path.rename(path.with_suffix(".new"))
    with pytest.raises(FileNotFoundError):
        engine.generation(tmp_path)
    assert generation == 1
    (tmp_path / "kept").rename(tmp_path / "pointer-1.json")  # any state before
    told = (tmp_path / "pointer-1.json").read_text().replace('"generation": 2', '"generation": 1')
    (tmp_path / "pointer-1.json").write_text(told)
    engine.take_over(tmp_path, lambda: None)
    assert sorted(engine.open(tmp_path).ids()) == [1, 2, 3]


def test_a_copy_of_the_folder_that_lags_behind_writes_nothing(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    with fill(data, [(article(1, "Кітап 1"), Event())]) as store:
        update_index(data, store)
        shutil.copytree(data / "index", copy / "index")
        store.articles.save(article(2, "Кітап 2"), Event(), LATER)
        update_index(data, store)
        with pytest.raises(ClusterError, match="this copy of the index has state 1, the cluster 2"):
            update_index(copy, store)
        assert check_index(data) == []
        # Made anew there, on purpose: the folder that was left behind keeps its index.
        assert update_index(copy, store, rebuild=True).documents == 2
        assert check_index(data) == check_index(copy) == []


def test_two_that_take_over_at_once_are_one(tmp_path: Path, cluster: Cluster) -> None:
    filled(tmp_path)
    taken: list[Writer] = []
    second: list[Writer] = []

    def meanwhile() -> None:
        if not second:
            second.append(take_over(cluster, tmp_path, lambda: None))

    with pytest.raises(WriterLostError):
        taken.append(take_over(cluster, tmp_path, meanwhile))
    assert taken == []
    conclude(cluster, second[0])


def test_processes_of_a_crew_write_by_the_right_of_who_called_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "WORTH_IT", 2)
    rows = [(article(number, f"Кітап {number}"), Event()) for number in range(1, 5)]
    with fill(tmp_path, rows) as store:
        assert update_index(tmp_path, store).documents == 4
        for number in range(5, 9):
            store.articles.save(article(number, f"Кітап {number}"), Event(), LATER)
        report = update_index(tmp_path, store)
        assert (report.added, report.documents, report.rebuilt) == (4, 8, False)
    assert check_index(tmp_path) == []
