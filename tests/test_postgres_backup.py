"""Back-up and restore of the store in PostgreSQL, as docs/scale.md tells it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from database_server import ROLE, PostgresServer, programs
from test_store import ARTICLE, EVENT, NOW, URL, captured

from crawler.checking import check_store
from crawler.gathering import gather
from crawler.store.place import database_url
from crawler.store.store import Store

JARSHY = Path(sys.executable).parent / "jarshy"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


def counts(server: PostgresServer, name: str) -> dict[object, object]:
    tables = [row[0] for row in server.tell(TABLES, name)]
    return {one: server.tell(f"SELECT count(*) FROM {one}", name)[0][0] for one in tables}


def lived(store: Store) -> None:
    """Something in every table: versions, a removal, pages, a failure, a run, groups, a lease."""
    store.runs.finish(store.runs.begin("crawl", NOW), NOW)
    for n in range(30):
        told = replace(ARTICLE, url=f"{URL}-{n}", title=f"Көрме {n % 9}", site=f"lib{n % 3}")
        store.articles.save(told, EVENT, NOW)
        store.captures.add(captured(url=f"{URL}-{n}"), f"lib{n % 3}", ())
    store.articles.save(replace(ARTICLE, url=f"{URL}-1", title="Басқа"), EVENT, NOW)
    store.articles.remove(f"{URL}-2", NOW + timedelta(days=1), "asked for")
    store.captures.fail(f"{URL}-x", "lib0", "500", NOW)
    gather(store)
    store.leases.name(["site:lib0"])
    assert store.leases.take(["site:lib0"], "w1", 0.01) is not None


def asked(store: Store) -> list[object]:
    return [
        list(store.articles.changes_after(0)),
        [store.captures.read(n) for n in store.captures.latest_ids()],
        store.groups.told_by(range(1, 40)),
        store.articles.suppressed_urls(),
    ]


def test_a_dump_restored_is_the_same_store_and_goes_on(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    folder = programs()
    assert folder is not None
    data, dump = tmp_path / "data", tmp_path / "jarshy.dump"
    name, other = postgres.fresh(), postgres.fresh()
    with Store.open(data, database_url(postgres.url(name), "test")) as store:
        lived(store)
        expected = asked(store)
        last = store.articles.last_sequence()

    def plain(database: str) -> str:
        where = f"host={postgres.folder}&port={postgres.port}"
        return f"--dbname=postgresql://{ROLE}@/{database}?{where}"

    for command in (
        [folder / "pg_dump", "--format=custom", f"--file={dump}", plain(name)],
        [folder / "pg_restore", "--no-owner", "--exit-on-error", plain(other), dump],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    before = counts(postgres, name)
    assert before == counts(postgres, other)
    assert before["articles"] == 29
    assert all(before[one] for one in ("captures", "changes", "leases", "runs", "event_groups"))
    # A machine of its own: the pages come back from their back-up, the index is made anew.
    home = tmp_path / "restored"
    shutil.copytree(data / "warc", home / "warc")
    with Store.open(home, database_url(postgres.url(other), "test")) as store:
        assert asked(store) == expected
        assert list(check_store(store)) == []
        store.articles.save(replace(ARTICLE, url=f"{URL}-new"), EVENT, NOW)
        assert store.articles.last_sequence() == last + 1
        assert store.leases.take(["site:lib0"], "w2", 60) is not None
    for words, said in ((["index", "--rebuild"], "30 in the index"), (["doctor"], "All is well")):
        done = subprocess.run(
            [JARSHY, "--data", home, *words],
            capture_output=True,
            text=True,
            env={**os.environ, "JARSHY_STORE": postgres.url(other)},
        )
        assert done.returncode == 0, done.stderr
        assert said in done.stderr
