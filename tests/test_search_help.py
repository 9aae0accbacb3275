"""Help on the page for a question that finds nothing or was typed on another keyboard layout.

Every link that tells a number is followed, and what is found there is compared with the number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from collection import article, demo_articles, fill
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from shelves import SITES

import indexer.search
from crawler.model import Event
from indexer.build import update_index
from indexer.engines.protocol import EngineQuery, Found
from indexer.help import MOST_TRIES
from indexer.model import FACETS, SearchRequest
from indexer.pieces import pieces_of, without
from indexer.query import parse_query
from indexer.search import Searcher
from searchui import create_app


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("demo")
    with fill(data, demo_articles()) as store:
        update_index(data, store)
    return data


@pytest.fixture(scope="module")
def pages(folder: Path) -> FlaskClient:
    """A browser on the page over the demo's articles."""
    return create_app(folder, SITES, now=lambda: datetime(2026, 11, 2, tzinfo=UTC)).test_client()


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Searcher]:
    with Searcher.open(folder) as searcher:
        yield searcher


@pytest.fixture(autouse=True)
def time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine would try fewer ways out."""
    monkeypatch.setattr(indexer.search, "FOR_HINTS", 60.0)


def soup_of(pages: FlaskClient, asked: dict[str, object]) -> BeautifulSoup:
    response = pages.get("/", query_string={"lang": "kk", **asked})
    assert response.status_code == 200, response.text[:300]
    return BeautifulSoup(response.text, "lxml")


def found_at(pages: FlaskClient, href: str) -> int:
    """How many articles the program's address of the same search finds."""
    response = pages.get(f"/api/v1/search?{urlsplit(href).query}")
    assert response.status_code == 200, response.text[:300]
    return int(response.get_json()["total"])


def ways(soup: BeautifulSoup) -> list[tuple[str, str, int]]:
    """The links of the help: words, address, number told."""
    return [
        (
            line.a.get_text(),
            str(line.a["href"]),
            int(re.sub(r"\D", "", line.small.get_text())),
        )
        for line in soup.select(".ways li")
        if line.a and line.small
    ]


EMPTY: list[tuple[dict[str, object], str]] = [
    ({"q": "семинар", "region": ["Атырау облысы", "Маңғыстау облысы"]},
     "«Атырау облысы, Маңғыстау облысы» сүзгісінсіз"),
    ({"q": "семинар", "region": "atyrau", "kind": "seminar"}, "«Атырау облысы» сүзгісінсіз"),
    ({"q": "семинар жыл:1999"}, "«1999» сүзгісінсіз"),
    ({"q": "жыл:1990-1999 семинар"}, "«Жыл» сүзгісінсіз"),
    ({"q": "жыл:1999 семинар", "from": "2024", "to": "2024"}, "«1999, 2024» сүзгісінсіз"),
    ({"q": "семинар", "from": "1999", "to": "1999"}, "«1999» сүзгісінсіз"),
    ({"q": 'өңір:"Атырау облысы" семинар'}, "«Атырау облысы» сүзгісінсіз"),
    ({"q": "семинар сайт:mura -сайт:mura"}, "««Мұра» орталығы» сүзгісінсіз"),
    ({"q": "жыл:1999", "sort": "newest"}, "«1999» сүзгісінсіз"),
    ({"q": "ctvbyfh -rsnfg[fyf"}, "семинар"),
    ({"q": "ctvbyfh", "region": "atyrau"}, "«Атырау облысы» сүзгісінсіз"),
    ({"q": "rsnfg[fyf 2024", "region": "atyrau"}, "«Атырау облысы» сүзгісінсіз"),
    ({"q": "+жоқсөзбар сименар оқырман"}, "сименар оқырман"),
    ({"q": "сименар +жоқсөзбар"}, "сименар"),
    ({"q": '"цифрлық сауат" ғарыш'}, "ғарыш"),
    ({"q": "+семинар семинарлар +семинарбар"}, "+семинар семинарлар"),
    ({"q": "семинар AND жоқсөзбар"}, "семинар"),
    ({"q": "семинар -(көрме OR семинар)"}, "семинар -(көрме)"),
    ({"q": "семинар -(көрме OR семинар)"}, "-(көрме OR семинар)"),
    ({"q": "+жоқсөзбар +бұлдажоқсөз семинар"}, "семинар"),
    ({"q": "+(жоқсөзбар) семинар"}, "семинар"),
    ({"q": "өңір:жоқжер +жоқсөзбар семинар"}, "өңір:жоқжер семинар"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "expected"), EMPTY, ids=lambda one: str(one)[:60])
