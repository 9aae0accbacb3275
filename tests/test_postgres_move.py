"""A move of the store from its file into PostgreSQL, killed halfway, and what hinders one."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from database_server import PostgresServer
from test_postgres_kills import ended, started, wait_until
from test_store import ARTICLE, EVENT, NOW, URL, captured

from crawler.checking import check_store
from crawler.errors import StoreError
from crawler.gathering import gather
from crawler.store.migrating import MOVING
from crawler.store.place import database_url
from crawler.store.store import Store

# A move is killed when so many rows of a table have arrived.
PLACES_OF_DEATH = (("articles", 1), ("articles", 1001), ("versions", 1), ("versions", 2001))


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
    with looking_into(postgres, name) as ask:
        for table, number in PLACES_OF_DEATH:
            moving = started(*move)
            rows = f"SELECT count(*) FROM {table}"
            wait_until(moving, lambda q=rows, n=number: (ask(q) or 0) >= n)  # type: ignore[misc]
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
    assert "Moved already" in ended(started(*move), 0)
    with Store.open(tmp_path) as file:
        file.articles.save(replace(ARTICLE, url=f"{URL}-later"), EVENT, NOW)
    assert "the file is not as it was then" in ended(started(*move), 1)


@contextmanager
def looking_into(server: PostgresServer, name: str) -> Iterator[Callable[[str], Any]]:
    """Asks a database for one value, None without the table, again and again at little cost."""
    where = {"host": str(server.folder), "port": server.port, "user": "admin", "dbname": name}
    with psycopg.connect(**where, autocommit=True) as connection:  # type: ignore[arg-type]

        def told(question: str) -> Any:
            with suppress(psycopg.errors.UndefinedTable):
                found = connection.execute(question.encode()).fetchone()
                return found[0] if found else None
            return None

        yield told


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
    tmp_path: Path, postgres: PostgresServer
) -> None:
    filled(tmp_path, 3000)
    name = postgres.fresh()
    database = postgres.url(name)
    move = ("--data", tmp_path, "store", "move", "--to", database)
    url = database_url(database, "test")
    with looking_into(postgres, name) as ask:
        moving = started(*move)
        wait_until(moving, lambda: ask("SELECT version_num FROM schema_version") == MOVING)
        moving.terminate()  # who runs tests in the background has no Ctrl-C
        assert "The same command goes on from here" in ended(moving, 143)
    with pytest.raises(StoreError, match="only half moved"):
        Store.open(tmp_path, url)
    serving = started("--data", tmp_path, "serve", "--port", "0", JARSHY_STORE=database)
    assert "only half moved there. Finish it" in ended(serving, 1)
    with Store.open(tmp_path) as store:
        store.articles.save(replace(ARTICLE, title="Басқа"), EVENT, NOW)
    told = ended(started(*move), 1)
    assert "is half full, and the file has changed since the move began" in told
    assert "Say --afresh to empty the database" in told
    ended(started(*move, "--afresh"), 0)
    with Store.open(tmp_path) as file, Store.open(tmp_path, url) as moved:
        assert asked_of(moved) == asked_of(file)


def test_a_folder_without_a_store_has_nothing_to_move(tmp_path: Path, database: str) -> None:
    told = ended(started("--data", tmp_path, "store", "move", "--to", database), 1)
    assert "has no store.sqlite" in told
