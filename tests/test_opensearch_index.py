"""The OpenSearch engine on a real cluster: the same answers, nothing lost, nothing half done."""

from __future__ import annotations

import os
import threading
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from collection import article, demo_articles, fill

from crawler.model import Event
from indexer.build import check_index, update_index
from indexer.errors import IndexOutdatedError, SearchError
from indexer.model import FACETS, SearchPage
from indexer.rows import Row, Zone
from indexer.search import Searcher, SearchRequest
from jarshy import main

if "JARSHY_TEST_CLUSTER" not in os.environ:
    pytest.skip("needs an OpenSearch cluster: make test-scale", allow_module_level=True)

from indexer.engines.opensearch import OpenSearchEngine
from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.indices import alias_of
from indexer.engines.opensearch.pointer import read_pointer
from indexer.engines.opensearch.settings import settings_from
from indexer.engines.protocol import EngineQuery, Everything
from indexer.place import current_folder

GOLDEN = Path(__file__).parent / "golden" / "search" / "queries.toml"
LATER = datetime(2026, 11, 2, tzinfo=UTC)
MORE = ("кітап", "кіт*", "балалар кітапханасы оқырман", '"кітап көрмесі"', "«ұлттық кітапхана»")
EVEN_MORE = ("кітап -көрме", "+абай оқу", "кітап OR көрме", "2024 жылы өткен көрме", "библиотека")


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    return Cluster(settings_from())


@pytest.fixture(autouse=True)
def chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JARSHY_ENGINE", "opensearch")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Searcher, Searcher]]:
    """The demo's articles in the embedded engine and in the cluster."""
    opened = []
    with pytest.MonkeyPatch.context() as patch:
        for engine in ("whoosh", "opensearch"):
            patch.setenv("JARSHY_ENGINE", engine)
            data = tmp_path_factory.mktemp(engine)
            with fill(data, demo_articles()) as store:
                update_index(data, store)
            opened.append(Searcher.open(data))
    yield opened[0], opened[1]
    for one in opened:
        one.close()


def questions() -> list[str]:
    told = tomllib.loads(GOLDEN.read_text("utf-8"))
    (tables,) = (value for value in told.values() if isinstance(value, list))
    return [*(one["q"] for one in tables if "q" in one), *MORE, *EVEN_MORE]


def facets(page: SearchPage) -> dict[str, dict[str, int]]:
    return {name: {one.value: one.count for one in page.facets[name]} for name in FACETS}


REQUESTS = [
    *(SearchRequest(q=one) for one in questions()),
    SearchRequest(q="", sort="newest"),
    SearchRequest(q="кітап", sort="oldest", page=2, size=7),
    SearchRequest(q="кітап", page=3, size=5),
    SearchRequest(q="кітап", sites=("mura",), kinds=("exhibition",)),
    SearchRequest(q="көрме", date_from=date(2024, 1, 1), date_to=date(2025, 6, 30)),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda one: f"{one.q}-{one.sort}-{one.page}")
def test_answers_as_the_embedded_engine_does(
    both: tuple[Searcher, Searcher], request_: SearchRequest
) -> None:
    mine, theirs = (one.search(request_) for one in both)
    assert theirs.total == mine.total
    assert theirs.complete == mine.complete
    assert facets(theirs) == facets(mine)
    assert theirs.suggestion == mine.suggestion
    assert [hit.score for hit in theirs.hits] == pytest.approx(
        [hit.score for hit in mine.hits], rel=1e-4
    )
    assert order(theirs) == order(mine)


def order(page: SearchPage) -> list[int]:
    """The ids best first; those whose scores differ by a rounding error, by id."""
    hits = sorted(page.hits, key=lambda hit: (-round(hit.score, 3), hit.document.id))
    return (
        [hit.document.id for hit in hits]
        if page.request.sort == "relevance"
        else [hit.document.id for hit in page.hits]
    )


def test_suggestions_and_similar_articles_agree(both: tuple[Searcher, Searcher]) -> None:
    mine, theirs = both
    for text in ("кіт", "қараған", "көрме", "абай оқ"):
        assert theirs.suggest(text) == mine.suggest(text)
    for number in (1, 5, 9):
        expected = [hit.document.id for hit in mine.similar(number)]
        assert [hit.document.id for hit in theirs.similar(number)] == expected


def no_seal(_generation: int, _files: Mapping[str, Path]) -> None:
    """These tests need no manifest."""


def row(number: int, text: str = "кітап") -> Row:
    words = text.split()
    zone = Zone("body", list(range(len(words))), words, words, words, words)
    return Row(number, number, (zone,), {}, 738000, 738000)


def test_what_a_try_that_died_left_is_never_seen(tmp_path: Path) -> None:
    engine = OpenSearchEngine()
    engine.create(tmp_path, no_seal)
    first = engine.prepare(tmp_path, [row(1), row(2), row(3)])
    assert first
    engine.commit(tmp_path, [first], [], no_seal)

    def dies(_generation: int, _files: Mapping[str, Path]) -> None:
        raise KeyboardInterrupt

    lost = engine.prepare(tmp_path, [row(2), row(4)])
    assert lost
    with pytest.raises(KeyboardInterrupt):
        engine.commit(tmp_path, [lost], [3], dies)
    reader = engine.open(tmp_path)
    assert sorted(reader.ids()) == [1, 2, 3]
    again = engine.prepare(tmp_path, [row(5)])
    assert again
    engine.commit(tmp_path, [again], [1], no_seal)
    assert sorted(engine.open(tmp_path).ids()) == [2, 3, 5]
    assert sorted(reader.ids()) == [1, 2, 3], "an open reader keeps its state"


