"""`jarshy doctor` on a new machine, and where nobody indexes any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from shelves import NOW, SEMINAR, SEMINAR_EVENT, fill, shelves

from crawler.store.place import database_url
from crawler.store.store import Store
from jarshy import main

SITE = """
url = "https://lib.example.kz/"
cms = "wordpress"
name.kk = "Кітапхана"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    config = tmp_path / "config"
    (config / "sites").mkdir(parents=True)
    (config / "sites" / "lib.toml").write_text(SITE, "utf-8")
    return config


def doctor(config: Path, data: Path, **environment: str) -> tuple[int, str]:
    told = ["--data", str(data), "--config", str(config), "doctor"]
    done = CliRunner().invoke(main, told, env={"JARSHY_STORE": "", **environment})
    assert "Traceback" not in done.output
    return done.exit_code, done.output


def test_a_new_machine_with_an_empty_data_folder_is_well(config: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    code, told = doctor(config, data)
    assert code == 0, told
    assert "store    0 articles checked" in told
    assert "none here yet, nothing is stored; `jarshy index` makes one" in told
    assert told.endswith("All is well.\n")


def test_a_new_machine_tries_the_database_before_it_has_a_data_folder(
    config: Path, tmp_path: Path, database: str
) -> None:
    data = tmp_path / "data"
    code, told = doctor(config, data, JARSHY_STORE=database)
    assert code == 0, told
    assert f"{data} is not there yet" in told
    assert "0 articles in PostgreSQL" in told
    assert not data.exists()
    code, told = doctor(config, data, JARSHY_STORE=f"{database}&connect_timeout=3&port=1")
    assert code == 1
    assert "All is well" not in told


def test_a_worker_needs_no_index_where_the_store_is_shared(
    config: Path, tmp_path: Path, database: str
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    environment = {"JARSHY_STORE": database}
    doctor(config, data, **environment)
    with Store.open(data, database_url(database, "test")) as store:
        store.articles.save(SEMINAR, SEMINAR_EVENT, NOW)
    code, told = doctor(config, data, **environment)
    assert code == 0, told
    assert "1 article checked" in told
    assert "none here yet, workers need none" in told


def test_a_cluster_that_does_not_answer_is_told_before_there_is_an_index(
    config: Path, tmp_path: Path
) -> None:
    pytest.importorskip("opensearchpy", reason="opensearch-py is not installed")
    data = tmp_path / "data"
    data.mkdir()
    away = {"JARSHY_ENGINE": "opensearch", "JARSHY_OPENSEARCH_URL": "http://127.0.0.1:9"}
    code, told = doctor(config, data, **away)
    assert code == 1
    assert "index    ! " in told
    assert "Start the cluster, or set JARSHY_OPENSEARCH_URL" in told
    assert "none here yet" in told


def test_an_index_that_nobody_brings_up_to_the_store_is_a_problem_after_a_day(
    config: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    fill(data, shelves()[:3])
    assert doctor(config, data)[0] == 0
    with Store.open(data) as store:
        store.articles.save(replace(SEMINAR, title="Басқа атау"), SEMINAR_EVENT, NOW)
    code, told = doctor(config, data)
    assert code == 0, told
    assert "index    1 change behind. Run `jarshy index`." in told
    with Store.open(data) as store:
        later = datetime.now(UTC) + timedelta(days=2)
        store.runs.finish(store.runs.begin("run", later), later)
    code, told = doctor(config, data)
    assert code == 1
    assert "index    ! 1 change behind. Run `jarshy index`." in told


def test_articles_without_an_index_are_a_problem_where_there_is_one_machine(
    config: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with Store.open(data) as store:
        store.articles.save(SEMINAR, SEMINAR_EVENT, NOW)
    code, told = doctor(config, data)
    assert code == 1
    assert "index    ! " in told
    assert "there is no index yet. Run `jarshy index`" in told
