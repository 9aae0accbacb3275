"""What a question names beside its words, whom it must not find, and names as people write them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from collection import article, fill

from crawler.model import Block, Event
from indexer.build import update_index
from indexer.model import Hint
from indexer.names import ids_named, nearest
from indexer.personal import without_personal
from indexer.search import Searcher, SearchRequest

ROWS = [
    (
        article(1, "Библионочь: не спится", "Читали до утра.", language="ru"),
        Event(kinds=("library-night",), starts="2022-04-22", region="pavlodar"),
    ),
    (
        article(2, "Кітап көрмесі", "Оқырмандар түнде де келді. Байланыс: aiman@mail.kz."),
        Event(kinds=("book-exhibition", "exhibition"), starts="2023-05", region="karaganda"),
    ),
    (
        article(
            3, "Фотовыставка о степи", "ИИН 850612350147, тел. +7 701 123-45-67.", language="ru"
        ),
        Event(kinds=("photo-exhibition", "exhibition"), starts="2019-02-12", region="abai"),
    ),
    (
        article(4, "Жазушымен жүздесу", "Зал толды."),
        Event(kinds=("meeting",), starts="2023", topics=("Алтын күз",)),
    ),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    data = tmp_path_factory.mktemp("facts")
    with fill(data, ROWS) as store:
        update_index(data, store)
    with Searcher.open(data) as searcher:
        yield searcher


def ids(searcher: Searcher, q: str, **asked: object) -> list[int]:
    page = searcher.search(SearchRequest(q=q, **asked))  # type: ignore[arg-type]
    return [hit.document.id for hit in page.hits]


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("ночь в библиотеке", 1),
        ("түнгі кітапхана", 1),
        ("library night", 1),
        ("выставка книг", 2),
        ("встречи с писателями", 4),
        ("фото выставка", 3),
        ("12 ақпан 2019", 3),
        ("2019 жылғы 12 ақпан", 3),
        ("12 февраля", 3),
        ("май 2023", 2),
        ("шаралар мамырда", 2),
        ("мероприятия 2022", 1),
        ("Павлодар", 1),
        ("Семипалатинская область", 3),
        ("Карагандада не болды", 2),
    ],
)
def test_what_a_question_names_is_found_by_whatever_words(
    found: Searcher, q: str, first: int
) -> None:
    assert ids(found, q)[:1] == [first]


def test_a_name_of_words_side_by_side_is_preferred_to_one_in_another_order(tmp_path: Path) -> None:
    fair = (article(1, "Кітап мерекесі", "Алаңда."), Event(kinds=("book-festival",)))
    show = (article(2, "Наурызға арналған", "Залда."), Event(kinds=("book-exhibition",)))
    with fill(tmp_path, [fair, show]) as store:
        update_index(tmp_path, store)
    with Searcher.open(tmp_path) as searcher:
        assert ids(searcher, "наурыз мерекесі кітап көрмесі")[0] == 2


@pytest.mark.parametrize("q", ["aiman@mail.kz", "aiman", "850612350147", "+7 701 123-45-67"])
def test_persons_are_not_found_by_address_or_number(found: Searcher, q: str) -> None:
    assert ids(found, q) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Хат: a.b-c@lib.kz жазыңыз", "Хат: жазыңыз"),
        ("ЖСН 850612 350147.", "ЖСН ."),
        ("тел. 8 (7212) 41-23-45, 87011234567", "тел. ,"),
        ("ISBN 978-601-240-123-4", "ISBN 978-601-240-123-4"),
        ("2019, 2020 ж. 150 кітап, 1 000 000 теңге", "2019, 2020 ж. 150 кітап, 1 000 000 теңге"),
    ],
)
def test_what_is_left_of_a_text_to_search(text: str, kept: str) -> None:
    left = without_personal(text)
    assert len(left) == len(text)
    assert " ".join(left.split()) == kept


def test_hostile_runs_of_letters_and_digits_take_no_time() -> None:
    for piece in ("a" * 200_000, "1" * 200_000, "1 " * 100_000, "a.b-" * 50_000, "@" * 100_000):
        assert len(without_personal(piece)) == len(piece)


def test_months_are_counted_and_a_year_alone_has_none(found: Searcher) -> None:
    facets = found.search(SearchRequest()).facets
    assert [(one.value, one.count) for one in facets["month"]] == [
        ("2019-02", 1),
        ("2022-04", 1),
        ("2023-05", 1),
    ]
    assert [(one.value, one.count) for one in facets["year"]][-1] == ("2023", 2)


def test_the_last_found_stands_first(found: Searcher) -> None:
    assert ids(found, "", sort="added") == [4, 3, 2, 1]
    assert ids(found, "", sort="added", page=2, size=3) == [1]


def test_what_a_minus_rules_out_is_not_offered(found: Searcher) -> None:
    facets = found.search(SearchRequest(q="-жыл:2023")).facets
    assert [one.value for one in facets["year"]] == ["2019", "2022"]
    facets = found.search(SearchRequest(q="-түрі:meeting")).facets
    assert "meeting" not in {one.value for one in facets["kind"]}
    assert "exhibition" in {one.value for one in facets["kind"]}


def test_the_pages_before_are_told_by_their_ids_and_months_by_their_totals(found: Searcher) -> None:
    asked = SearchRequest(sort="newest", size=2)
    first = found.search(asked)
    second = replace(asked, page=2)
    assert found.before(asked) == frozenset()
    assert found.before(second) == {hit.document.id for hit in first.hits}
    year = [(date(2023, 1, 1), date(2023, 12, 31)), (date(2022, 4, 1), date(2022, 4, 30))]
    counted = found.totals(asked, year)
    alone = [found.search(SearchRequest(date_from=start, date_to=end)).total for start, end in year]
    assert counted == alone == [2, 1]


def test_every_language_of_an_article_finds_it(tmp_path: Path) -> None:
    blocks = (Block("Қазақша мәтін."), Block("Русский текст.", language="ru"))
    both = replace(article(1, "Кеш"), blocks=blocks)
    with fill(tmp_path, [(both, Event())]) as store:
        update_index(tmp_path, store)
    with Searcher.open(tmp_path) as searcher:
        for language in ("kk", "ru"):
            assert ids(searcher, "", languages=(language,)) == [1]
        assert ids(searcher, "", languages=("en",)) == []


def test_all_words_are_told_apart_from_some(found: Searcher) -> None:
    page = found.search(SearchRequest(q="зал толды утра"))
    assert (page.complete, page.total) == (0, 2)
    page = found.search(SearchRequest(q="зал толды"))
    assert (page.complete, page.total) == (1, 1)


def test_a_filter_of_unknown_value_is_a_word(found: Searcher) -> None:
    page = found.search(SearchRequest(q="өңір:библионочь"))
    assert [hit.document.id for hit in page.hits] == [1]
    assert Hint("unknown_value", ("өңір", "библионочь")) in page.hints


@pytest.mark.parametrize(
    ("typed", "what", "text"),
    [
        ("китап кор", "kind", "кітап көрмесі"),
        ("rsnfg", "kind", "кітап көрмесі"),
        ("kitap", "kind", "кітап көрмесі"),
        ("Жүз", "title", "Жазушымен жүздесу"),
        ("жуз", "title", "Жазушымен жүздесу"),
        ("fotovys", "kind", "фотовыставка"),
        ("караг", "place", "Карагандинская область"),
        ("қараг", "place", "Қарағанды облысы"),
        ("алтын", "topic", "Алтын күз"),
        ("степи фото", "title", "Фотовыставка о степи"),
    ],
)
def test_suggestions_know_other_letters(found: Searcher, typed: str, what: str, text: str) -> None:
    assert (what, text) in [(one.what, one.text) for one in found.suggest(typed)]


@pytest.mark.parametrize(
    ("facet", "name", "ids"),
    [
        ("region", "Караганда", ("karaganda",)),
        ("region", "қарағанды", ("karaganda",)),
        ("region", "Карагандинская", ("karaganda",)),
        ("region", "кызылорда", ("kyzylorda",)),
        ("region", "Семипалатинск", ("abai",)),
        ("region", "Целиноград", ("astana",)),
        ("region", "Алматы", ("almaty",)),
        ("region", "Нарния", ()),
        ("kind", "ДӨҢГЕЛЕК ҮСТЕЛ", ("round-table",)),
        ("kind", "донгелек устел", ("round-table",)),
        ("language", "қазақша", ("kk",)),
        ("language", "xx", ()),
        ("site", "MURA", ("mura",)),
        ("site", "nope", ()),
    ],
)
def test_names_are_known_as_people_write_them(facet: str, name: str, ids: tuple[str, ...]) -> None:
    assert ids_named(facet, name, ("mura",) if facet == "site" else ()) == ids


def test_near_names_are_offered() -> None:
    assert nearest("region", "Карагада")[0] in ("Караганда", "Қарағанды")
    assert "семинар" in nearest("kind", "семенар")
    assert nearest("site", "zhazire", ("mura", "zhazira")) == ("zhazira",)
    assert nearest("region", "ы" * 100_000) == ()
