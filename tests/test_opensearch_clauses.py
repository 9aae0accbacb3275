"""Questions with more clauses than Lucene takes (1,024) are answered all the same, on a cluster."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from collection import demo_articles, fill
from hostile_questions import Questions

from indexer.build import update_index
from indexer.engines.protocol import (
    EngineQuery,
    EngineReader,
    Everything,
    Forms,
    Node,
    Ordered,
    Prefix,
    Some,
    Term,
    Without,
)
from indexer.engines.whoosh import WhooshEngine
from indexer.errors import QueryLimitError
from indexer.question import question_of
from indexer.ranking import ranking
from indexer.rows import Row, Zone
from indexer.search import Searcher, SearchRequest

if "JARSHY_TEST_CLUSTER" not in os.environ:
    pytest.skip("needs an OpenSearch cluster: make test-scale", allow_module_level=True)

from indexer.engines.opensearch import OpenSearchEngine
from indexer.engines.opensearch.asking import Question
from indexer.engines.opensearch.clauses import clauses
from indexer.engines.opensearch.counts import MOST_SYNONYMS, MOST_TERMS
from indexer.engines.opensearch.reader import OpenSearchReader

Readers = tuple[EngineReader, EngineReader]
Searchers = tuple[Searcher, Searcher]
LUCENE = 1_024
COMMON, RARE = MOST_SYNONYMS + 500, 2 * MOST_TERMS


def no_seal(_generation: int, _files: Mapping[str, Path]) -> None:
    """These tests need no manifest."""


def row(number: int, words: list[str]) -> Row:
    zone = Zone("body", list(range(len(words))), words, words, words, words)
    return Row(number, number, (zone,), {}, 738000 + number, 738000)


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Readers:
    """200 documents in both engines; half of them have of thousands of words in `кіт`, in `көр`."""
    draw = random.Random(9)
    rows = []
    for number in range(1, 201):
        begin, kinds = ("кіт", COMMON) if number % 2 else ("көр", RARE)
        words = [f"{begin}{draw.randrange(kinds):05}" for _ in range(20 + number % 60)]
        words += draw.sample(("абай", "оқу", "күні", "қала", "бала"), 3)
        rows.append(row(number, words))
    made: list[EngineReader] = []
    for engine in (WhooshEngine(), OpenSearchEngine()):
        folder = tmp_path_factory.mktemp("index")
        engine.create(folder, no_seal)
        part = engine.prepare(folder, rows)
        assert part
        engine.commit(folder, [part], [], no_seal)
        made.append(engine.open(folder))
    return made[0], made[1]


def begins(text: str, *stems: str) -> Forms:
    return Forms((Prefix("stem", text), *(Term("stem", one) for one in stems)))


def word(text: str) -> Forms:
    return Forms((Term("stem", text),))


BOOKS = begins("кіт", *(f"кіт{number:05}" for number in range(30)))
SHOWS = begins("көр", *(f"көр{number:05}" for number in range(30)))
TREES: dict[str, Node] = {
    "alone": BOOKS,
    "with a word": Some((BOOKS, word("абай")), bonus=True),
    "with words": Some((word("қала"), BOOKS, word("оқу"), word("күні")), bonus=True),
    "excluded": Without(word("абай"), (begins("көр0"),)),
    "weak": Forms((Term("stem", "абай"),), (Prefix("stem", "кіт00"),)),
}
MANY: dict[str, Node] = {
    "many": SHOWS,
    "three": Some((BOOKS, SHOWS, begins("кіт0")), bonus=True),
    "three and words": Some((BOOKS, SHOWS, begins("көр1"), word("абай")), bonus=True),
}


@pytest.mark.parametrize("name", [*TREES, *MANY])
def test_a_beginning_with_thousands_of_terms_finds_and_scores_as_in_the_embedded_engine(
    readers: Readers, name: str
) -> None:
    tree = TREES.get(name) or MANY[name]
    mine, theirs = (one.search(EngineQuery(tree, limit=200)) for one in readers)
    assert (theirs.total, theirs.complete) == (mine.total, mine.complete)
    assert theirs.total >= 20
    exact = 1e-4 if name in TREES else 0.15  # beyond MOST_TERMS the rarest count as one
    expected = {one: pytest.approx(score, rel=exact) for one, score in mine.hits}
    assert dict(theirs.hits) == expected


def test_forty_beginnings_find_the_same(readers: Readers) -> None:
    tree = Some((BOOKS, SHOWS) * 20, bonus=True)
    mine, theirs = (one.search(EngineQuery(tree, limit=200)) for one in readers)
    assert {one for one, _ in theirs.hits} == {one for one, _ in mine.hits}


@pytest.fixture(scope="module")
def searchers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searchers]:
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


def times(text: str, most: int = 40) -> str:
    """A text again and again, up to the caps of a question."""
    words = len(re.findall(r"[^\W_]+", text)) or 1
    return " ".join([text] * min(most // words, 500 // (len(text) + 1)))


PLACES = "БҚО ЗКО ШҚО ВКО СҚО СКО ОӘҒК ОУНБ ҚР ҰК НБ РК ШЖҚ ПХВ"
REGIONS = "район имени Турара Рыскулова район имени Магжана Жумабаева Национальная библиотека РК"
WORST = (
    times("кіт*"),
    times("кіт* көр* бал* оқу*"),
    " OR ".join(["кіт*", "көр*", "бал*", "оқу*"] * 5),
    times("кітап~"),
    times("кітап~ көрме~ балалар~ абай~"),
    times("ЗКО"),
    times(PLACES),
    times(REGIONS),
    " OR ".join(["ЗКО"] * 20),
    " AND ".join(["ЗКО"] * 20),
    times("+ЗКО"),
    f'"{times("ЗКО")}"',
    f'кітап -"{times("ЗКО", 39)}"',
    f"кітап -({times(PLACES, 39)})",
    f"({times('(ЗКО ШҚО) (БҚО кітап~) (көр* OR ВКО)')})",
    "(((((ЗКО ШҚО көрме) БҚО кітап~) кіт* OR ВКО) ОУНБ ОӘҒК) НБ РК) ҚР ҰК",
    "(((((ЗКО ШҚО) (СКО ВКО)) ((БҚО ҚР) (РК ЗКО))) (((ЗКО ШҚО) (СКО ВКО)) ((БҚО ҚР) (РК ЗКО)))))",
    times('"ҚР ҰК" "НБ РК"'),
    times("«ҚР ҰК» «НБ РК» ЗКО"),
    "ЗКО ШҚО кітап~ көр* ВКО БҚО",
    "ЗКО ШҚО СКО ВКО БҚО ОУНБ ОӘҒК кітапхана көрме балалар оқырман абай",
)


@pytest.mark.parametrize("text", WORST, ids=lambda one: str(one)[:40])
def test_the_worst_questions_find_the_same(searchers: Searchers, text: str) -> None:
    mine, theirs = (one.search(SearchRequest(q=text, size=50)) for one in searchers)
    assert theirs.total == mine.total
    assert theirs.complete == mine.complete
    assert len(theirs.hits) == len(mine.hits)


@pytest.mark.parametrize("text", WORST, ids=lambda one: str(one)[:40])
def test_no_body_has_more_clauses_than_lucene_takes(searchers: Searchers, text: str) -> None:
    now = searchers[1]._now()
    reader = now.reader
    assert isinstance(reader, OpenSearchReader)
    query = question_of(now, SearchRequest(q=text)).engine_query()
    bodies = Question(query, ranking(), reader._statistics, reader._visible).bodies()
    assert max(clauses(one["query"]) for one in bodies) <= LUCENE


@pytest.mark.parametrize("seed", range(40))
def test_hostile_questions_find_the_same(searchers: Searchers, seed: int) -> None:
    words = sorted(searchers[0]._now().reader.words())
    text = dict(Questions(seed, words).parameters())["q"]
    try:
        mine = searchers[0].search(SearchRequest(q=text))
    except QueryLimitError:
        return
    theirs = searchers[1].search(SearchRequest(q=text))
    assert (theirs.total, theirs.complete) == (mine.total, mine.complete)


def test_long_alternatives_of_one_word_are_one_clause_in_what_is_found(readers: Readers) -> None:
    several = tuple(Term("stem", f"кіт{number:05}") for number in range(1_400))
    phrases = tuple(
        Ordered(((f"кіт{one:05}",), (f"көр{one:05}", "абай")), (0, 1)) for one in range(300)
    )
    tree: Node = Some((Forms(several), *phrases, Everything()))
    totals = [one.search(EngineQuery(tree)).total for one in readers]
    assert totals == [200, 200]
