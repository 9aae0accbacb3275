"""Questions typed while the keyboard was on English are read as they were meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from collection import article, fill

from crawler.model import Event
from indexer.analysis import default_analyzer
from indexer.build import update_index
from indexer.model import Hint
from indexer.search import Searcher, SearchRequest


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("r3nfg[fyf", "кітапхана"), ("R3NFG[FYF", "кітапхана"), ("r3nfg r-hvtc3", "кітап көрмесі"),
        ("2021 ;sks r3nfg[fyflf", "2021 жылы кітапханада"), ("f,fq ;jks hjvfys?", "абай жолы романы"),
        ("9knns0 r3nfg[fyf", "ұлттық кітапхана"),
    ],
)  # fmt: skip
def test_a_slip_is_read_as_meant(typed: str, meant: str) -> None:
    assert default_analyzer().as_meant(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "library", "national library day", "kitapkhana", "oqyrmandar kuni", "кітап", "QR-код", "2021", "", "?!", "it",
        "abai", "open day 2024", "WorldSkills Kazakhstan", "site:kitap region:almaty", "a", "the book of the year",
    ],
)  # fmt: skip
def test_other_questions_stay(typed: str) -> None:
    assert default_analyzer().as_meant(typed) is None


def test_a_slip_finds_what_was_meant_and_says_so(tmp_path: Path) -> None:
    made = [(article(1, "Кітап көрмесі", "Ашылды."), Event()), (article(2, "Сайыс"), Event())]
    with fill(tmp_path, made) as store:
        update_index(tmp_path, store)
    with Searcher.open(tmp_path) as searcher:
        page = searcher.search(SearchRequest(q="r3nfg r-hvtc3"))
    assert [hit.document.article.title for hit in page.hits] == ["Кітап көрмесі"]
    assert page.request.q == "r3nfg r-hvtc3"
    assert Hint("switched", ("r3nfg r-hvtc3", "кітап көрмесі")) in page.hints
