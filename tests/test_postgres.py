"""The store in PostgreSQL: where it is named, what goes wrong there, and writers at once."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from click.testing import CliRunner, Result
from database_server import PASSWORD, PostgresServer, free_port
from test_store import ARTICLE, EVENT, NOW, URL, captured
from webs import Web, article, listing, reply

from commands.choosing import choose
from crawler.crawling import crawl
from crawler.errors import ConfigError, StoreError
from crawler.gathering import gather
from crawler.store.captures import Resource
from crawler.store.database import sqlite_engine
from crawler.store.migrating import FOLDER, VERSION_TABLE, take_steps
from crawler.store.place import database_url, own_file, store_url
from crawler.store.postgres import postgres_engine
from crawler.store.schema import NEWEST, metadata
from crawler.store.store import Store
from crawler.store.troubles import remedy_for
from jarshy import main

JARSHY = Path(sys.executable).parent / "jarshy"
SITE = """
url = "https://a.kz/"
cms = "wordpress"
region = "astana"
name.kk = "Сынақ кітапханасы"
"""
SIMPLE = "postgresql+psycopg://jarshy@db.example/jarshy"


def jarshy(
    *arguments: object, prefix: tuple[str, ...] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*(prefix or (str(JARSHY),)), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )


def told(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1 or code == 0, done.stderr
    for word in words:
        assert word in done.stderr


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    rows = (
        {"url": f"https://a.kz/{n}", "title": f"Көрме {n}", "text": f"Кітап көрмесі ашылды, {n}."}
        for n in range(20)
    )
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


# The tables


def test_the_newest_step_is_the_version_that_stores_are_stamped_with() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_heads() == [NEWEST]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_steps_make_what_the_schema_says(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        engine = sqlite_engine(tmp_path)
    else:
        engine = postgres_engine(database_url(request.getfixturevalue("database"), "test"))
    with engine.begin() as connection:
        take_steps(connection)
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, metadata) == []
        (version,) = connection.scalars(sa.text(f"SELECT version_num FROM {VERSION_TABLE}"))
    assert version == NEWEST
    engine.dispose()


LOADED = """
import sys
from pathlib import Path
from crawler.store.place import database_url
from crawler.store.store import Store
for address in ("", sys.argv[2]):
    for again in range(2):
        Store.open(Path(sys.argv[1]), database_url(address, "test") if address else None).close()
    print("alembic" in sys.modules, "psycopg" in sys.modules)
"""


def test_opening_a_store_of_today_loads_no_migrations(tmp_path: Path, database: str) -> None:
    done = jarshy(tmp_path, database, prefix=(sys.executable, "-c", LOADED))
    assert done.stdout.splitlines() == ["False False", "False True"], done.stderr


# Where the store is


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment is put back after a test in which the config sets it."""
    monkeypatch.setenv("JARSHY_STORE", "")
    monkeypatch.delenv("JARSHY_STORE")


