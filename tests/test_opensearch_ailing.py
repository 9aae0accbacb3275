"""What `jarshy doctor` and `jarshy status` tell of a cluster that answers and yet is in danger."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from collection import article, fill

if "JARSHY_TEST_CLUSTER" not in os.environ:
    pytest.skip("needs an OpenSearch cluster: make test-scale", allow_module_level=True)

from opensearch.nodes import Nodes

from crawler.model import Event
from indexer.ailing import ailments_of
from indexer.build import update_index
from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.pointer import read_pointer
from indexer.engines.opensearch.settings import settings_from
from indexer.place import current_folder
from jarshy import main

PATIENCE = 120.0  # seconds; the cluster looks at its disks every ten
DISK = "cluster.routing.allocation.disk"
SITE = 'url = "https://a.kz/"\ncms = "wordpress"\nregion = "astana"\nname.kk = "A"\n'


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    monkeypatch.setenv("JARSHY_ENGINE", "opensearch")
    monkeypatch.setenv("JARSHY_OPENSEARCH_URL", Nodes.running().urls(2))
    return Cluster(settings_from())


@pytest.fixture
def mark(cluster: Cluster) -> Iterator[Callable[..., None]]:
    """Has the cluster mind marks of its disks; afterwards it is set as it was."""
    settings = {f"{DISK}.threshold_enabled": True, "cluster.info.update.interval": "10s"}

    def told(**marks: str) -> None:
        settings.update({f"{DISK}.watermark.{name}": mark for name, mark in marks.items()})
        cluster.ask("PUT", "/_cluster/settings", {"transient": settings})

    yield told
    cluster.ask("PUT", "/_cluster/settings", {"transient": dict.fromkeys(settings)})


@pytest.fixture
def data(tmp_path: Path, cluster: Cluster) -> Path:
    """A data folder with an index whose copies are there."""
    (tmp_path / "config" / "sites").mkdir(parents=True)
    (tmp_path / "config" / "sites" / "a.toml").write_text(SITE, "utf-8")
    data = tmp_path / "data"
    with fill(data, [(article(1, "Кітап күні", "Кітап туралы."), Event())]) as store:
        update_index(data, store)
    until(lambda: ailments_of(data) == [])
    return data


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.3)


def with_copies(cluster: Cluster, data: Path, number: int) -> None:
    index = read_pointer(current_folder(data)).index
    wanted = {"index": {"auto_expand_replicas": "false", "number_of_replicas": number}}
    cluster.ask("PUT", f"/{index}/_settings", wanted)


def told_by(data: Path, code: int) -> list[str]:
    """What doctor says of the index, which is what status says."""
    where = ["--data", str(data), "--config", str(data.parent / "config")]
    doctor = CliRunner().invoke(main, [*where, "doctor"])
    assert doctor.exit_code == code, doctor.output
    lines = [one for one in doctor.output.splitlines() if one.startswith("index ")]
    told = [one.removeprefix("index    ! ") for one in lines]
    status = CliRunner().invoke(main, [*where, "status"])
    shown = [one for one in status.stdout.splitlines() if one.startswith("index: !")]
    assert [one.removeprefix("index: ! ") for one in shown] == told
    more = CliRunner().invoke(main, [*where, "status", "--json"])
    assert json.loads(more.stdout)["index"]["ailments"] == told
    return told


def test_a_cluster_that_is_well_has_no_line(data: Path) -> None:
    assert told_by(data, 0) == []


def test_copies_for_which_the_disks_have_no_room_are_told_with_the_remedy(
    data: Path, cluster: Cluster, mark: Callable[..., None]
) -> None:
    with_copies(cluster, data, 0)
    mark(low="0.1%", high="99.8%", flood_stage="99.9%")
    (full,) = ailments_of(data)
    assert "the disk of a node is full: node-1 (" in full
    assert "node-2 (" in full
    assert "from 0.1% used on no copies are made there. Free disk space or add a node." in full

    def refused() -> bool:
        """Whether the cluster makes no copy; it does until it has looked at the disks itself."""
        with_copies(cluster, data, 0)
        with_copies(cluster, data, 1)
        time.sleep(1)
        return any("no room" in one for one in ailments_of(data))

    until(refused)
    (told,) = told_by(data, 1)
    assert told.startswith("2 copies of the index are missing (yellow): no room on node-1 (")
    assert "none are made from 0.1% used on. Free disk space or add a node. They are" in told


def test_a_mark_in_bytes_is_compared_with_what_is_free(
    data: Path, mark: Callable[..., None]
) -> None:
    mark(low="900tb", high="800tb", flood_stage="1b")
    (full,) = ailments_of(data)
    assert "from 800tb free on the cluster moves what is there to other nodes." in full


def test_fewer_nodes_than_the_copies_need_are_told(data: Path, cluster: Cluster) -> None:
    with_copies(cluster, data, 2)
    (told,) = told_by(data, 1)
    assert told.startswith("2 copies of the index are missing (yellow): nodes needed: 3, there: 2.")
    assert "Start the nodes that are away, or set JARSHY_OPENSEARCH_REPLICAS lower" in told


@pytest.mark.slow
def test_a_node_that_has_left_is_told_where_copies_wait_for_it(
    data: Path, cluster: Cluster
) -> None:
    nodes = Nodes.running()
    nodes.start(3)
    try:
        nodes.wait(3)
        with_copies(cluster, data, 2)
        until(lambda: ailments_of(data) == [])
    finally:
        nodes.kill(3)
    until(lambda: any(": a node left at 20" in one for one in ailments_of(data)))
    (told,) = told_by(data, 1)
    assert told.startswith("2 copies of the index are missing (yellow): a node left at 20")
    assert told.endswith(" UTC, nodes there: 2. Start the nodes that are away.")


def test_any_other_reason_is_told_in_the_clusters_words(data: Path, cluster: Cluster) -> None:
    with_copies(cluster, data, 0)
    index = read_pointer(current_folder(data)).index
    kept_away = {"index.routing.allocation.exclude._name": "node-*,search*"}
    cluster.ask("PUT", f"/{index}/_settings", kept_away)
    with_copies(cluster, data, 1)
    (told,) = told_by(data, 1)
    assert "(yellow): node matches index setting [index.routing.allocation.exclude.]" in told
    assert told.endswith("See GET /_cluster/allocation/explain.")


def test_a_node_of_the_environment_that_does_not_answer_is_named(
    data: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = Nodes.running().urls(4)
    monkeypatch.setenv("JARSHY_OPENSEARCH_URL", urls)
    (told,) = [one for one in ailments_of(data) if urls.rpartition(",")[2] in one]
    assert "no OpenSearch node answers" in told
    assert "Start the node, or take it out of JARSHY_OPENSEARCH_URL." in told


def test_an_index_that_is_gone_is_told_once_and_at_once(data: Path, cluster: Cluster) -> None:
    cluster.ask("DELETE", f"/{read_pointer(current_folder(data)).index}")
    began = time.monotonic()
    assert ailments_of(data) == []
    assert time.monotonic() - began < PATIENCE / 4