def test_every_link_of_the_help_finds_as_many_as_it_tells(
    pages: FlaskClient, asked: dict[str, object], expected: str
) -> None:
    soup = soup_of(pages, asked)
    assert soup.select(".nothing"), "the question finds nothing"
    offered = ways(soup)
    assert expected in [words for words, _, _ in offered]
    for words, href, told in offered:
        assert found_at(pages, href) == told > 0, words


@pytest.mark.parametrize(("asked", "_"), EMPTY, ids=lambda one: str(one)[:60])
def test_programs_get_the_same_questions_with_their_numbers(
    pages: FlaskClient, asked: dict[str, object], _: str
) -> None:
    hints = pages.get("/api/v1/search", query_string=asked).get_json()["hints"]
    shown = ways(soup_of(pages, asked))
    told = [hint["parts"] for hint in hints if hint["code"].startswith("without_")]
    assert [(int(parts[-2]), parts[-1]) for parts in told] == [
        (count, parse_qs(urlsplit(href).query).get("q", [""])[0]) for _, href, count in shown
    ]


WORDS = st.sampled_from(
    ["семинар", "сименар", "жоқсөзбар", "+жоқсөзбар", "-семинар", '"кітап көрмесі"', "OR", "AND",
     "NOT", "жыл:2024", "жыл:1999", "-тіл:kk", "сайт:mura", "өңір:жоқ", "(", ")", "rsnfg[fyf", "2024",
     '"', "«Абай", "кітап*", "түрі:", "-("]
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=6).map(" ".join))
def test_whatever_is_told_is_found(demo: Searcher, q: str) -> None:
    page = demo.search(SearchRequest(q=q))
    for hint in page.hints:
        if hint.code == "without_word":
            assert demo.search(SearchRequest(q=hint.parts[-1])).total == int(hint.parts[-2])
        if hint.code == "without_filter":
            assert demo.search(SearchRequest(q=hint.parts[-1])).total == int(hint.parts[-2])
    if page.suggestion is not None:
        assert demo.search(SearchRequest(q=page.suggestion)).total


def test_help_asks_the_engine_a_few_times_and_only_when_nothing_is_found(
    demo: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = demo._now().reader
    plain = reader.search
    asked: list[EngineQuery] = []

    def watched(query: EngineQuery) -> Found:
        asked.append(query)
        return plain(query)

    monkeypatch.setattr(reader, "search", watched)
    demo.search(SearchRequest(q="семинар", regions=("karaganda",)))
    assert len(asked) == 1
    asked.clear()
    q = " ".join(f"+жоқсөз{letter}" for letter in "абвгдежзи") + " тіл:kk түрі:семинар сайт:mura"
    assert demo.search(SearchRequest(q=q, regions=("atyrau",))).total == 0
    assert 4 < len(asked) <= 1 + MOST_TRIES + len(FACETS)
    assert all(query.limit == 0 and not query.count_facets for query in asked[1:])


# --- the keyboard on another layout ---------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("rsnfg[fyf", "кітапхана"),
        ("jrshvfy", "оқырман"),
        ('"rsnfg[fyf"', '"кітапхана"'),
        ("rsnfg[fyf 2024", "кітапхана 2024"),
        ("2024 rsnfg[fyf", "2024 кітапхана"),
        ("сайт:mura rsnfg[fyf", "сайт:mura кітапхана"),
        ("site:mura r3nfg[fyf", "site:mura кітапхана"),
        ('өңір:"Қарағанды облысы" rsnfg[fyf', 'өңір:"Қарағанды облысы" кітапхана'),
        ("rsnfg[fyf -жыл:1999", "кітапхана -жыл:1999"),
        ("+ctvbyfh +rsnfg[fyf", "+семинар +кітапхана"),
    ],
)
def test_a_slip_is_answered_as_meant_with_its_figures_and_filters(
    pages: FlaskClient, typed: str, meant: str
) -> None:
    soup = soup_of(pages, {"q": typed})
    answers = [link["href"] for link in soup.select(".rows h2 a")]
    assert answers
    assert answers == [link["href"] for link in soup_of(pages, {"q": meant}).select(".rows h2 a")]
    assert [one.get_text() for one in soup.select(".suggestion a")] == [meant]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("kk", "орнына «кітапхана 2024» ізделді"),
        ("ru", "искали «кітапхана 2024»"),
        ("en", "“кітапхана 2024” was searched instead of"),
    ],
)
def test_the_remark_says_that_the_other_question_alone_was_searched(
    pages: FlaskClient, lang: str, words: str
) -> None:
    (remark,) = soup_of(pages, {"q": "rsnfg[fyf 2024", "lang": lang}).select(".remark")[:1]
    assert words in remark.get_text()
    assert "rsnfg[fyf 2024" in remark.get_text()
    for also in ("де ізделді", "также", "as well"):
        assert also not in remark.get_text()


