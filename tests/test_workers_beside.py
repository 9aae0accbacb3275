"""Commands that write a site's articles keep out of the way of the worker that crawls it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.correcting import apply_corrections
from crawler.corrections import load_corrections
from crawler.errors import LeaseLostError
from crawler.model import Event
from crawler.store.place import database_url
from crawler.store.store import Store
from jarshy import main

JARSHY = Path(sys.executable).parent / "jarshy"
SITE = """
url = "https://{0}.kz/"
cms = "wordpress"
region = "astana"
name.kk = "{0} кітапханасы"
"""
URL = "https://{0}.kz/1"
LEASE = 2.0


class Machine:
    """A data folder and a config with the sites a and b, and the store that all machines share."""

    def __init__(self, folder: Path, database: str) -> None:
        self.config, self.data = folder / "config", folder / "data"
        self.database = database
        (self.config / "sites").mkdir(parents=True)
        self.data.mkdir()
        for name in "ab":
            (self.config / "sites" / f"{name}.toml").write_text(SITE.format(name), "utf-8")
        (self.config / "jarshy.toml").write_text(f"[crawl]\nlease_seconds = {LEASE}\n")

    @property
    def options(self) -> tuple[str, ...]:
        return ("--data", str(self.data), "--config", str(self.config))

    def tell(self, *words: object) -> Result:
        told = [*self.options, *map(str, words)]
        done = CliRunner().invoke(main, told, env={"JARSHY_STORE": self.database})
        assert "Traceback" not in done.output
        return done

    def store(self) -> Store:
        return Store.open(self.data, database_url(self.database, "test"))

    def lines(self, *sites: str, number: int = 1) -> Path:
        path = self.data.parent / "lines.jsonl"
        rows = (
            {
                "url": f"https://{site}.kz/{n}",
                "title": f"Көрме {n}",
                "text": f"Кітап көрмесі ашылды, {n}.",
                "site": site,
            }
            for site in sites
            for n in range(1, number + 1)
        )
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        return path


@pytest.fixture
def machine(tmp_path: Path, database: str) -> Machine:
    found = Machine(tmp_path, database)
    done = found.tell("import", found.lines("a", "b"))
    assert done.exit_code == 0, done.output
    return found


@contextmanager
def crawled(store: Store, site: str) -> Iterator[None]:
    """Another machine is at a site meanwhile."""
    lease = store.leases.take([f"site:{site}"], "far-away", 60)
    assert lease is not None
    yield
    store.leases.give_back(lease)


@pytest.mark.parametrize(
    "command",
    [("import", "LINES"), ("reprocess", "a"), ("remove", "URL"), ("correct", "URL", "--city", "X")],
    ids=lambda told: told[0],
)
def test_what_a_worker_is_at_is_left_alone_and_named(
    machine: Machine, command: tuple[str, ...]
) -> None:
    places = {"LINES": machine.lines("a", number=3), "URL": URL.format("a")}
    words = [places.get(word, word) for word in command]
    with machine.store() as store:
        before = store.articles.last_sequence()
        with crawled(store, "a"):
            done = machine.tell(*words, "--wait", "0.3")
            assert done.exit_code == 75, done.output
            assert "far-away is at work on the site a" in done.output
            assert store.articles.last_sequence() == before
        assert machine.tell(*words).exit_code == 0
        assert store.leases.held() == []


def test_reading_again_does_the_free_sites_first_and_names_who_is_left(machine: Machine) -> None:
    with machine.store() as store:
        for name in "ab":
            document = store.articles.document_at(URL.format(name))
            assert document is not None
            assert store.articles.revise(document.article, Event())
        with crawled(store, "a"):
            done = machine.tell("reprocess", "--wait", "0.3")
            assert done.exit_code == 75
            assert "1 page read, 1 article changed" in done.output
            assert "Later `jarshy reprocess a`" in done.output
        assert "1 article changed" in machine.tell("reprocess", "a").output


def test_a_site_that_is_free_in_time_is_waited_for(machine: Machine) -> None:
    with machine.store() as store:
        free = threading.Event()

        def crawl() -> None:
            with crawled(store, "a"):
                free.wait(0.8)

        crawling = threading.Thread(target=crawl)
        crawling.start()
        while not store.leases.held():
            time.sleep(0.01)
        done = machine.tell("remove", URL.format("a"), "--wait", "20")
        crawling.join()
        assert done.exit_code == 0, done.output
        assert "far-away is at work on the site a; waiting up to 20 s." in done.output
        assert store.articles.count("a") == 0


def test_an_import_that_slept_past_its_lease_stores_nothing_more(machine: Machine) -> None:
    words = ["import", machine.lines("a", number=1_500)]
    importing = subprocess.Popen(
        [JARSHY, *machine.options, *map(str, words)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "JARSHY_STORE": machine.database},
    )
    try:
        with machine.store() as store:
            while store.articles.count() < 3:
                assert importing.poll() is None
                time.sleep(0.01)
            assert [one.name for one in store.leases.held()] == ["site:a"]
            os.kill(importing.pid, signal.SIGSTOP)
            time.sleep(LEASE + 0.3)
            with crawled(store, "a"):
                stored = store.articles.count()
                os.kill(importing.pid, signal.SIGCONT)
                _, told = importing.communicate(timeout=30)
                assert importing.returncode == 75, told
                assert "The lease of the site a was lost on the way. Run the command again" in told
                assert store.articles.count() == stored < 1_500
    finally:
        importing.kill()
        importing.communicate()


def test_a_correction_never_brings_back_what_a_worker_has_replaced(machine: Machine) -> None:
    """The correction was laid over the text that was read before the worker stored a new one."""
    url = URL.format("a")
    (machine.config / "corrections.toml").write_text(f'["{url}"]\ncity = "Ақтау"\n', "utf-8")
    with machine.store() as store, machine.store() as worker:
        old = store.articles.document_at(url)
        assert old is not None
        machine.tell("import", machine.lines("a"))
        (now,) = worker.articles.documents([old.id])
        assert worker.articles.revise(now.article, Event(kinds=("tour",)))
        assert not store.articles.revise(old.article, Event(), old.sequence)
        assert apply_corrections(store, load_corrections(machine.config)) == 1
        found = store.articles.document_at(url)
        assert found is not None
        assert (found.event.city, found.event.kinds) == ("Ақтау", ("tour",))


def test_what_a_killed_process_of_this_machine_held_is_free_at_once(machine: Machine) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    with machine.store() as store:
        lease = store.leases.take(["site:a"], f"{socket.gethostname()}-{dead.pid}", 60)
        assert lease is not None
        assert machine.tell("remove", URL.format("a"), "--wait", "0").exit_code == 0
        lease.last_until(float("inf"))
        with pytest.raises(LeaseLostError):
            store.fenced(lease).prove()
