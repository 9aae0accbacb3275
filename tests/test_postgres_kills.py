"""SIGKILL at bad moments: of the database server during a crawl, of a move halfway."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import needs_postgres
from database_server import PostgresServer, free_port, running_postgres
from test_store import ARTICLE, EVENT, NOW, URL, captured
from webs import Web, article, listing, reply

from crawler.checking import check_store
from crawler.errors import StoreError
from crawler.gathering import gather
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
LEASE = 3  # seconds


@pytest.fixture(scope="module")
def careful() -> Iterator[PostgresServer]:
    """A server that keeps what it has committed when it is killed, as in earnest."""
    needs_postgres()
    with running_postgres(careful=True) as server:
        yield server


def wait_until(process: subprocess.Popen[str], true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise AssertionError(f"waited in vain: {process.communicate()}")
        time.sleep(0.002)


def started(*arguments: object, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [JARSHY, *map(str, arguments)],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
    )


def ended(process: subprocess.Popen[str], code: int) -> str:
    _, errors = process.communicate(timeout=120)
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
    pages = {f"/{n}-kezdesu": reply(article(f"Кездесу {n}")) for n in range(PAGES)}
    with Web({"/": reply(listing(pages)), **pages}) as web:
        (sites / "lib.toml").write_text(SITE.format(root=web.root))
        (sites.parent / "jarshy.toml").write_text(f"[crawl]\nlease_seconds = {LEASE}\n")
        asked = ("--data", data, "--config", sites.parent, "crawl")
        Store.open(data, url).close()
        known: set[str] = set()
        for more in (2, 9):
            crawling = started(*asked, JARSHY_STORE=careful.url(name))
            goal = len(known) + more
            wait_until(crawling, lambda goal=goal: careful.tell(count, name) >= [(goal,)])  # type: ignore[misc]
            careful.kill()
            errors = ended(crawling, 1).splitlines()
            (line,) = (one for one in errors if one.startswith("jarshy: "))
            assert "PostgreSQL jarshy@" in line
            assert "systemctl start postgresql" in line
            careful.start()
            time.sleep(LEASE)  # the crawl could not give its site back
            with Store.open(data, url) as store:
                stored = set(store.articles.known_urls("lib"))
                assert known < stored
                assert store.damages() == []
                known = stored
        assert 11 <= len(known) < PAGES
        web.log.clear()
        ended(started(*asked, JARSHY_STORE=careful.url(name)), 0)
        assert not known.intersection(web.root + target for target in web.targets)
    with Store.open(data, url) as store:
        assert store.articles.count() == PAGES
        changes = [one.document for one in store.articles.changes_after(0)]
        assert [one.version for one in changes if one] == [1] * PAGES
        assert list(check_store(store)) == []


def test_an_import_whose_server_is_killed_is_told_and_done_again(
    tmp_path: Path, careful: PostgresServer
) -> None:
    name, number = careful.fresh(), 700
    rows = (
        {"url": f"https://a.kz/{n}", "title": f"{n}{n:b}", "text": f"{n:b}{n} {n * n:b}."}
        for n in range(number)
    )
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    url = database_url(careful.url(name), "test")
    Store.open(tmp_path, url).close()
    importing = started("--data", tmp_path, "import", path, JARSHY_STORE=careful.url(name))
    wait_until(importing, lambda: careful.tell("SELECT count(*) FROM articles", name) != [(0,)])
    careful.kill()
    assert "systemctl start postgresql" in ended(importing, 1)
    careful.start()
    with Store.open(tmp_path, url) as store:
        before = store.articles.count()
        assert before % 500 == 0
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
        wait_until(serving, lambda: status_of(port, question) == 200)
        time.sleep(1.1)  # a process may hold its refusal for a second
        assert [status_of(port, question) for _ in range(6)] == [200] * 6
    finally:
        serving.terminate()
        serving.communicate(timeout=30)


def status_of(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


# The move


def filled(data: Path, number: int) -> None:
    """A store in its file, with something in every table."""
    with Store.open(data) as store:
        run_id = store.runs.begin("crawl", NOW)
        store.runs.finish(run_id, NOW)
        for n in range(5):
            store.captures.add(captured(url=f"{URL}-{n}"), "lib", ())
            store.captures.fail(f"{URL}-x{n}", "lib", "ne\0ver", NOW)
        told = (
            (replace(ARTICLE, url=f"{URL}-{n}", title=f"Көрме {n}", site=f"lib{n % 7}"), EVENT)
            for n in range(number)
        )
        store.articles.save_all(told, NOW)
        store.articles.remove(f"{URL}-{number - 1}", NOW, "asked for")


def asked_of(store: Store) -> list[object]:
    return [
        list(store.articles.changes_after(0)),
        store.articles.suppressed_urls(),
        [(one.url, one.attempts) for one in store.captures.failures()],
        [store.captures.read(n) for n in store.captures.latest_ids()],
        store.runs.last_finished(),
        store.groups.gathered(),
        store.groups.told_by(range(1, 50)),
    ]


def test_a_move_killed_again_and_again_ends_with_the_same_store(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    filled(tmp_path, 3000)
    name = postgres.fresh()
    url = database_url(postgres.url(name), "test")
    move = ("--data", tmp_path, "store", "move", "--to", postgres.url(name))
    for table, number in (("articles", 1), ("articles", 1001), ("versions", 1), ("versions", 2001)):
        moving = started(*move)
        wait_until(moving, lambda t=table, n=number: rows_of(postgres, name, t) >= n)  # type: ignore[misc]
        moving.send_signal(signal.SIGKILL)
        moving.communicate()
        with pytest.raises(StoreError, match="only half moved"):
            Store.open(tmp_path, url)
    told = ended(started(*move), 0)
    assert "2999 rows" in told
    with Store.open(tmp_path) as file, Store.open(tmp_path, url) as moved:
        expected = asked_of(file)
        assert asked_of(moved) == expected
        assert list(check_store(moved)) == []
        # New numbers go on from the old ones, those of removed articles too.
        moved.articles.save(replace(ARTICLE, url=f"{URL}-new"), EVENT, NOW)
        assert (moved.articles.last_id(), moved.articles.last_sequence()) == (3001, 3002)
        assert moved.captures.add(captured(), "lib", ()) == 6
    assert "is not empty (3000 articles" in ended(started(*move), 1)


def rows_of(server: PostgresServer, name: str, table: str) -> int:
    try:
        ((number,),) = server.tell(f"SELECT count(*) FROM {table}", name)
    except Exception:
        return -1
    assert isinstance(number, int)
    return number


def test_a_move_takes_the_groups_along_and_an_empty_store_is_no_hindrance(
    tmp_path: Path, database: str
) -> None:
    filled(tmp_path, 40)
    with Store.open(tmp_path) as store:
        gather(store)
        expected = asked_of(store)
    Store.open(tmp_path, database_url(database, "test")).close()
    ended(started("--data", tmp_path, "store", "move", "--to", database), 0)
    with Store.open(tmp_path, database_url(database, "test")) as store:
        assert asked_of(store) == expected


def test_a_store_that_changed_since_its_move_began_is_moved_afresh(
    tmp_path: Path, database: str
) -> None:
    filled(tmp_path, 3000)
    move = ("--data", tmp_path, "store", "move", "--to", database)
    moving = started(*move)
    url = database_url(database, "test")
    wait_until(moving, lambda: half_moved(tmp_path, url))
    moving.send_signal(signal.SIGKILL)
    moving.communicate()
    with Store.open(tmp_path) as store:
        store.articles.save(replace(ARTICLE, title="Басқа"), EVENT, NOW)
    told = ended(started(*move), 1)
    assert "has changed since the move began" in told
    assert "--afresh" in told
    ended(started(*move, "--afresh"), 0)
    with Store.open(tmp_path) as file, Store.open(tmp_path, url) as moved:
        assert asked_of(moved) == asked_of(file)


def half_moved(data: Path, url: object) -> bool:
    try:
        Store.open(data / "other", url).close()  # type: ignore[arg-type]
    except StoreError as error:
        return "half moved" in str(error)
    return False


def test_a_folder_without_a_store_has_nothing_to_move(tmp_path: Path, database: str) -> None:
    told = ended(started("--data", tmp_path, "store", "move", "--to", database), 1)
    assert "has no store.sqlite" in told
