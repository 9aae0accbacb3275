"""Search over the demo collection and small collections: what a librarian sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from collection import article, demo_articles, fill

from crawler.model import Event
from indexer.build import update_index
from indexer.errors import IndexMissingError, QueryLimitError
from indexer.search import Searcher, SearchRequest


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    data = tmp_path_factory.mktemp("demo")
    with fill(data, demo_articles()) as store:
        update_index(data, store)
    with Searcher.open(data) as searcher:
        yield searcher


def titles(searcher: Searcher, q: str, **asked: object) -> list[str]:
    page = searcher.search(SearchRequest(q=q, **asked))  # type: ignore[arg-type]
    return [str(hit.document.article.title) for hit in page.hits]


def test_a_word_is_found_in_another_inflection(demo: Searcher) -> None:
    page = demo.search(SearchRequest(q="семинарларға"))
    assert page.total > 2
    assert "семинар" in page.hits[0].title.lower() + page.hits[0].snippet.lower()


def test_russian_letters_find_kazakh_words(demo: Searcher) -> None:
    kazakh, russian = titles(demo, "кітап көрмесі")[:3], titles(demo, "китап кормеси")[:10]
    assert kazakh
    assert set(kazakh) & set(russian)


def test_filters_of_one_facet_are_alternatives_and_facets_narrow(demo: Searcher) -> None:
    one = demo.search(SearchRequest(sites=("mura",)))
    other = demo.search(SearchRequest(sites=("zhazira",)))
    both = demo.search(SearchRequest(sites=("mura", "zhazira")))
    assert both.total == one.total + other.total
    narrow = demo.search(SearchRequest(sites=("mura", "zhazira"), languages=("ru",)))
    assert 0 < narrow.total < both.total
    assert all(hit.document.article.language == "ru" for hit in narrow.hits)


def test_counts_of_a_facet_ignore_its_own_filter(demo: Searcher) -> None:
    free = {c.value: c.count for c in demo.search(SearchRequest(q="кітап")).facets["site"]}
    page = demo.search(SearchRequest(q="кітап", sites=("mura",)))
    counts = page.facets["site"]
    assert {c.value: c.count for c in counts} == free
    assert [c.value for c in counts if c.selected] == ["mura"]
    assert page.total == free["mura"]
    assert [c.count for c in counts] == sorted((c.count for c in counts), reverse=True)
    years = [c.value for c in page.facets["year"]]
    assert years == sorted(years)


def test_dates_narrow_and_order(demo: Searcher) -> None:
    page = demo.search(
        SearchRequest(date_from=date(2024, 1, 1), date_to=date(2024, 12, 31), sort="oldest")
    )
    assert page.total > 3
    starts = [hit.document.event.starts or "" for hit in page.hits]
    known = [start for start in starts if start.startswith("2024-")]
    assert known == sorted(known)


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x>', "<mark>&amp;"])
def test_nothing_of_an_article_becomes_a_tag(tmp_path: Path, payload: str) -> None:
    with fill(
        tmp_path, [(article(1, f"Кітап {payload}", f"{payload} кітап {payload}"), Event())]
    ) as s:
        update_index(tmp_path, s)
    with Searcher.open(tmp_path) as searcher:
        (hit,) = searcher.search(SearchRequest(q="кітап")).hits
    for shown in (hit.title, hit.snippet):
        assert "<mark>" in shown.lower()
        assert set(re.findall(r"<[^>]*>", shown)) == {"<mark>", "</mark>"}


def test_without_an_index_the_error_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="jarshy index"):
        Searcher.open(tmp_path)


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ({"q": "а" * 501}, "q"),
        ({"q": "сөз " * 41}, "q"),
        ({"q": "((((((сөз))))))"}, "q"),
        ({"q": "*тап"}, "q"),
        ({"q": "кі*"}, "q"),
        ({"q": "кітап~2"}, "q"),
        ({"page": 51}, "page"),
        ({"page": 0}, "page"),
        ({"size": 101}, "size"),
        ({"sort": "best"}, "sort"),
        ({"date_from": date(2024, 1, 2), "date_to": date(2024, 1, 1)}, "from"),
    ],
)
def test_beyond_the_caps_the_error_names_the_parameter(
    demo: Searcher, asked: dict[str, object], parameter: str
) -> None:
    with pytest.raises(QueryLimitError) as caught:
        demo.search(SearchRequest(**asked))  # type: ignore[arg-type]
    assert caught.value.parameter == parameter


def test_an_article_that_left_its_site_is_still_found(tmp_path: Path) -> None:
    first, later = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 9, tzinfo=UTC)
    lost = article(1, title="Жоғалған бет туралы семинар")
    with fill(tmp_path, [(lost, Event())]) as store:
        store.articles.mark_missing(lost.url, first)
        assert store.articles.mark_missing(lost.url, later)
        update_index(tmp_path, store)
    with Searcher.open(tmp_path) as searcher:
        page = searcher.search(SearchRequest(q="семинар"))
    assert [hit.document.gone_since for hit in page.hits] == [later]
