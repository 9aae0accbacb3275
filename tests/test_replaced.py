"""Searching after most of the articles were replaced: terms without articles are left behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from collection import demo_articles, fill

from crawler.model import Block
from indexer.build import update_index
from indexer.search import Searcher, SearchRequest

QUESTIONS = (
    "цифрлық кітапхана",
    "цифровая библиотека",
    "Абай оқулары",
    "республикалық көшпелі семинар",
    "өлкетану экспедициясы",
)


@pytest.fixture(scope="module")
def replaced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("replaced")
    told = list(demo_articles())
    with fill(data, told) as store:
        update_index(data, store)
        for article, event in told[:-10]:
            blocks = (*article.blocks, Block("Толықтырылды."))
            later = datetime(2026, 11, 22, tzinfo=UTC)
            store.articles.save(replace(article, blocks=blocks), event, later)
        report = update_index(data, store)
    assert report.added == len(told) - 10
    return data


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_still_answered(question: str, replaced: Path) -> None:
    with Searcher.open(replaced) as searcher:
        page = searcher.search(SearchRequest(q=question))
    assert page.hits
    assert "<mark>" in page.hits[0].title + page.hits[0].snippet
