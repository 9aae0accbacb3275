"""SIGKILL of the database server at bad moments: during a crawl, an import, while serving."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import needs_postgres
from database_server import PostgresServer, free_port, running_postgres
from test_store import ARTICLE, EVENT, NOW, URL
from test_workers import end_in
from webs import Answer, Asked, Web, article, listing, reply

from crawler.checking import check_store
from crawler.errors import StoreError
from crawler.store.place import database_url
from crawler.store.store import Store

JARSHY = Path(sys.executable).parent / "jarshy"
SITE = """
url = "{root}/"
cms = "unknown"
region = "astana"
allow_private_addresses = true
delay_seconds = 0.01
name.kk = "Сынақ кітапханасы"
[[sources]]
kind = "listing"
url = "{root}/"
links = "a.item"
"""
PAGES = 30
PATIENCE = 300.0  # seconds; how long things take on a busy machine is not what is tested


@pytest.fixture(scope="module")
def careful() -> Iterator[PostgresServer]:
    """A server that keeps what it has committed when it is killed, as in earnest."""
    needs_postgres()
    with running_postgres(careful=True) as server:
        yield server


def wait_until(process: subprocess.Popen[str], true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise AssertionError(f"waited in vain: {process.communicate()}")
        time.sleep(0.01)


def started(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [JARSHY, *map(str, arguments)],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
    )


def ended(process: subprocess.Popen[str], code: int) -> str:
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == code, errors
    assert "Traceback" not in errors
    return errors


def test_a_crawl_whose_server_is_killed_is_told_and_the_next_one_goes_on(
    tmp_path: Path, careful: PostgresServer
) -> None:
    name, data, sites = careful.fresh(), tmp_path / "data", tmp_path / "config" / "sites"
    sites.mkdir(parents=True)
    url = database_url(careful.url(name), "test")
    count = "SELECT count(*) FROM articles"
    killed = threading.Event()
    asked_for: set[str] = set()
    most = [0]

    async def page(asked: Asked, writer: asyncio.StreamWriter) -> None:
        asked_for.add(asked.target)
        if len(asked_for) > most[0]:
            # Else a crawl could be through before a busy machine gets to the kill.
            await asyncio.to_thread(killed.wait)
        writer.write(reply(article(f"Кездесу {asked.target}")))

    pages: dict[str, Answer] = {f"/{n}-kezdesu": page for n in range(PAGES)}
    with Web({"/": reply(listing(pages)), **pages}) as web, ExitStack() as stack:
        stack.callback(killed.set)
        (sites / "lib.toml").write_text(SITE.format(root=web.root))
        (sites.parent / "jarshy.toml").write_text(
            f"[crawl]\ntimeout_seconds = 120\nlease_seconds = {10 * PATIENCE}\n"
        )
        asked = ("--data", data, "--config", sites.parent, "crawl")
        Store.open(data, url).close()
        known: set[str] = set()
        for more, most[0] in ((2, 12), (9, 27)):
            crawling = started(*asked, JARSHY_STORE=careful.url(name))
            goal = len(known) + more
            wait_until(crawling, lambda goal=goal: careful.tell(count, name) >= [(goal,)])  # type: ignore[misc]
            careful.kill()
            killed.set()
            errors = ended(crawling, 1).splitlines()
            killed.clear()
            (line,) = (one for one in errors if one.startswith("jarshy: "))
            assert "PostgreSQL jarshy@" in line
            assert "systemctl start postgresql" in line
            careful.start()
            with Store.open(data, url) as store:
                for one in {one.holder for one in store.leases.held()}:
                    end_in(store, one, 0)  # the crawl could not give its site back
                stored = set(store.articles.known_urls("lib"))
                assert known < stored
                assert store.damages() == []
                known = stored
        assert 11 <= len(known) < PAGES
        killed.set()
        web.log.clear()
        ended(started(*asked, JARSHY_STORE=careful.url(name)), 0)
        assert not known.intersection(web.root + target for target in web.targets)
    with Store.open(data, url) as store:
        assert store.articles.count() == PAGES
        changes = [one.document for one in store.articles.changes_after(0)]
        assert [one.version for one in changes if one] == [1] * PAGES
        assert list(check_store(store)) == []


SLEEP = """
CREATE FUNCTION sleep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_sleep(3600); RETURN NEW; END $$;
CREATE TRIGGER sleep BEFORE INSERT ON articles
    FOR EACH ROW WHEN (NEW.url = 'https://a.kz/505') EXECUTE FUNCTION sleep();
"""
ASLEEP = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"


def test_an_import_whose_server_is_killed_is_told_and_done_again(
    tmp_path: Path, careful: PostgresServer
) -> None:
    name, number = careful.fresh(), 510
    rows = (
        {"url": f"https://a.kz/{n}", "title": f"{n}{n:b}", "text": f"{n:b}{n} {n * n:b}."}
        for n in range(number)
    )
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    url = database_url(careful.url(name), "test")
    Store.open(tmp_path, url).close()
    careful.tell(SLEEP, name)  # in the middle of the second transaction
    importing = started("--data", tmp_path, "import", path, JARSHY_STORE=careful.url(name))
    wait_until(importing, lambda: careful.tell(ASLEEP))
    careful.kill()
    assert "systemctl start postgresql" in ended(importing, 1)
    careful.start()
    careful.tell("DROP FUNCTION sleep CASCADE", name)
    with Store.open(tmp_path, url) as store:
        before = store.articles.count()
        assert before == 500
    again = ended(started("--data", tmp_path, "import", path, JARSHY_STORE=careful.url(name)), 0)
    assert f"{number - before} stored, 0 updated, {before} unchanged" in again
    with Store.open(tmp_path, url) as store:
        assert len(list(store.articles.changes_after(0))) == store.articles.count() == number
        assert store.damages() == []


def test_an_open_store_works_again_when_its_server_is_back(
    tmp_path: Path, careful: PostgresServer
) -> None:
    with Store.open(tmp_path, database_url(careful.url(careful.fresh()), "test")) as store:
        store.articles.save(ARTICLE, EVENT, NOW)
        careful.kill()
        with pytest.raises(StoreError, match="systemctl start postgresql"):
            store.articles.count()
        careful.start()
        assert store.articles.count() == 1
        store.articles.save(replace(ARTICLE, url=f"{URL}-2"), EVENT, NOW)
        assert store.articles.count() == 2


def test_pages_tell_of_a_server_that_is_away_and_answer_when_it_is_back(
    tmp_path: Path, careful: PostgresServer
) -> None:
    where = careful.url(careful.fresh())
    with Store.open(tmp_path, database_url(where, "test")) as store:
        store.articles.save(ARTICLE, EVENT, NOW)
    ended(started("--data", tmp_path, "index", JARSHY_STORE=where), 0)
    port = free_port()
    told = ("--data", tmp_path, "serve", "--processes", 2, "--port", port)
    serving = started(*told, JARSHY_STORE=where)
    try:
        wait_until(serving, lambda: status_of(port, "/") == 200)
        question = "/api/v1/articles/1"
        assert [status_of(port, question) for _ in range(6)] == [200] * 6
        careful.kill()
        assert {status_of(port, question) for _ in range(6)} == {503}
        careful.start()
        # A process may hold its refusal for a second.
        wait_until(serving, lambda: {status_of(port, question) for _ in range(6)} == {200})
    finally:
        serving.terminate()
        serving.communicate(timeout=PATIENCE)


def status_of(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0
