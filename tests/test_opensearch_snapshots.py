"""Back-up and restore of an index on the cluster, as docs/scale.md tells it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from collection import article, demo_articles, fill

if "JARSHY_TEST_CLUSTER" not in os.environ:
    pytest.skip("needs an OpenSearch cluster: make test-scale", allow_module_level=True)

from test_opensearch_index import LATER

from crawler.model import Event
from indexer.build import check_index, update_index
from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.indices import alias_of
from indexer.engines.opensearch.settings import settings_from
from indexer.place import current_folder, index_root
from indexer.search import Searcher, SearchRequest

QUESTIONS = ("кітап", "балалар кітапханасы оқырман", "библиотека", "көрме 2024")


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    monkeypatch.setenv("JARSHY_ENGINE", "opensearch")
    return Cluster(settings_from())


def answers(data: Path) -> list[tuple[int, list[int], list[float]]]:
    with Searcher.open(data) as searcher:
        pages = [searcher.search(SearchRequest(q=one)) for one in QUESTIONS]
    return [
        (one.total, [hit.document.id for hit in one.hits], [hit.score for hit in one.hits])
        for one in pages
    ]


def test_a_snapshot_and_its_folder_answer_as_before_and_go_on(
    tmp_path: Path, cluster: Cluster
) -> None:
    data, kept = tmp_path / "data", tmp_path / "kept"
    done: dict[str, Any] = {"wait_for_completion": "true", "timeout": 60}
    with fill(data, demo_articles()) as store:
        update_index(data, store)
        store.articles.save(article(1001, "Кітап күні", "Кітап туралы."), Event(), LATER)
        update_index(data, store)
        expected = answers(data)
        alias = alias_of(cluster, current_folder(data))
        own = {"indices": f"{alias}-*", "include_global_state": False}
        place = {"type": "fs", "settings": {"location": "jarshy"}}
        cluster.ask("PUT", "/_snapshot/backup", place)
        told = cluster.ask("PUT", f"/_snapshot/backup/{alias}", own, **done)["snapshot"]
        assert (told["state"], told["shards"]["failed"]) == ("SUCCESS", 0)
        shutil.copytree(index_root(data), kept)
        # Life goes on, then all of it is lost.
        store.articles.save(article(1002, "Кітап апталығы", "Кітап туралы."), Event(), LATER)
        assert update_index(data, store, rebuild=True).rebuilt
        cluster.ask("DELETE", f"/{alias}-*")
        shutil.rmtree(index_root(data))
        assert check_index(data)
        shutil.copytree(kept, index_root(data))
        assert any("lost the index" in one for one in check_index(data))
        cluster.ask("POST", f"/_snapshot/backup/{alias}/_restore", own, **done)
        assert check_index(data) == []
        assert answers(data) == expected
        report = update_index(data, store)
        assert (report.rebuilt, report.added) == (False, 1), "what came since is added"
        assert answers(data) != expected
    assert check_index(data) == []
    cluster.ask("DELETE", f"/_snapshot/backup/{alias}", timeout=60)
