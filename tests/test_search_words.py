"""Words of a question that are written or asked for in less usual ways, over a small collection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from collection import article, fill

from crawler.model import Event
from indexer.build import update_index
from indexer.search import Searcher, SearchRequest

ARTICLES = [
    ("Кітап-қор жинағы", "Ауылға кітап-қор жеткізілді.", Event()),
    ("Ескі қор", "Кітапхананың кітап көрмесі мен ескі қор.", Event()),
    ("Семинар-практикум", "Мамандарға семинар-практикум өтті.", Event(kinds=("workshop",))),
    ("Үлкен семинар", "Семинар қонақтары практикум туралы айтты.", Event(kinds=("seminar",))),
    ("«Цифрлық кітапхана» семинары", "Семинар басталды.", Event(kinds=("seminar",))),
    ("Цифрлық дәуір", "Кітапхана туралы семинар.", Event(kinds=("seminar",))),
    ("Сурет көрмесі", "Суретшінің көрмесі ашылды.", Event()),
    ("İstanbul", "Зебра İstanbul қаласынан келді.", Event()),
    ("Альбомы и объявления", "В зале лежат альбомы. Объявление висит у входа.", Event()),
    ("Апталық", "Апталық үш күн өтті.", Event(starts="2025-04-10", ends="2025-04-12")),
    ("Жыл бойы", "Марафон жыл бойы.", Event(starts="2024-01-10", ends="2024-12-20")),
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    data: Path = tmp_path_factory.mktemp("words")
    rows = (
        (article(number, title, text, language="ru" if "зале" in text else "kk"), event)
        for number, (title, text, event) in enumerate(ARTICLES, 1)
    )
    with fill(data, rows) as store:
        update_index(data, store)
    with Searcher.open(data) as searcher:
        yield searcher


def titles(searcher: Searcher, q: str) -> set[str]:
    hits = searcher.search(SearchRequest(q=q)).hits
    return {hit.document.article.title or "" for hit in hits}


@pytest.mark.parametrize(
    ("q", "kept", "gone"),
    [
        ("кітап -кітап-қор", {"Ескі қор"}, {"Кітап-қор жинағы"}),
        (
            "семинар -семинар-практикум",
            {"Үлкен семинар", "Цифрлық дәуір"},
            {"Семинар-практикум"},
        ),
        (
            "семинар -«цифрлық кітапхана»",
            {"Цифрлық дәуір", "Үлкен семинар"},
            {"«Цифрлық кітапхана» семинары"},
        ),
        ("-семинар OR көрме", {"Сурет көрмесі", "Ескі қор"}, {"Үлкен семинар"}),
        ("NOT семинар OR көрме", {"Сурет көрмесі"}, {"Үлкен семинар", "Цифрлық дәуір"}),
        ("көрме OR -семинар", {"Сурет көрмесі"}, {"Үлкен семинар"}),
    ],
)
def test_a_minus_leaves_out_the_whole_and_nothing_else(
    small: Searcher, q: str, kept: set[str], gone: set[str]
) -> None:
    found = titles(small, q)
    assert kept <= found
    assert not gone & found


@pytest.mark.parametrize(
    ("q", "marked"),
    [
        ("альбом", "<mark>альбомы</mark>"),
        ("объявления", "<mark>Объявление</mark>"),
        ("зебра", "<mark>Зебра</mark>"),
        ("İstanbul", "<mark>İstanbul</mark>"),
    ],
)
def test_words_of_rare_letters_are_marked(small: Searcher, q: str, marked: str) -> None:
    (hit,) = small.search(SearchRequest(q=q)).hits
    assert marked in hit.snippet


@pytest.mark.parametrize("day", ["10.04.2025", "11.04.2025", "12.04.2025", "2025-04-11"])
def test_an_event_of_several_days_is_found_by_each(small: Searcher, day: str) -> None:
    assert "Апталық" in titles(small, day)


def test_a_long_event_is_found_by_its_first_and_last_day_and_not_by_all(small: Searcher) -> None:
    assert "Жыл бойы" in titles(small, "10.01.2024") & titles(small, "20.12.2024")
    assert "Жыл бойы" not in titles(small, "11.06.2024")