@pytest.mark.usefixtures("place")
def test_the_config_names_the_store_and_the_environment_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "jarshy.toml").write_text('store = "postgresql://jarshy@db.example/jarshy"\n')
    choose(tmp_path)
    assert store_url(tmp_path).render_as_string() == SIMPLE
    monkeypatch.setenv("JARSHY_STORE", "postgres://other/two")
    choose(tmp_path)
    assert store_url(tmp_path).render_as_string() == "postgresql+psycopg://other/two"
    with own_file():
        assert store_url(tmp_path).database == str(tmp_path / "store.sqlite")
    assert store_url(tmp_path).host == "other"


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    "address",
    [
        "postgresql://jarshy:kilt@db/jarshy",
        "postgresql://db/jarshy?password=kilt",
        "postgresql://jarshy:ki/lt@db/jarshy",
    ],
)
def test_a_password_in_the_config_is_refused_and_not_told(tmp_path: Path, address: str) -> None:
    (tmp_path / "jarshy.toml").write_text(f'store = "{address}"\n')
    with pytest.raises(ConfigError, match="PGPASSFILE") as caught:
        choose(tmp_path)
    assert "jarshy.toml: store" in str(caught.value)
    assert "kilt" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://u:kilt@db/x", "mysql is no database"),
        ("sqlite:///kilt.db", "sqlite is no database"),
        ("not an address kilt", "no address of a database"),
        ("postgresql://u:ki@lt@db/x", "%40"),
        ("postgresql://db:kilt/x", "no address of a database"),
        ("postgresql://u@db/x?password=kilt", "PGPASSFILE"),
        ("postgresql://u:kilt@db", "names no database"),
    ],
)
def test_an_address_that_is_none_is_told_without_its_password(
    address: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JARSHY_STORE", address)
    with pytest.raises(ConfigError) as caught:
        Store.open(tmp_path)
    assert words in str(caught.value)
    assert "JARSHY_STORE" in str(caught.value)
    assert "kilt" not in str(caught.value)


# What goes wrong


def test_what_is_wrong_with_a_server_is_told_in_one_line(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    name = postgres.fresh()
    latin = postgres.fresh("ENCODING LATIN1 LOCALE 'C'")
    good = postgres.network_url(name)
    closed = f"postgresql://jarshy:{PASSWORD}@127.0.0.1:{free_port()}/x"
    postgres.tell("CREATE ROLE guest LOGIN PASSWORD 'guest'")
    cases = [
        (closed, "127.0.0.1", "systemctl start postgresql"),
        (postgres.network_url(name, password="wrong-kilt"), "password", "PGPASSFILE"),
        (good.replace(PASSWORD, ""), "password", "PGPASSFILE"),
        (good.replace(f":{PASSWORD}", ""), "password", "PGPASSFILE"),
        (postgres.network_url("absent"), '"absent" does not exist', "createdb"),
        (postgres.url("x").replace("jarshy@", "nobody@"), '"nobody" does not exist', "createuser"),
        (postgres.network_url(name, "guest", "guest"), "permission denied", "OWNER"),
        (postgres.network_url(latin), "LATIN1", "--encoding=UTF8"),
        (f"{good}?colour=red", "colour", "after the ?"),
        ("postgresql://u@no-such-host.invalid/x", "no-such-host.invalid", "name"),
    ]
    for address, *words in cases:
        with pytest.raises(StoreError) as caught:
            Store.open(tmp_path, database_url(address, "test"))
        said = str(caught.value)
        assert [word for word in ("PostgreSQL ", *words) if word not in said] == [], said
        assert "\n" not in said
        assert PASSWORD not in said
        assert "wrong-kilt" not in said
    told(jarshy("--data", tmp_path, "status", JARSHY_STORE=closed), 1, "systemctl start")
    told(jarshy("--data", tmp_path, "status", JARSHY_STORE=good), 0)


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("server closed the connection unexpectedly", "systemctl start"),
        ("FATAL: the database system is starting up", "systemctl start"),
        ('socket "/run/.s.PGSQL.5432" failed: No such file or directory', "systemctl start"),
        ("connection timeout expired", "systemctl start"),
        ("ВАЖНО:  пользователь не прошёл проверку подлинности (по паролю)", "role, password"),
        ("no pg_hba.conf entry for host", "pg_hba.conf"),
        ("sorry, too many clients already", "max_connections"),
    ],
)
def test_a_lost_connection_has_a_remedy_in_any_language(said: str, remedy: str) -> None:
    assert remedy in remedy_for("postgresql", psycopg.OperationalError(said))


