"""Titles kept with the index: what is offered while typing, what is read for it, and when."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from collection import SEEN, article
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.model import Event
from crawler.store import documents
from crawler.store.place import database_url
from crawler.store.store import Store
from indexer import search, suggest, titles, titling
from indexer.build import check_index, update_index
from indexer.completions import Completions
from indexer.engines.choice import engine_named
from indexer.manifest import Manifest, read_manifest, write_manifest
from indexer.place import current_folder
from indexer.search import Searcher, SearchRequest
from indexer.title_file import TitleFile, plain
from indexer.titles import Titles, titles_of
from indexer.titling import Titling
from searchui import create_app

LATER = datetime(2026, 11, 2, tzinfo=UTC)
MANY = 40


BOTH = pytest.mark.parametrize("store", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    event = Event(kinds=("book-exhibition",), topics=("Алтын күз",))
    rows = [(article(n, f"Кітап {n}", "Кітап туралы."), event) for n in range(1, MANY + 1)]
    url = None
    if getattr(request, "param", "") == "postgres":
        url = database_url(request.getfixturevalue("database"), "test")
    with Store.open(tmp_path, url) as made:
        made.articles.save_all(rows, SEEN)
        update_index(tmp_path, made)
        yield made


def offered(searcher: Searcher, text: str, what: str = "title") -> list[str]:
    """What is offered once the newest state has been read."""
    searcher.suggest(text)
    making = searcher._suggesting._making
    if making is not None:
        making.join()
    return [one.text for one in searcher.suggest(text) if one.what == what]


class Statements:
    """What the store is asked while this is open: statements, what is bound to them, by what."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any, str]] = []

    def note(self, _connection: Any, cursor: Any, statement: str, bound: Any, *_: Any) -> None:
        self.asked.append((statement, bound, type(cursor).__name__))

    def __enter__(self) -> Statements:
        sa.event.listen(sa.Engine, "before_cursor_execute", self.note)
        return self

    def __exit__(self, *_: object) -> None:
        sa.event.remove(sa.Engine, "before_cursor_execute", self.note)


@BOTH
def test_a_new_state_is_offered_without_a_question_to_the_store(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "LOOK_EVERY", 0.0)
    with Searcher.open(tmp_path, store) as searcher:
        assert offered(searcher, "кіт")[:2] == [f"Кітап {MANY}", f"Кітап {MANY - 1}"]
        old = searcher._suggesting._made.completions.kept
        store.articles.save(article(3, "Дәптер 3"), Event(), LATER)
        store.articles.remove(f"https://mura.example/{MANY}", LATER, "asked")
        store.articles.save(article(99, "Кітап 99"), Event(), LATER)
        update_index(tmp_path, store)
        with Statements() as statements:
            assert offered(searcher, "кіт")[:2] == ["Кітап 99", f"Кітап {MANY - 1}"]
            assert offered(searcher, "дәп") == ["Дәптер 3"]
            assert offered(searcher, "Кітап 3")[0] == f"Кітап {MANY - 1}"
        assert statements.asked == []
        new = searcher._suggesting._made.completions.kept
        assert [len(one) for one in new.files if one not in old.files] == [2]
        assert new.topics == {"Алтын күз": MANY - 2}


@BOTH
def test_an_indexing_run_reads_the_articles_that_changed_and_no_others(
    tmp_path: Path, store: Store
) -> None:
    store.articles.save(article(5, "Дәптер 5"), Event(), LATER)
    store.articles.remove("https://mura.example/7", LATER, "asked")
    with Statements() as statements:
        update_index(tmp_path, store)
    texts = [(told, bound) for told, bound, _ in statements.asked if "versions" in told]
    assert texts
    for _, bound in texts:
        assert set(bound.values() if isinstance(bound, dict) else bound) <= {5, 7}


