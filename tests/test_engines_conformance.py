"""What every engine must do alike; a new engine is added to ENGINES and to nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.engines.protocol import (
    All,
    DayFilter,
    Engine,
    EngineQuery,
    EngineReader,
    Everything,
    Forms,
    Node,
    Ordered,
    Part,
    Prefix,
    Some,
    Term,
    ValueFilter,
    Without,
)
from indexer.engines.whoosh import WhooshEngine
from indexer.rows import Row, Zone


def opensearch_engine() -> Engine:
    """The engine for a cluster; needs its client, which not everybody has."""
    from indexer.engines.opensearch import OpenSearchEngine

    return OpenSearchEngine()


CLUSTER = pytest.mark.skipif(
    "JARSHY_TEST_CLUSTER" not in os.environ, reason="needs an OpenSearch cluster: make test-scale"
)


@pytest.fixture(scope="module", autouse=True)
def emptied() -> Iterator[None]:
    """Every test with a cluster makes indices there, the one with Hypothesis some sixty."""
    yield
    if "JARSHY_TEST_CLUSTER" in os.environ:
        from opensearch.nodes import Nodes

        Nodes.running().empty()


ENGINES = (WhooshEngine, pytest.param(opensearch_engine, marks=CLUSTER, id="OpenSearchEngine"))


def no_seal(_generation: int, _files: Mapping[str, Path]) -> None:
    """These tests need no manifest."""


def row(number: int, text: str, title: str = "", day: str = "2024-05-01", **values: str) -> Row:
    """A document whose words are their own stems; prefixes are three letters."""
    zones = tuple(
        Zone(
            name,
            list(range(len(words))),
            words,
            [word[:3] for word in words],
            [word.replace("қ", "к") for word in words],
            words,
        )
        for name, words in (("title", title.split()), ("body", text.split()))
    )
    first = date.fromisoformat(day).toordinal()
    told = {name: tuple(value.split(",")) for name, value in values.items()}
    return Row(number, number, zones, told, first, first)


def word(text: str) -> Forms:
    return Forms((Term("stem", text),))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.param()
    return made


@pytest.fixture
def write(engine: Engine, tmp_path: Path) -> Callable[..., EngineReader]:
    """Writes rows (a part each call) and opens the new state."""
    engine.create(tmp_path, no_seal)

    def written(rows: Iterable[Row] = (), deleted: Iterable[int] = ()) -> EngineReader:
        part = engine.prepare(tmp_path, rows)
        engine.commit(tmp_path, [part] if part else [], deleted, no_seal)
        return engine.open(tmp_path)

    return written


def ids(reader: EngineReader, tree: Node, **asked: object) -> list[int]:
    query = EngineQuery(tree, **asked)  # type: ignore[arg-type]
    return [one for one, _ in reader.search(query).hits]


BOOKS = (
    row(1, "кітап көрмесі ашылды кітап", "кітап", site="mura", kind="exhibition", day="2023-01-10"),
    row(2, "балалар кітап оқыды", site="mura", kind="reading,contest", day="2024-02-20"),
    row(3, "көрмесі кітап емес", site="saryarqa", kind="exhibition", day="2025-03-30"),
    row(4, "қала күні", site="zhazira", day="2025-03-30"),
)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (word("кітап"), {1, 2, 3}),
        (word("жоқ"), set()),
        (Some(()), set()),
        (Everything(), {1, 2, 3, 4}),
        (Some((word("балалар"), word("қала"))), {2, 4}),
        (All((word("кітап"), word("көрмесі"))), {1, 3}),
        (All((word("кітап"),), (word("балалар"),)), {1, 2, 3}),
        (Without(word("кітап"), (word("балалар"),)), {1, 3}),
        (Without(Everything(), (word("кітап"),)), {4}),
        (Forms((Prefix("stem", "ба"),)), {2}),
        (Forms((Prefix("stem", "к"),)), {1, 2, 3, 4}),
        (Forms((Term("folded", "кала"),)), {4}),
        (Forms((Term("stem", "жоқ"),), (Term("prefix", "қал"),)), {4}),
        (Ordered((("кітап",), ("көрмесі",)), (0, 1)), {1}),
        (Ordered((("көрмесі",), ("кітап",)), (0, 1)), {3}),
        (Ordered((("кітап", "балалар"), ("көрмесі", "кітап")), (0, 1)), {1, 2}),
        (Ordered((("балалар",), ("оқыды",)), (0, 2)), {2}),
        (Without(word("жоқ"), (Forms((), (Term("prefix", "қал"),)),)), set()),
    ],
)
def test_a_tree_finds_its_documents(
    write: Callable[..., EngineReader], tree: Node, expected: set[int]
) -> None:
    reader = write(BOOKS)
    found = reader.search(EngineQuery(tree))
    assert {one for one, _ in found.hits} == expected
    assert found.total == len(expected)


LONG = "қ" * 600  # as long as no question may be


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (word(f"{LONG}а"), [1]),
        (word(f"{LONG}ә"), [2]),
        (word(LONG), []),
        (Forms((Prefix("stem", LONG[:500]),)), [1, 2, 3]),
        (Ordered(((f"{LONG}ә",), ("кітап",)), (0, 1)), [2]),
        (Forms((Term("folded", f"{'к' * 600}ә"),)), [2]),
    ],
)
def test_very_long_words_are_told_apart(
    write: Callable[..., EngineReader], tree: Node, expected: list[int]
) -> None:
    texts = (f"{LONG}а кітап", f"{LONG}ә кітап", f"{LONG[:500]} кітап")
    reader = write(row(number, text) for number, text in enumerate(texts, 1))
    assert sorted(ids(reader, tree)) == expected


@pytest.mark.parametrize(
    ("places", "stems", "expected"),
    [
        ((0, 0), ("онлайн", "дәріс"), [1, 2]),
        ((0, 0), ("дәріс", "онлайн"), [1, 2]),
        ((0, 0, 1), ("онлайн", "дәріс", "кітап"), [1]),
        ((0, 1, 1), ("кітап", "онлайн", "дәріс"), [2]),
        ((0, 0, 2), ("онлайн", "дәріс", "көрме"), [1]),
        ((0, 2, 2), ("көрме", "дәріс", "онлайн"), [2]),
        ((1, 0), ("кітап", "дәріс"), [1]),
        ((2, 0), ("онлайн", "көрме"), [2]),
        ((0, 0), ("онлайн", "кітап"), []),
    ],
)
def test_words_at_one_place_of_a_phrase(
    write: Callable[..., EngineReader],
    places: tuple[int, ...],
    stems: tuple[str, ...],
    expected: list[int],
) -> None:
    def placed(number: int, words: list[str], at: list[int]) -> Row:
        return Row(number, number, (Zone("body", at, words, words, words, words),), {}, 1, 1)

    reader = write(
        [
            placed(1, ["онлайн", "дәріс", "кітап", "көрме"], [0, 0, 1, 2]),
            placed(2, ["көрме", "кітап", "онлайн", "дәріс"], [0, 1, 2, 2]),
            placed(3, ["онлайн", "дәріс"], [0, 1]),
        ]
    )
    tree = Ordered(tuple((stem, "жоқ") for stem in stems), places)
    assert sorted(ids(reader, tree)) == expected


def test_the_better_answer_stands_first(write: Callable[..., EngineReader]) -> None:
    reader = write(BOOKS)
    assert ids(reader, word("кітап"))[0] == 1, "in the title, and twice in the text"
    both = Some((word("кітап"), word("балалар")), bonus=True)
    assert ids(reader, both)[0] == 2, "all words before some"
    assert ids(reader, Some((word("кітап"), word("балалар")), wished=(word("көрмесі"),)))


@pytest.mark.parametrize(("sort", "expected"), [("newest", [3, 2, 1]), ("oldest", [1, 2, 3])])
def test_sorts_by_day(write: Callable[..., EngineReader], sort: str, expected: list[int]) -> None:
    assert ids(write(BOOKS), word("кітап"), sort=sort) == expected


def test_pages_join_to_the_whole(write: Callable[..., EngineReader]) -> None:
    reader = write(row(number, "кітап " * (number % 7 + 1)) for number in range(1, 60))
    whole = ids(reader, word("кітап"), limit=59)
    assert len(set(whole)) == 59
    pages = [ids(reader, word("кітап"), offset=at, limit=10) for at in range(0, 60, 10)]
    assert [one for page in pages for one in page] == whole


def test_pages_join_where_words_stand_close_in_articles_far_down(
    write: Callable[..., EngineReader],
) -> None:
    """The order by closeness is that of a fixed number of the best, whatever the page."""
    apart = "қобыз " + "сөз " * 20 + "домбыра"
    close = "қобыз домбыра " + "сөз " * 90  # longer, so that these stand far down at first
    reader = write(row(number, apart if number % 5 else close) for number in range(1, 301))
    tree = Some((word("қобыз"), word("домбыра")), bonus=True)
    words = (("қобыз",), ("домбыра",))
    pages = [
        ids(reader, tree, words=words, offset=at, limit=50, sort="relevance")
        for at in range(0, 300, 50)
    ]
    joined = [one for page in pages for one in page]
    assert sorted(joined) == list(range(1, 301))
    assert joined == ids(reader, tree, words=words, limit=300, sort="relevance")


def test_counts_beside_a_minus_are_what_choosing_finds(
    write: Callable[..., EngineReader],
) -> None:
    kinds = ("exhibition,reading", "exhibition", "reading", "reading,contest")
    rows = [row(n, "кітап", kind=one) for n, one in enumerate(kinds, 1)]
    reader = write(rows)
    minus = ValueFilter("kind", ("exhibition",), True)
    counted = reader.search(EngineQuery(word("кітап"), filters=(minus,))).facets["kind"]
    assert counted == {"reading": 2, "contest": 1}
    for kind, count in counted.items():
        both = EngineQuery(word("кітап"), filters=(minus, ValueFilter("kind", (kind,))))
        assert reader.search(both).total == count


def test_filters_and_counts(write: Callable[..., EngineReader]) -> None:
    reader = write(BOOKS)
    mura = ValueFilter("site", ("mura",))
    found = reader.search(EngineQuery(word("кітап"), filters=(mura,)))
    assert found.total == 2
    assert found.facets["site"] == {"mura": 2, "saryarqa": 1}, "as if its own filter were off"
    assert found.facets["kind"] == {"exhibition": 1, "reading": 1, "contest": 1}
    assert found.facets["year"] == {"2023": 1, "2024": 1}
    either = ValueFilter("kind", ("contest", "exhibition"))
    assert set(ids(reader, Everything(), filters=(either,))) == {1, 2, 3}
    assert set(ids(reader, Everything(), filters=(either, mura))) == {1, 2}
    assert set(ids(reader, Everything(), filters=(ValueFilter("site", ("mura",), True),))) == {3, 4}
    assert ids(reader, Everything(), filters=(ValueFilter("site", ("nowhere",)),)) == []
    days = DayFilter(date(2024, 1, 1).toordinal(), date(2024, 12, 31).toordinal())
    found = reader.search(EngineQuery(Everything(), days=days))
    assert [one for one, _ in found.hits] == [2]
    assert found.facets["year"] == {"2023": 1, "2024": 1, "2025": 2}
    year = ValueFilter("year", ("2023", "2025"))
    assert set(ids(reader, Everything(), filters=(year,))) == {1, 3, 4}


def test_updates_replace_and_delete(write: Callable[..., EngineReader]) -> None:
    before = write(BOOKS)
    after = write([row(2, "жаңа мәтін"), row(5, "кітап тағы")], deleted=[3])
    assert set(ids(after, word("кітап"))) == {1, 5}
    assert ids(after, word("жаңа")) == [2]
    assert sorted(after.ids()) == [1, 2, 4, 5]
    assert after.known({2, 3, 4, 77}) == {2, 4}
    assert before.known([2, 3, 5]) == {2, 3}
    assert after.known(()) == set()
    assert after.documents() == 4
    assert set(ids(before, word("кітап"))) == {1, 2, 3}, "an open reader keeps its state"
    assert after.generation > before.generation


def test_many_updates_lose_nothing(engine: Engine, tmp_path: Path) -> None:
    engine.create(tmp_path, no_seal)
    for number in range(1, 31):
        part = engine.prepare(tmp_path, [row(number, f"кітап сөз{number}", site=f"s{number % 3}")])
        engine.commit(
            tmp_path, [part] if part else [], [number - 2] if number % 5 == 0 else [], no_seal
        )
    reader = engine.open(tmp_path)
    left = [number for number in range(1, 31) if number not in (3, 8, 13, 18, 23, 28)]
    assert sorted(reader.ids()) == left
    assert sorted(ids(reader, word("кітап"), limit=50)) == left
    for number in left:
        assert ids(reader, Ordered((("кітап",), (f"сөз{number}",)), (0, 1))) == [number]
    assert sum(reader.values("site").values()) == len(left)


def test_parts_of_several_processes_are_committed_together(engine: Engine, tmp_path: Path) -> None:
    engine.create(tmp_path, no_seal)
    parts = [engine.prepare(tmp_path, [one]) for one in BOOKS]
    engine.commit(tmp_path, [part for part in parts if isinstance(part, Part)], [], no_seal)
    assert sorted(engine.open(tmp_path).ids()) == [1, 2, 3, 4]
    assert engine.prepare(tmp_path, []) is None


def test_a_seal_that_fails_leaves_the_state_before(engine: Engine, tmp_path: Path) -> None:
    engine.create(tmp_path, no_seal)
    part = engine.prepare(tmp_path, BOOKS[:1])

    def full(_generation: int, _files: Mapping[str, Path]) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        engine.commit(tmp_path, [part] if part else [], [], full)
    assert engine.open(tmp_path).documents() == 0
    again = engine.prepare(tmp_path, BOOKS)
    engine.commit(tmp_path, [again] if again else [], [], no_seal)
    assert engine.open(tmp_path).documents() == 4


def test_an_empty_index_answers(engine: Engine, tmp_path: Path) -> None:
    engine.create(tmp_path, no_seal)
    reader = engine.open(tmp_path)
    found = reader.search(EngineQuery(word("кітап")))
    assert (found.hits, found.total) == ((), 0)
    assert reader.words() == {}
    assert reader.values("site") == {}
    assert list(reader.completions("к", 5)) == []


def test_words_and_completions(write: Callable[..., EngineReader]) -> None:
    reader = write(BOOKS)
    assert reader.words()["кітап"] == 3
    assert list(reader.completions("к", 2)) == ["кітап", "көрмесі"]
    assert reader.frequency(Term("stem", "кітап")) == 3
    assert reader.frequency(Term("stem", "жоқ")) == 0


def test_without_an_index_the_generation_is_not_found(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        engine.generation(tmp_path)


WORDS = ("ал", "ба", "бал", "го", "қа", "қан")
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=6), min_size=1, max_size=8)
LEAVES = st.sampled_from(WORDS).map(word) | st.sampled_from(("б", "қ", "ж")).map(
    lambda begin: Forms((Prefix("stem", begin),))
)
TREES: st.SearchStrategy[Node] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: Some(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: All(tuple(parts))),
        st.tuples(inner, inner).map(lambda pair: Without(pair[0], (pair[1],))),
    ),
    max_leaves=6,
)


def finds(node: Node, text: Sequence[str]) -> bool:
    """What a tree should find, said in the plainest way."""
    match node:
        case Forms():
            (form,) = node.strong
            if isinstance(form, Prefix):
                return any(one.startswith(form.text) for one in text)
            return form.text in text
        case Some():
            return any(finds(part, text) for part in node.parts)
        case All():
            return all(finds(part, text) for part in node.parts)
        case Without():
            return finds(node.part, text) and not any(finds(one, text) for one in node.excluded)
    raise AssertionError(node)


@pytest.mark.parametrize("kind", ENGINES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=TEXTS, trees=st.lists(TREES, min_size=1, max_size=5), cut=st.integers(0, 8))
def test_any_tree_finds_what_it_says(
    kind: Callable[[], Engine],
    texts: list[list[str]],
    trees: list[Node],
    cut: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder, engine = tmp_path_factory.mktemp("any"), kind()
    engine.create(folder, no_seal)
    rows = [row(number, " ".join(text)) for number, text in enumerate(texts, 1)]
    parts = [engine.prepare(folder, some) for some in (rows[:cut], rows[cut:])]
    engine.commit(folder, [part for part in parts if part], [], no_seal)
    reader = engine.open(folder)
    for tree in trees:
        expected = [number for number, text in enumerate(texts, 1) if finds(tree, text)]
        found = reader.search(EngineQuery(tree, limit=20))
        assert sorted(one for one, _ in found.hits) == expected
        assert found.total == len(expected)


def test_last_added_first(write: Callable[..., EngineReader]) -> None:
    assert ids(write(reversed(BOOKS)), Everything(), sort="added") == [4, 3, 2, 1]


def test_documents_with_no_value_and_with_many(write: Callable[..., EngineReader]) -> None:
    many = [f"kind{number}" for number in range(9)]
    reader = write(
        [row(1, "кітап"), row(2, "кітап", kind=",".join(many)), row(3, "кітап", kind="kind3")]
    )
    found = reader.search(EngineQuery(word("кітап")))
    assert found.facets["kind"] == {**dict.fromkeys(many, 1), "kind3": 2}
    assert found.facets["site"] == {}
    assert set(ids(reader, Everything(), filters=(ValueFilter("kind", ("kind3",)),))) == {2, 3}
    assert ids(reader, Everything(), filters=(ValueFilter("kind", ("kind8", "no")),)) == [2]
    without = ValueFilter("kind", ("kind8",), excluded=True)
    assert set(ids(reader, Everything(), filters=(without,))) == {1, 3}
    assert reader.values("kind")["kind3"] == 2


def test_months_are_counted_as_years_are(write: Callable[..., EngineReader]) -> None:
    reader = write(BOOKS)
    march = ValueFilter("month", ("2025-03",))
    found = reader.search(EngineQuery(Everything(), filters=(march,)))
    assert {one for one, _ in found.hits} == {3, 4}
    assert found.facets["month"] == {"2023-01": 1, "2024-02": 1, "2025-03": 2}
    assert found.facets["year"] == {"2023": 1, "2024": 1, "2025": 2}, "both tell of one filter"
    assert found.facets["site"] == {"saryarqa": 1, "zhazira": 1}


def test_tells_how_many_have_all_words(write: Callable[..., EngineReader]) -> None:
    both = Some((word("кітап"), word("көрмесі")), bonus=True)
    assert write(BOOKS).search(EngineQuery(both)).complete == 2


def test_no_page_and_a_page_too_far(write: Callable[..., EngineReader]) -> None:
    reader = write(BOOKS)
    for offset, limit in ((0, 0), (3, 5), (1000, 20)):
        found = reader.search(EngineQuery(word("кітап"), offset=offset, limit=limit))
        assert (found.hits, found.total) == ((), 3)
    assert reader.search(EngineQuery(word("кітап"), count_facets=False)).facets == {}


def test_a_reader_that_shares_with_the_one_before_answers_alike(
    engine: Engine, tmp_path: Path, write: Callable[..., EngineReader]
) -> None:
    before = write(BOOKS[:2])
    before.search(EngineQuery(word("кітап")))
    assert before.words()["кітап"] == 2
    write(BOOKS[2:], deleted=[2])
    shared, fresh = engine.open(tmp_path, before), engine.open(tmp_path)
    for tree in (word("кітап"), word("балалар"), Everything(), Forms((Prefix("stem", "к"),))):
        assert shared.search(EngineQuery(tree)) == fresh.search(EngineQuery(tree))
    assert shared.words() == fresh.words()
    assert shared.words()["көрмесі"] == 2
    assert set(ids(before, word("кітап"))) == {1, 2}


def test_nothing_new_is_a_state_too(write: Callable[..., EngineReader]) -> None:
    before = write(BOOKS)
    after = write([], deleted=[77])
    assert after.generation > before.generation
    assert sorted(after.ids()) == [1, 2, 3, 4]
    assert write([], deleted=[1, 2, 3, 4]).documents() == 0


def test_threads_get_the_answers_that_one_gets(write: Callable[..., EngineReader]) -> None:
    reader = write(
        row(number, f"кітап сөз{number % 9} бет{number % 5}", site=f"s{number % 3}")
        for number in range(1, 200)
    )
    asked = [
        EngineQuery(Some((word("кітап"), word(f"сөз{one % 9}"), word(f"бет{one % 5}"))))
        for one in range(45)
    ]
    expected = [reader.search(query) for query in asked]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(reader.search, asked * 4)) == expected * 4


def test_counts_of_beginnings_and_libraries(write: Callable[..., EngineReader]) -> None:
    reader = write([*BOOKS, row(5, "кітапхана", library="Абай кітапханасы")])
    assert reader.frequency(Prefix("stem", "кітап")) >= 4
    assert reader.frequency(Prefix("stem", "жоқ")) == 0
    assert reader.values("library") == {"Абай кітапханасы": 1}
    assert reader.values("month") == {"2023-01": 1, "2024-02": 1, "2024-05": 1, "2025-03": 2}


def test_says_what_it_is(engine: Engine) -> None:
    about = engine.capabilities
    assert about.name
    assert about.version
    assert about.comfortable > 0


def test_whoosh_itself_reads_the_index(tmp_path: Path) -> None:
    from whoosh import index, query

    engine = WhooshEngine()
    engine.create(tmp_path, no_seal)
    part = engine.prepare(tmp_path, BOOKS)
    engine.commit(tmp_path, [part] if part else [], [], no_seal)
    engine.commit(tmp_path, [], [3], no_seal)
    with index.open_dir(str(tmp_path)).searcher() as searcher:
        for asked, expected in (
            (query.Term("stem", "кітап"), {1, 2}),
            (query.Prefix("stem", "ба"), {2}),
            (query.Or([query.Term("stem", "балалар"), query.Term("stem", "қала")]), {2, 4}),
            (query.And([query.Term("stem", "кітап"), query.Term("stem", "көрмесі")]), {1}),
        ):
            assert {hit["id"] for hit in searcher.search(asked)} == expected
