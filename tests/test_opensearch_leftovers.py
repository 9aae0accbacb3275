"""Copied and lost data folders: nobody drops what another one uses, and what is left is told."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import pytest
from click.testing import CliRunner
from collection import article, fill

if "JARSHY_TEST_CLUSTER" not in os.environ:
    pytest.skip("needs an OpenSearch cluster: make test-scale", allow_module_level=True)

from crawler.model import Event
from crawler.store.store import Store
from indexer.build import check_index, update_index
from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.owner import OWNER, mark_of
from indexer.engines.opensearch.pointer import read_pointer
from indexer.engines.opensearch.settings import settings_from
from indexer.leftovers import leftovers_of
from indexer.place import current_folder, index_root
from indexer.search import Searcher, SearchRequest
from jarshy import main

LATER = datetime(2026, 11, 2, tzinfo=UTC)
CREATING = "cluster.blocks.create_index"


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """The cluster, with a beginning of names that no other test has."""
    monkeypatch.setenv("JARSHY_ENGINE", "opensearch")
    monkeypatch.setenv("JARSHY_OPENSEARCH_PREFIX", f"jarshy-{token_hex(4)}")
    return Cluster(settings_from())


@pytest.fixture
def data(tmp_path: Path, cluster: Cluster) -> Path:
    data = tmp_path / "data"
    with fill(data, [(article(1, "Кітап күні", "Кітап туралы."), Event())]) as store:
        update_index(data, store)
    return data


def index(data: Path, number: int = 0, rebuild: bool = False) -> None:
    """Run `jarshy index`, after an article more if it has a number."""
    with Store.open(data) as store:
        if number:
            store.articles.save(article(number, "Кітап апталығы", "Кітап."), Event(), LATER)
        update_index(data, store, rebuild)


def answers(data: Path) -> int:
    assert check_index(data) == []
    with Searcher.open(data) as searcher:
        return searcher.search(SearchRequest(q="кітап")).total


def indices(cluster: Cluster) -> set[str]:
    return set(cluster.ask("GET", f"/{cluster.settings.prefix}-*"))


def test_a_copied_folder_that_is_rebuilt_is_an_installation_of_its_own(
    data: Path, tmp_path: Path, cluster: Cluster
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)
    assert answers(copy) == 1, "a copy for reading"
    index(copy, rebuild=True)
    for number in (2, 3):
        index(data, number)
        index(copy, 10 + number)
    index(data, 4, rebuild=True)
    index(data, 5)
    assert (answers(data), answers(copy)) == (5, 3)
    used = {read_pointer(current_folder(one)).index for one in (data, copy)}
    assert indices(cluster) == used
    assert mark_of(index_root(data)) != mark_of(index_root(copy))


def test_a_folder_that_was_moved_keeps_its_mark(data: Path, tmp_path: Path) -> None:
    mark = mark_of(index_root(data))
    data.rename(tmp_path / "moved")
    index(tmp_path / "moved", rebuild=True)
    assert mark_of(index_root(tmp_path / "moved")) == mark


def test_what_a_lost_folder_has_left_is_told_with_size_and_how_to_drop_it(
    data: Path, cluster: Cluster
) -> None:
    assert leftovers_of(data) == []
    lost, mark = read_pointer(current_folder(data)).index, mark_of(index_root(data))
    shutil.rmtree(index_root(data))
    index(data)
    assert answers(data) == 1
    (told,) = leftovers_of(data)
    assert f"not of this installation: {lost} (0." in told
    assert " MB, made on 20" in told
    assert f"has the mark {mark} in its data/index/{OWNER}" in told
    pattern = told.rpartition("/")[2].rstrip("'")
    sites = data.parent / "config" / "sites"
    sites.mkdir(parents=True)
    (sites / "a.toml").write_text(
        'url = "https://a.kz/"\ncms = "wordpress"\nregion = "astana"\nname.kk = "A"\n', "utf-8"
    )
    where = ["--data", str(data), "--config", str(sites.parent)]
    doctor = CliRunner().invoke(main, [*where, "doctor"])
    assert f"cluster  {told}" in doctor.output.splitlines()
    cluster.ask("DELETE", f"/{pattern}")
    assert leftovers_of(data) == []
    assert answers(data) == 1


def test_a_cluster_that_was_full_makes_indices_after_the_remedy(
    data: Path, cluster: Cluster
) -> None:
    cluster.ask("PUT", "/_cluster/settings", {"persistent": {CREATING: True}})
    try:
        with pytest.raises(Exception, match="the cluster is full") as caught:
            index(data, rebuild=True)
    finally:
        cluster.ask("PUT", "/_cluster/settings", {"persistent": {CREATING: None}})
    assert f'PUT /_cluster/settings {{"persistent": {{"{CREATING}": null}}}}' in str(caught.value)
    index(data, rebuild=True)
    assert answers(data) == 1