def test_a_database_sends_the_numbers_of_changes_piece_by_piece(
    tmp_path: Path, database: str
) -> None:
    with Store.open(tmp_path, database_url(database, "test")) as store:
        store.articles.save_all([(article(n, "Кітап"), Event()) for n in range(1, 31)], SEEN)
        with Statements() as statements, pytest.MonkeyPatch.context() as patch:
            patch.setattr(documents, "ROWS", 7)
            patch.setattr(documents, "HEADINGS", 7)
            found = [one.article_id for one in store.articles.changes_after(2)]
            assert found == list(range(3, 31))
            assert [one for one, _, _ in store.articles.headings()] == list(range(1, 31))
        told = [(text, by) for text, _, by in statements.asked if "FROM changes" in text]
        assert [by for _, by in told] == ["ServerCursor"]
        assert sum("versions" in text and "LIMIT" in text for text, _, _ in statements.asked) == 5
        store.articles.remove("https://mura.example/3", LATER, "asked")
        store.articles.save(article(4, "Дәптер"), Event(), LATER)
        assert store.articles.changed_after(0) == 30
        assert store.articles.changed_after(30) == 2


def test_suggestions_and_answers_come_while_titles_are_being_read(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    let, times = threading.Event(), count()

    class Slow(TitleFile):
        def __init__(self, path: Path) -> None:
            next(times)
            assert let.wait(60)
            super().__init__(path)

    monkeypatch.setattr(titles, "TitleFile", Slow)
    monkeypatch.setattr(suggest, "PATIENCE", 0.05)
    search.prepare(tmp_path)  # what `jarshy serve` does before its first answer
    try:
        client = create_app(tmp_path, {}).test_client()
        assert client.get("/?q=кітап").status_code == 200
        for _ in range(3):
            told = client.get("/api/v1/suggest?q=кіт").get_json()
            assert [one["what"] for one in told["suggestions"]] == ["kind"]
        assert next(times) == 1  # once, whatever is asked meanwhile
        let.set()
        for one in threading.enumerate():
            if "_renew" in one.name:
                one.join()
        told = client.get("/api/v1/suggest?q=кіт").get_json()
        assert "title" in [one["what"] for one in told["suggestions"]]
    finally:
        let.set()
        search._prepared.clear()


def test_an_index_without_titles_gets_them_though_nothing_has_changed(
    tmp_path: Path, store: Store
) -> None:
    folder = current_folder(tmp_path)
    generation = engine_named().generation(folder)
    manifest = read_manifest(folder, generation)
    for path in folder.glob("titles-*"):
        path.unlink()
    left = {name: one for name, one in manifest.files.items() if not name.startswith("titles-")}
    write_manifest(folder, generation, replaced(manifest, left))
    with Searcher.open(tmp_path) as searcher:
        assert offered(searcher, "кіт", "kind")
        assert offered(searcher, "кіт") == []
    assert not update_index(tmp_path, store).rebuilt
    assert check_index(tmp_path) == []
    with Searcher.open(tmp_path) as searcher:
        assert offered(searcher, "кіт")[0] == f"Кітап {MANY}"
        assert offered(searcher, "алтын", "topic") == ["Алтын күз"]
        assert searcher.search(SearchRequest()).total == MANY


def replaced(manifest: Manifest, files: dict[str, tuple[str, int]]) -> Manifest:
    told = {name: getattr(manifest, name) for name in Manifest.__dataclass_fields__}
    return Manifest(**{**told, "files": files})


def test_files_of_titles_stay_few_and_none_is_left_behind(tmp_path: Path, store: Store) -> None:
    for number in range(100, 115):
        store.articles.save(article(number, f"Көрме {number}"), Event(), LATER)
        update_index(tmp_path, store)
    folder = current_folder(tmp_path)
    used = read_manifest(folder, engine_named().generation(folder)).files
    named = {one for one in used if one.startswith("titles-")}
    assert len(named) <= 5
    left = {path.name for path in folder.glob("titles-*")} - named
    assert len(left) <= 5  # of the state before, which a server may be about to open
    with Searcher.open(tmp_path) as searcher:
        assert offered(searcher, "көрме")[0] == "Көрме 114"


def test_files_that_are_lost_cost_titles_alone(
    tmp_path: Path, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with Searcher.open(tmp_path) as searcher:
        for path in current_folder(tmp_path).glob("titles-*"):
            path.unlink()
        assert offered(searcher, "кіт", "kind")
        assert searcher.search(SearchRequest(q="кітап")).total == MANY
    assert "could not be renewed" in caplog.text
    assert update_index(tmp_path, store).rebuilt


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [("үш төр", [2, 1]), ("төрт үш ек", [2, 1]), ("бес үш бір төрт екі", [1]), ("төр үш жеті", [])],
)
def test_words_are_found_side_by_side_or_else_in_any_order(
    tmp_path: Path, typed: str, numbers: list[int]
) -> None:
    run = Titling(tmp_path)
    for number, last in ((1, "бес"), (2, "алты")):
        run.add(number, f"Бір екі, үш-төрт {last}", ())
    run.add(3, "Төрт бөлек үш", ())
    known = Completions(kept=titles_of(tmp_path, run.finish()))
    found = [int(one.value) for one in known.titles(plain(typed), 8)]
    assert found == numbers


def test_a_title_without_end_is_kept_in_part(tmp_path: Path) -> None:
    run = Titling(tmp_path)
    run.add(1, "Шахмат турнирі " + "өтті " * 100_000 + "соңында", ())
    known = Completions(kept=titles_of(tmp_path, run.finish()))
    assert [len(one.text) for one in known.titles(plain("шахмат тур"), 8)] == [1000]
    assert known.titles(plain("соңында"), 8) == []


WORDS = ("кітап", "кіт", "көрме", "Абай", "оқу", "👍", "a\0b", "\ud800", "И" * 120, "")
HEADINGS = st.tuples(
    st.integers(1, 12),
    st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
    st.lists(st.sampled_from(("Алтын күз", "Абай жылы")), max_size=2, unique=True),
)
RUNS = st.lists(
    st.tuples(st.lists(HEADINGS, max_size=9), st.sets(st.integers(1, 12), max_size=4)), max_size=6
)


@settings(max_examples=60, deadline=None)
@given(RUNS)
def test_what_is_kept_is_what_was_told_last(
    tmp_path_factory: pytest.TempPathFactory, runs: list[Any]
) -> None:
    folder, known, names = tmp_path_factory.mktemp("titles"), dict[int, Any](), list[str]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(titling, "MOST", 5)
        for told, gone in runs:
            run = Titling(folder, titles_of(folder, names))
            for number, title, topics in told:
                run.add(number, title, topics)
                known[number] = (title, topics)
            names = run.finish(gone)
            known = {n: one for n, one in known.items() if one[0] and n not in gone}
            kept = titles_of(folder, names)
            assert all(len(file) <= 5 for file in kept.files)
            agree(kept, known)


def agree(kept: Titles, known: dict[int, Any]) -> None:
    """That titles and topics are those of a plain table."""
    shown = {n: title.encode("utf-8", "replace").decode() for n, (title, _) in known.items()}
    for words in ([], ["кит"], ["китап", "ко"], ["a", "b"], ["и" * 100], ["жок"]):
        lines = {n: f"{plain(title)} " for n, title in shown.items()}
        begin = {n for n, line in lines.items() if all(f" {word}" in line for word in words)}
        assert dict(kept.having(words, 0)) == {n: shown[n] for n in begin}
        whole = {n for n in begin if all(f" {word} " in lines[n] for word in words[:-1])}
        assert [n for n, _ in kept.having(words, len(words) - 1)] == sorted(whole, reverse=True)
    assert kept.topics == Counter(topic for _, topics in known.values() for topic in topics)


def test_a_state_is_told_in_one_small_file(tmp_path: Path) -> None:
    run = Titling(tmp_path)
    for number in range(1, 2001):
        run.add(number, f"Кітап {number}", ("Алтын күз",))
    names = run.finish()
    state = next(tmp_path.glob("titles-*.state"))
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())
    assert state.stat().st_size < 2000 + 1000
    assert json.dumps("Алтын күз", ensure_ascii=False).encode() in state.read_bytes()
