"""What a killed process held is free at once for the next one with its data folder, and no sooner.

Real processes, a real PostgreSQL, SIGKILL; leases last for most of an hour here, so that nothing
is free by its time.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from test_workers import JARSHY, PAGES, PATIENCE, Town, children_of, ended, town, wait_until

from crawler.errors import LeaseLostError
from crawler.store.lifelines import FOLDER, Lifeline, Taken, the_dead
from crawler.store.place import database_url
from crawler.store.store import Store

__all__ = ["town"]
CONTAINER = ("unshare", "--pid", "--fork", "--mount-proc")
WORK = ("work", "--once", "--every", "0.3", "--name")
SLOW = (0.2, 0.0, 2)  # two hosts with two sites each, seconds of an answer


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def sites_of(store: Store) -> dict[str, str]:
    """Who holds which site."""
    return {one.name: one.holder for one in store.leases.held() if one.name.startswith("site:")}


@pytest.mark.parametrize("town", [SLOW], indirect=True)
def test_the_sites_of_a_killed_run_are_crawled_by_the_next(town: Town) -> None:
    first = town.start("w1", "run")
    wait_until(lambda: town.articles() >= 2)
    kill(first)
    with town.store() as store:
        assert len(sites_of(store)) == 2
        told = ended(town.start("w1", "run"))
        assert "left to another" not in told
        assert f"{town.all} in the index" in told
        assert store.leases.held() == []
    assert not list((town.folder / "w1" / "data" / FOLDER).iterdir())


@pytest.mark.parametrize("town", [(0.0, 0.05, 1)], indirect=True)
def test_the_index_of_a_killed_run_is_free_for_the_next(town: Town) -> None:
    assert town.tell("w1", "crawl").exit_code == 0
    first = town.start("w1", "index")
    with town.store() as store:
        wait_until(lambda: store.leases.held() or first.poll() is not None)
        kill(first)
        assert [one.name for one in store.leases.held()] == ["index"]
        told = town.tell("w1", "index")
        assert told.exit_code == 0, told.output
        assert f"{2 * PAGES} in the index" in told.output
        assert store.leases.held() == []


@pytest.fixture
def contained(town: Town) -> Callable[[str], subprocess.Popen[str]]:
    """Starts a worker whose process number is 1, on the same host and in one data folder."""
    done = subprocess.run([*CONTAINER, "true"], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"no process namespaces here: {done.stderr.decode()}")

    def start(name: str) -> subprocess.Popen[str]:
        worker = subprocess.Popen(
            [*CONTAINER, JARSHY, *town.options("w1"), *WORK, name],
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "JARSHY_STORE": town.database},
        )
        town.workers.append(worker)
        return worker

    return start


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs util-linux's unshare")
@pytest.mark.parametrize("town", [SLOW], indirect=True)
def test_a_container_is_told_apart_from_a_dead_one_of_the_same_host_and_number(
    town: Town, contained: Callable[[str], subprocess.Popen[str]]
) -> None:
    first = contained("w1")
    wait_until(lambda: town.articles() >= 2)
    (inside,) = children_of(first.pid)
    asleep = [inside, *children_of(inside)]
    for pid in asleep:
        os.kill(pid, signal.SIGSTOP)
    with town.store() as store:
        held = store.leases.held()
        assert len(sites_of(store)) == 2
        second = contained("w2")
        assert second.stderr is not None
        assert "w2 at work" in second.stderr.readline()
        time.sleep(1.5)  # it looks three times a second whether something is free
        assert store.leases.held() == held
        os.kill(inside, signal.SIGKILL)
        first.communicate()
        ended(second)
        assert store.leases.held() == []
    assert town.articles() == town.all


def texts_in(folder: Path) -> list[str]:
    return [one.read_text() for one in folder.iterdir()]


def test_what_is_freed_is_what_the_dead_one_held_and_the_fence_stands(
    tmp_path: Path, database: str
) -> None:
    url = database_url(database, "test")
    with Store.open(tmp_path, url) as store, Store.open(tmp_path / "far", url) as other:
        store.leases.name(["site:a", "site:b", "site:c"])
        dead = store.leases.take(["site:a"], "w", PATIENCE)
        mine = store.leases.take(["site:b"], "w", PATIENCE)
        theirs = other.leases.take(["site:c"], "w", PATIENCE)
        assert dead is not None
        assert mine is not None
        assert theirs is not None
        store.leases.free_the_dead()
        assert len(store.leases.held()) == 3
        told = next(one for one in texts_in(tmp_path / FOLDER) if "site:a" in one)
        left(tmp_path / FOLDER / "left.json", told)  # nobody has it locked
        (tmp_path / FOLDER / "empty.json").touch()  # as after a power cut
        store.leases.free_the_dead()
        assert [one.name for one in store.leases.held()] == ["site:b", "site:c"]
        with pytest.raises(LeaseLostError):
            store.fenced(dead).prove()
        store.fenced(mine).prove()
        # Another one has it now: what is left of the dead takes nothing from it.
        new = other.leases.take(["site:a"], "w", PATIENCE)
        assert new is not None
        left(tmp_path / FOLDER / "late.json", told)
        store.leases.free_the_dead()
        other.fenced(new).prove()
        for lease in (mine, theirs, new):
            store.leases.give_back(lease)
    assert not list((tmp_path / FOLDER).iterdir())


def left(path: Path, told: str) -> None:
    """A file as a killed process leaves it: it says which file it is, and has no lock."""
    path.touch()
    mine = path.stat()
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    mark = f"{boot} {mine.st_dev} {mine.st_ino}"
    path.write_text(json.dumps({**json.loads(told), "file": mark}))


def test_a_copy_of_the_data_folder_frees_nothing_that_lives(tmp_path: Path, database: str) -> None:
    url = database_url(database, "test")
    data, copy, clone = tmp_path / "data", tmp_path / "copy", tmp_path / "clone"
    with Store.open(data, url) as store:
        store.leases.name(["site:a"])
        lease = store.leases.take(["site:a"], "w", PATIENCE)
        assert lease is not None
        (file,) = (data / FOLDER).iterdir()
        subprocess.run(["cp", "-a", data, copy], check=True)
        # A clone of the disk has the very same numbers, but the kernel is another one.
        told = json.loads(file.read_text())
        (clone / FOLDER).mkdir(parents=True)
        left(clone / FOLDER / file.name, json.dumps(told))
        cloned = json.loads((clone / FOLDER / file.name).read_text())
        cloned["file"] = " ".join([str(uuid.uuid4()), *cloned["file"].split()[1:]])
        (clone / FOLDER / file.name).write_text(json.dumps(cloned))
        for folder in (copy, clone):
            assert list((folder / FOLDER).iterdir())
            with Store.open(folder, url) as other:
                other.leases.free_the_dead()
                assert [one.name for one in other.leases.held()] == ["site:a"]
            assert not list((folder / FOLDER).iterdir())
        store.fenced(lease).prove()
        assert list((data / FOLDER).iterdir()) == [file]
        store.leases.give_back(lease)


def test_a_lifeline_is_seen_whole_or_not_at_all_and_cut_once(tmp_path: Path) -> None:
    """Threads that make and cut them beside one that buries: it never buries the living."""
    over = threading.Event()
    buried: list[Taken] = []

    def bury() -> None:
        while not over.is_set():
            buried.extend(the_dead(tmp_path))

    thread = threading.Thread(target=bury)
    thread.start()
    for number in range(200):
        line = Lifeline(tmp_path, Taken("w", {"site:a": number}))
        line.cut()
        line.cut()
    over.set()
    thread.join(PATIENCE)
    assert not buried
    assert not list((tmp_path / FOLDER).iterdir())