def test_a_newer_store_and_another_programs_tables_are_refused(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    newer, others = postgres.fresh(), postgres.fresh()
    Store.open(tmp_path, database_url(postgres.url(newer), "test")).close()
    postgres.tell("UPDATE schema_version SET version_num = '9999'", newer)
    postgres.tell("CREATE TABLE articles (id int)", others)
    for name, words in ((newer, "schema 9999.*knows 0001"), (others, "another program .articles")):
        with pytest.raises(StoreError, match=words) as caught:
            Store.open(tmp_path, database_url(postgres.url(name), "test"))
        assert caught.value.remedy
    assert postgres.tell("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", others) == [
        (1,)
    ]


WITHOUT = """
import sys
sys.modules["psycopg"] = None
from jarshy import main
main()
"""


def test_a_missing_driver_is_told_with_what_to_install(tmp_path: Path) -> None:
    done = jarshy(
        "--data", tmp_path, "status", prefix=(sys.executable, "-c", WITHOUT), JARSHY_STORE=SIMPLE
    )
    told(done, 1, "psycopg is not installed", "requirements-postgres.lock")


@contextmanager
def aged(port: int, version: bytes) -> Iterator[int]:
    """A door to a server behind which it says that it is of another version; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def carry(source: socket.socket, goal: socket.socket, old: bool) -> None:
            with suppress(OSError), source:
                while piece := source.recv(65536):
                    place = piece.find(b"server_version\0") + 15
                    if old and place > 14:
                        piece = piece[:place] + version + piece[place + 2 :]
                    goal.sendall(piece)
                goal.shutdown(socket.SHUT_RDWR)

        def open_door() -> None:
            with suppress(OSError):
                while True:
                    client, _ = door.accept()
                    server = socket.create_connection(("127.0.0.1", port))
                    for told in ((client, server, False), (server, client, True)):
                        threading.Thread(target=carry, args=told, daemon=True).start()

        threading.Thread(target=open_door, daemon=True).start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)


def test_a_server_that_is_too_old_is_refused(postgres: PostgresServer, tmp_path: Path) -> None:
    address = postgres.network_url(postgres.fresh())
    with aged(postgres.port, b"12") as port:
        asked = address.replace(f":{postgres.port}/", f":{port}/") + "?sslmode=disable"
        done = jarshy("--data", tmp_path, "status", JARSHY_STORE=asked)
    told(done, 1, "the server is PostgreSQL 12", "13 or newer")


def test_what_no_database_text_can_hold_harms_nothing(tmp_path: Path, database: str) -> None:
    with Store.open(tmp_path, database_url(database, "test")) as store:
        odd = Resource(f"{URL}\0", "lib", "page", 200, NOW, etag='"a\0b"', last_modified="\ud800")
        store.captures.note(odd)
        found = store.captures.resource(f"{URL}\0")
        assert found is not None
        assert (found.etag, found.last_modified) == ('"a\ufffdb"', "?")
        store.articles.save(replace(ARTICLE, title="Кө\0рме"), EVENT, NOW)
        document = store.articles.document_at(URL)
        assert document is not None
        assert document.article.title == "Кө\0рме"
        assert [title for _, title, _ in store.articles.headings()] == ["Кө\ufffdрме"]


# Writers at once


def slow_commits(store: Store) -> None:
    """Let commits come in another order than the numbers were drawn in, where nothing forbids."""
    chance = random.Random(7)

    def late(_: sa.Connection) -> None:
        time.sleep(chance.uniform(0, 0.01))

    sa.event.listen(store._engine, "commit", late)


def test_no_change_is_missed_by_who_follows_while_others_write(
    tmp_path: Path, database: str
) -> None:
    url = database_url(database, "test")
    seen: dict[int, int] = {}
    begun = threading.Barrier(3)
    at_work = [True]

    def write(name: str) -> None:
        with Store.open(tmp_path, url) as store:
            slow_commits(store)
            begun.wait(10)
            for n in range(150):
                store.articles.save(replace(ARTICLE, url=f"{URL}-{name}-{n}"), EVENT, NOW)

    def follow() -> None:
        with Store.open(tmp_path, url) as store:
            begun.wait(10)
            since, more = 0, True
            while more:
                more = at_work[0]
                for change in store.articles.changes_after(since):
                    seen[change.article_id] = since = change.sequence

    writers = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    reader = threading.Thread(target=follow)
    for thread in (*writers, reader):
        thread.start()
    for thread in writers:
        thread.join(60)
    at_work[0] = False
    reader.join(60)
    with Store.open(tmp_path, url) as store:
        assert store.articles.count() == 300
        assert len(seen) == 300
        assert store.damages() == []


def test_two_that_store_the_same_pages_make_no_doubles(tmp_path: Path, database: str) -> None:
    url = database_url(database, "test")
    begun = threading.Barrier(2)
    troubles: list[BaseException] = []

    def write() -> None:
        try:
            with Store.open(tmp_path, url) as store:
                begun.wait(10)
                for n in range(60):
                    told = Resource("https://lib.example/robots.txt", "lib", "robots", 200, NOW)
                    store.captures.note(replace(told, url=f"{told.url}{n}"))
                    store.captures.fail(f"{URL}-{n}", "lib", "500", NOW)
                    store.articles.save(replace(ARTICLE, url=f"{URL}-{n}"), EVENT, NOW)
        except BaseException as error:
            troubles.append(error)

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert troubles == []
    with Store.open(tmp_path, url) as store:
        assert (store.articles.count(), store.articles.last_sequence()) == (60, 60)


def test_many_that_open_a_new_database_at_once_all_find_a_store(
    tmp_path: Path, database: str
) -> None:
    url = database_url(database, "test")
    begun = threading.Barrier(6)
    counts: list[int] = []

    def look() -> None:
        begun.wait(10)
        with Store.open(tmp_path, url) as store:
            counts.append(store.articles.count())

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert counts == [0] * 6


# Like the file


def test_both_databases_answer_alike(tmp_path: Path, database: str) -> None:
    def lived(store: Store) -> list[object]:
        """Some weeks of a store, and all that can be asked of it afterwards."""
        chance = random.Random(5)
        for n in range(120):
            told = {"url": f"{URL}-{n % 90}", "title": f"Көрме {n % 30}"}
            one = replace(ARTICLE, site=f"lib{n % 3}", **told)
            store.articles.save(one, replace(EVENT, starts=f"2026-11-{n % 20 + 1:02}"), NOW)
            if chance.random() < 0.1:
                store.articles.remove(one.url, NOW, "asked for")
        store.articles.save(replace(ARTICLE, url=f"{URL}-1#part"), EVENT, NOW)
        store.articles.mark_missing(f"{URL}-1", NOW)
        gather(store)
        ids = range(1, store.articles.last_id() + 1)
        return [
            list(store.articles.changes_after(0)),
            [store.articles.count(f"lib{n}") for n in range(4)],
            sorted(store.articles.headings()),
            store.articles.newest("lib1", 5),
            store.articles.latest("lib1", 5),
            store.articles.on_page(f"{URL}-1"),
            sorted(store.articles.known_urls("lib2").items()),
            store.articles.suppressed_urls(),
            {one: set(rows) for one, rows in store.groups.told_by(ids).items()},
            store.articles.changed_at(3, 50),
            store.articles.last_published("lib1"),
        ]

    with Store.open(tmp_path / "a") as file:
        expected = lived(file)
    with Store.open(tmp_path / "b", database_url(database, "test")) as store:
        assert lived(store) == expected


@pytest.mark.usefixtures("place")
def test_every_command_works_on_it(tmp_path: Path, database: str, lines: Path) -> None:
    data, (config, sites) = tmp_path / "data", (tmp_path / "config", tmp_path / "config" / "sites")
    sites.mkdir(parents=True)
    (config / "jarshy.toml").write_text(f'store = "{database}"\n')
    (sites / "lib.toml").write_text(SITE)

    def run(*arguments: object) -> Result:
        told = [str(one) for one in ("--data", data, "--config", config, *arguments)]
        done = CliRunner().invoke(main, told)
        assert done.exit_code == 0, done.output
        return done

    assert "20 stored" in run("import", lines).stderr
    assert "20 in the index" in run("index").stderr
    assert json.loads(run("search", "көрмесі", "--json").stdout)["total"] == 20
    run("remove", "https://a.kz/3")
    assert "1 taken out, 19 in the index" in run("index").stderr
    assert "19 articles stored" in run("status").stdout
    run("reprocess")
    checked = run("doctor").stderr
    assert "All is well" in checked
    assert "19 articles checked in PostgreSQL jarshy@" in checked
    assert not (data / "store.sqlite").exists()


def test_a_crawl_stores_there_and_a_look_at_a_site_does_not(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JARSHY_STORE", database)
    long = f"/{random.Random(3).randbytes(3000).hex()}"
    pages = {f"/{n}-kezdesu": reply(article(f"Кездесу {n}")) for n in range(5)}
    away = reply("", 302, Location=long)
    answers = {"/": reply(listing([*pages, "/away"])), **pages, "/away": away, long: reply("x")}
    with Web(answers) as web:
        with own_file():
            crawl([web.site()], tmp_path / "look")
        (run,) = crawl([web.site()], tmp_path / "data")
        assert (run.account.stored, run.account.unchanged) == (5, 0)
        (again,) = crawl([web.site()], tmp_path / "data")
        assert again.account.stored == 0
    with Store.open(tmp_path / "data") as store:
        assert store.articles.count() == 5
        (identity,) = list(store.captures.latest_ids())[:1]
        assert store.captures.read(identity) is not None
        store.captures.add(captured(), "lib", ())
    assert not (tmp_path / "data" / "store.sqlite").exists()
