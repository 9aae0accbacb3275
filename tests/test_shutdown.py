"""A shutdown in a crawl, and a store that can't be written: no library pays for it or is blamed.

Real processes, the demo's sites, real signals.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.health import site_health
from crawler.model import Account
from crawler.scheduling import due_sites, is_due
from crawler.sites import Site, load_sites
from crawler.store.place import database_url
from crawler.store.runs import SiteRun
from crawler.store.store import Store
from demoweb.articles import SITES, load_articles
from demoweb.web import DemoWeb

JARSHY = Path(sys.executable).parent / "jarshy"
PATIENCE = 120.0
FEW = 4
WORK = ("work", "--once", "--name", "w1")


class Machine:
    """A data and a config folder with the demo's sites, of which each answers slowly enough."""

    def __init__(self, folder: Path, web: DemoWeb, database: str = "") -> None:
        self.data, self.config, self.database = folder / "data", folder / "config", database
        self.config.mkdir()
        web.keep_sites(self.config / "sites")
        self.wait(0.5)

    def wait(self, seconds: float) -> None:
        """So long between two requests from now on."""
        for file in (self.config / "sites").iterdir():
            told = file.read_text("utf-8").splitlines()
            rest = [line for line in told if not line.startswith("delay_seconds")]
            file.write_text("\n".join([f"delay_seconds = {seconds}", *rest]), "utf-8")

    def start(self, *command: str, **more: str) -> subprocess.Popen[str]:
        options = ("--data", str(self.data), "--config", str(self.config))
        return subprocess.Popen(
            [str(JARSHY), *options, *command],
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "JARSHY_STORE": self.database, **more},
        )

    def store(self) -> Store:
        url = database_url(self.database, "test") if self.database else None
        return Store.open(self.data, url)

    @property
    def sites(self) -> list[Site]:
        return list(load_sites(self.config).values())


@pytest.fixture
def web() -> Iterator[DemoWeb]:
    with DemoWeb(load_articles(), first_port=0) as web:
        yield web


def end_after_some_pages(machine: Machine, command: tuple[str, ...], number: int) -> str:
    process = machine.start(*command)
    deadline = time.monotonic() + PATIENCE
    while True:
        with machine.store() as store:
            if store.articles.count() >= FEW:
                break
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(number)
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == (143 if number == signal.SIGTERM else 1), told
    assert "Traceback" not in told
    return told


def goes_on(machine: Machine, web: DemoWeb, command: tuple[str, ...], number: int) -> None:
    """What a shutdown left is read by the same command, started again at once."""
    told = end_after_some_pages(machine, command, number)
    assert "need of a look" not in told
    with machine.store() as store:
        assert store.articles.count() < len(web.articles())
        assert store.runs.latest()
        now = datetime.now(UTC)
        assert {site.id for site in due_sites(machine.sites, store, now)} == set(SITES)
        for health in site_health(machine.sites, store, now):
            assert health.reasons == (), health
            assert health.state == ("ok" if health.articles else "waiting")
    machine.wait(0)
    _, told = run(machine, *command)
    assert ("Raw pages stay on this machine" in told) is (command == WORK)
    with machine.store() as store:
        assert store.articles.count() == len(web.articles()), told
        assert due_sites(machine.sites, store, datetime.now(UTC)) == []


def test_a_run_that_was_broken_off_goes_on_with_the_next(tmp_path: Path, web: DemoWeb) -> None:
    goes_on(Machine(tmp_path, web), web, ("run",), signal.SIGINT)


def test_a_worker_that_was_restarted_goes_on_with_its_sites(
    tmp_path: Path, web: DemoWeb, database: str
) -> None:
    goes_on(Machine(tmp_path, web, database), web, WORK, signal.SIGTERM)


def ending(reason: str) -> Callable[[Site, datetime], SiteRun]:
    def run(site: Site, when: datetime) -> SiteRun:
        notes = ("10 pages are left for the next run", f"ended early: {reason}")
        account = Account(seen=1, stored=1, notes=notes if reason else ())
        return SiteRun(0, site.id, when, 1.0, account, True)

    return run


@pytest.mark.parametrize(
    ("reason", "due"),
    [
        ("", False),
        ("shutdown", True),
        ("the store cannot be written", True),
        # What the site's owner or the administrator wished.
        ("the server asks to wait 7200 s", False),
        ("the time for this run is over", False),
        # Whoever's fault it was, it would be so again at once.
        ("broken", False),
    ],
)
def test_a_site_is_due_when_it_was_us_who_ended_its_run(
    tmp_path: Path, reason: str, due: bool
) -> None:
    now = datetime.now(UTC)
    site = Site.model_validate(
        {"id": "lib", "name": {"kk": "Кітапхана"}, "url": "https://lib.example.kz/"}
    )
    with Store.open(tmp_path) as store:
        number = store.runs.begin("crawl", now)
        run = ending(reason)(site, now - timedelta(minutes=5))
        store.runs.add_site(replace(run, run_id=number))
        assert is_due(site, store, now) is due
        assert due_sites([site], store, now) == [site] * due


def run(machine: Machine, *command: str, **more: str) -> tuple[int, str]:
    process = machine.start(*command, **more)
    _, told = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in told
    return process.returncode, told


@pytest.mark.parametrize(
    ("warc", "words"),
    [
        ("file:///proc/jarshy", "Let this user write there, or name another folder"),
        ("local:///proc/jarshy", "Is it there, and may this user read and write it"),
    ],
)
def test_a_place_for_pages_that_cannot_be_written_is_told_before_anybody_is_asked(
    tmp_path: Path, web: DemoWeb, warc: str, words: str
) -> None:
    machine = Machine(tmp_path, web)
    code, told = run(machine, "crawl", "mura", JARSHY_WARC=warc)
    assert code == 1, told
    (line,) = told.splitlines()
    assert "/proc/jarshy: raw pages cannot be written there" in line
    assert words in line
    assert "disk space" not in line
    assert not any(web.request_log.values())
    with machine.store() as store:
        assert store.runs.latest() == {}
        assert {one.state for one in site_health(machine.sites, store)} == {"waiting"}
    code, told = run(machine, "doctor", JARSHY_WARC=warc)
    assert code == 1
    assert "/proc/jarshy: raw pages cannot be written there" in told
    code, told = run(machine, "crawl", "mura")
    assert code == 0, told
    assert not list((machine.data / "warc").glob("*.tmp"))


def test_a_worker_begins_only_where_it_can_keep_pages(
    tmp_path: Path, web: DemoWeb, database: str
) -> None:
    machine = Machine(tmp_path, web, database)
    code, told = run(machine, "work", JARSHY_WARC="file:///proc/jarshy")
    assert code == 1
    assert "raw pages cannot be written there (No such file or directory). Let this" in told
    assert not any(web.request_log.values())
