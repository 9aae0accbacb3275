"""Commands that write a site's articles keep out of the way of the worker that crawls it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from test_workers import end_in

from crawler.correcting import apply_corrections
from crawler.corrections import load_corrections
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
PATIENCE = 300.0  # seconds; how long things take on a busy machine is not what is tested


class Machine:
    """A data folder and a config with the sites a and b, and the store that all machines share."""

    def __init__(self, folder: Path, database: str) -> None:
        self.config, self.data = folder / "config", folder / "data"
        self.database = database
        (self.config / "sites").mkdir(parents=True)
        self.data.mkdir()
        for name in "ab":
            (self.config / "sites" / f"{name}.toml").write_text(SITE.format(name), "utf-8")
        (self.config / "jarshy.toml").write_text(f"[crawl]\nlease_seconds = {10 * PATIENCE}\n")

    @property
    def options(self) -> tuple[str, ...]:
        return ("--data", str(self.data), "--config", str(self.config))

    def tell(self, *words: object) -> Result:
        told = [*self.options, *map(str, words)]
        done = CliRunner().invoke(main, told, env={"JARSHY_STORE": self.database})
        assert "Traceback" not in done.output
        return done

    def start(self, *words: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [JARSHY, *self.options, *map(str, words)],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "JARSHY_STORE": self.database},
        )

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
    lease = store.leases.take([f"site:{site}"], "far-away", 10 * PATIENCE)
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
        with crawled(store, "a"):
            removing = machine.start("remove", URL.format("a"), "--wait", PATIENCE)
            assert removing.stderr is not None
            told = removing.stderr.readline()
            assert "far-away is at work on the site a; waiting up to 300 s." in told
            assert store.articles.count("a") == 1
        _, more = removing.communicate(timeout=PATIENCE)
        assert removing.returncode == 0, told + more
        assert store.articles.count("a") == 0


def stop_between_transactions(process: subprocess.Popen[str], store: Store) -> None:
    """Stop a process while the database has nothing to do for it, nor holds anything."""
    open_ones = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND state <> 'idle'"
    )
    with store._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while True:
            # Asked before as well: stopping it again and again would be what takes longest.
            if connection.scalar(open_ones) == 0:
                os.kill(process.pid, signal.SIGSTOP)
                if connection.scalar(open_ones) == 0:
                    return
                os.kill(process.pid, signal.SIGCONT)
            assert process.poll() is None
            time.sleep(0.01)


def test_an_import_that_slept_past_its_lease_stores_nothing_more(machine: Machine) -> None:
    number = 2_000
    importing = machine.start("import", machine.lines("a", number=number))
    try:
        with machine.store() as store:
            while store.articles.count() < 3:
                assert importing.poll() is None
                time.sleep(0.05)
            stop_between_transactions(importing, store)
            (held,) = store.leases.held()
            assert held.name == "site:a"
            end_in(store, held.holder, 0)
            with crawled(store, "a"):
                stored = store.articles.count()
                os.kill(importing.pid, signal.SIGCONT)
                _, told = importing.communicate(timeout=PATIENCE)
                assert importing.returncode == 75, told
                assert "The lease of the site a was lost on the way. Run the command again" in told
                assert store.articles.count() == stored < number
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