def test_of_a_misspelt_word_it_is_said_that_both_were_searched(pages: FlaskClient) -> None:
    remarks = [one.get_text() for one in soup_of(pages, {"q": "сименар"}).select(".remark")]
    assert "«сименар» орнына «семинар» сөзі де ізделді." in remarks


@pytest.mark.parametrize("typed", ["rsnfg[fyf", "r3nfg[fyf", "сименар"])
def test_nothing_is_suggested_that_finds_nothing_with_the_same_filters(
    pages: FlaskClient, typed: str
) -> None:
    assert soup_of(pages, {"q": typed}).select(".suggestion")
    soup = soup_of(pages, {"q": typed, "region": "atyrau"})
    assert soup.select(".nothing")
    assert not soup.select(".suggestion")


def test_a_word_that_the_index_has_without_kazakh_letters_stays_so(tmp_path: Path) -> None:
    rows = [article(1, "Библиотека и школа", "Урок в библиотеке.", language="ru")]
    with fill(tmp_path, [(row, Event()) for row in rows]) as store:
        update_index(tmp_path, store)
    with Searcher.open(tmp_path) as searcher:
        assert searcher.search(SearchRequest(q=",b,kbjntrf")).suggestion == "библиотека"


# --- what is left of a question ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "left_out", "rest"),
    [
        ("кітап кітапхана", "кітап", "кітапхана"),
        ("кітапхана кітап", "кітап", "кітапхана"),
        ("a OR b c", "a", "b c"),
        ("a OR b c", "b", "a c"),
        ("a AND NOT b c", "b", "a c"),
        ("NOT a b", "b", "NOT a"),
        ("(a OR b) c", "a", "(b) c"),
        ("(a) c", "a", "c"),
        ("c OR -((a))", "a", "c"),
        ("-(a b) c", "a", "-(b) c"),
        ('"екі сөз" үш', '"екі сөз"', "үш"),
        ('сайт:"екі сөз" үш', "үш", 'сайт:"екі сөз"'),
        ("үш өңір:«екі сөз»", "өңір:«екі сөз»", "үш"),
        ('"жабылмаған үш', "үш", "жабылмаған"),
        ("АБАЙ И ҰЛТ", "АБАЙ", "И ҰЛТ"),
    ],
)
def test_a_piece_goes_with_what_it_leaves_idle(text: str, left_out: str, rest: str) -> None:
    (piece,) = (one for one in pieces_of(text) if one.text == left_out)
    assert without(text, [piece]) == rest


@given(st.text('абab -+:"«»() OR', max_size=30))
def test_pieces_stand_where_they_say_and_any_rest_is_a_question(text: str) -> None:
    pieces = pieces_of(text)
    assert all(text[one.start : one.end] == one.text for one in pieces)
    assert without(text, pieces) == ""
    for piece in pieces:
        parse_query(without(text, [piece]))


# --- suggestions while typing ------------------------------------------------------------------


@pytest.mark.parametrize("limit", ["0000000012345", "21", "0", "1234567890", "²", "-1"])
def test_no_more_suggestions_than_the_cap_are_to_be_had(pages: FlaskClient, limit: str) -> None:
    response = pages.get("/api/v1/suggest", query_string={"q": "кітап", "limit": limit})
    assert response.status_code == 400
    assert response.get_json()["error"]["parameter"] == "limit"
    assert pages.get("/api/v1/suggest?q=кітап&limit=020").status_code == 200