def test_a_cluster_that_lost_documents_is_found_out(tmp_path: Path, cluster: Cluster) -> None:
    engine = OpenSearchEngine()
    engine.create(tmp_path, no_seal)
    part = engine.prepare(tmp_path, [row(1), row(2)])
    assert part
    engine.commit(tmp_path, [part], [], no_seal)
    index = read_pointer(tmp_path).index
    cluster.ask("DELETE", f"/{index}/_doc/2-1", refresh="true")
    with pytest.raises(IndexOutdatedError, match="1 of 2 documents"):
        engine.open(tmp_path)
    cluster.ask("DELETE", f"/{index}")
    with pytest.raises(IndexOutdatedError, match="lost the index"):
        engine.open(tmp_path)


def test_a_full_cluster_is_told_and_goes_on_answering(tmp_path: Path, cluster: Cluster) -> None:
    engine = OpenSearchEngine()
    engine.create(tmp_path, no_seal)
    part = engine.prepare(tmp_path, [row(1)])
    assert part
    engine.commit(tmp_path, [part], [], no_seal)
    index = read_pointer(tmp_path).index
    name = "index.blocks.read_only_allow_delete"
    cluster.ask("PUT", f"/{index}/_settings", {name: True})
    with pytest.raises(SearchError, match="the cluster is full"):
        engine.prepare(tmp_path, [row(2)])
    assert engine.open(tmp_path).search(EngineQuery(Everything())).total == 1
    cluster.ask("PUT", f"/{index}/_settings", {name: None})
    assert engine.prepare(tmp_path, [row(2)])


def until(true: Callable[[], bool], patience: float = 60.0) -> None:
    """Wait for something that other threads bring about; who asks looks at it again."""
    end = time.monotonic() + patience
    while not true() and time.monotonic() < end:
        time.sleep(0.05)


def test_a_rebuild_swaps_the_alias_while_searches_go_on(tmp_path: Path, cluster: Cluster) -> None:
    rows = [(article(number, f"Кітап {number}", "Кітап туралы."), Event()) for number in (1, 2, 3)]
    failed: list[BaseException] = []
    totals: set[int] = set()
    ended = threading.Event()
    with fill(tmp_path, rows) as store:
        update_index(tmp_path, store)
        folder = current_folder(tmp_path)
        old, alias = read_pointer(folder).index, alias_of(cluster, folder)
        with Searcher.open(tmp_path) as searcher:

            def ask() -> None:
                try:
                    while not ended.is_set():
                        totals.add(searcher.search(SearchRequest(q="кітап")).total)
                except BaseException as error:
                    failed.append(error)

            asking = threading.Thread(target=ask)
            asking.start()
            until(lambda: 3 in totals)
            store.articles.save(article(4, "Кітап 4"), Event(), LATER)
            assert update_index(tmp_path, store, rebuild=True).rebuilt
            until(lambda: 4 in totals)
            ended.set()
            asking.join()
        new = read_pointer(current_folder(tmp_path)).index
        assert failed == []
        assert totals == {3, 4}
        assert new != old
        assert list(cluster.ask("GET", f"/_alias/{alias}")) == [new]
        store.articles.save(article(5, "Кітап 5"), Event(), LATER)
        update_index(tmp_path, store)
        assert list(cluster.ask("GET", f"/{alias}-*")) == [new], "the old index is dropped"
    assert check_index(tmp_path) == []


def test_copies_are_made_of_a_complete_index(tmp_path: Path, cluster: Cluster) -> None:
    def copies(index: str) -> str:
        told = cluster.ask("GET", f"/{index}/_settings")[index]["settings"]["index"]
        return str(told["number_of_replicas"])

    with fill(tmp_path, [(article(number, f"Кітап {number}"), Event()) for number in (1, 2)]) as s:
        folder = tmp_path / "index" / "made"
        folder.mkdir(parents=True)
        OpenSearchEngine().create(folder, lambda _generation, _files: None)
        assert copies(read_pointer(folder).index) == "0", "every document would be analysed twice"
        update_index(tmp_path, s)
    index = read_pointer(current_folder(tmp_path)).index
    assert copies(index) == "1"
    assert cluster.ask("GET", f"/_cluster/health/{index}")["status"] == "green"
    sent = cluster.ask("GET", f"/{index}/_recovery")[index]["shards"]
    again = [one["translog"]["recovered"] for one in sent if one["type"] == "PEER"]
    assert again, "no copy was made of a shard"
    assert set(again) == {0}, "documents were analysed again for a copy"


def test_the_commands_work_with_a_cluster(tmp_path: Path) -> None:
    runner, data = CliRunner(), tmp_path / "data"
    data.mkdir()
    with fill(data, [(article(1, "Кітап күні", "Кітап туралы."), Event())]):
        pass
    config = tmp_path / "config"
    (config / "sites").mkdir(parents=True)
    (config / "jarshy.toml").write_text('engine = "opensearch"\n')

    def told(*words: str) -> str:
        done = runner.invoke(main, ["--data", str(data), "--config", str(config), *words])
        assert done.exit_code == 0, done.output
        return done.output

    assert "1 in the index" in told("index")
    assert "Кітап күні" in told("search", "кітаптар")
    assert "opensearch" in told("status", "--json")
    assert check_index(data) == []
    index = read_pointer(current_folder(data)).index
    Cluster(settings_from()).ask("DELETE", f"/{index}")
    assert any("lost the index" in one for one in check_index(data))
    assert "1 added" in told("index"), "an index that the cluster has lost is made anew"
    assert "Кітап күні" in told("search", "кітаптар")
