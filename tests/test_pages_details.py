"""Small things of the pages: names of pictures, labels below bars, skip links."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from shelves import NOW, SITES, fill, shelves
from test_pages import one, page, words

from crawler.model import Evidence, Image
from crawler.store.store import Store
from indexer.build import update_index
from indexer.model import FacetCount, SearchRequest
from searchui import create_app
from searchui.dates import short_month
from searchui.labels import Labels
from searchui.timeline import years
from searchui.wording import wording

pytest_plugins = ("reading_room",)


@pytest.mark.parametrize(
    ("caption", "alt", "shown"),
    [
        ("Қатысушылар", "IMG_1", "Қатысушылар"),
        ("", "IMG-20260910-WA0014", "1-сурет"),
        ("", "DSC 0042.jpg", "1-сурет"),
        ("", "WhatsApp Image 2026-03-01 at 10.20 (2)", "1-сурет"),
        ("", "korme_1", "1-сурет"),
        ("", "20260301 101500", "1-сурет"),
        ("", "5f3e9a27c41b", "1-сурет"),
        ("", "фото 12.JPG", "1-сурет"),
        ("", "Абай-180", "Абай-180"),
        ("", "Abai 180", "Abai 180"),
        ("", "Nauryz-2026", "Nauryz-2026"),
        ("", "Day 1 of the fair", "Day 1 of the fair"),
        ("", "Image of Abai, 1896", "Image of Abai, 1896"),
        ("", "робот 1", "робот 1"),
        ("", "Reading room", "Reading room"),
        ("", "", "1-сурет"),
    ],
)
def test_a_camera_does_not_name_pictures(
    tmp_path: Path, caption: str, alt: str, shown: str
) -> None:
    row = shelves()[0]
    picture = Image("https://saryarqa.example.kz/1.jpg", alt, caption)
    fill(tmp_path, [replace(row, article=replace(row.article, images=(picture,)))])
    client = create_app(tmp_path, SITES, now=lambda: NOW).test_client()
    assert words(page(client, "/articles/1"), ".files a")[0] == shown


def test_the_words_of_the_text_stand_only_where_they_are_not_the_value_itself(
    tmp_path: Path,
) -> None:
    """An organiser read as it stands is not told twice; a day written otherwise is."""
    told = {
        "organisers": "«мұра»  орталығы",
        "venue": "Сарыарқа кітапханасы",
        "city": "Қарағандыда",
        "starts": "16-17 қазанда",
    }
    row = shelves()[0]
    evidence = tuple(Evidence(fact, "text", 0, 5, words) for fact, words in told.items())
    fill(tmp_path, [replace(row, event=replace(row.event, evidence=evidence))])
    soup = page(create_app(tmp_path, SITES, now=lambda: NOW).test_client(), "/articles/1")
    facts = " ".join(words(soup, ".facts dl"))
    assert words(soup, ".evidence") == ["Мәтінде: „16-17 қазанда“", "Мәтінде: „Қарағандыда“"]
    assert "«Мұра» орталығы" in facts
    assert "Сарыарқа кітапханасы" in facts


def test_of_many_years_the_round_ones_are_named_and_every_bar_tells_its_own() -> None:
    counts = [FacetCount(str(year), 3, False) for year in range(1999, 2027)]
    line = years(counts, SearchRequest(sort="newest"), Labels(wording("ru"), {}))
    assert line is not None
    assert [bar.label for bar in line.bars if bar.label] == [
        "2000",
        "2005",
        "2010",
        "2015",
        "2020",
        "2025",
    ]
    assert [bar.words for bar in line.bars][:2] == [
        "1999 год: 3 публикации",
        "2000 год: 3 публикации",
    ]
    few = years(counts[-14:], SearchRequest(sort="newest"), Labels(wording("ru"), {}))
    assert few is not None
    assert all(bar.label for bar in few.bars)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_months_below_bars_are_three_letters_and_all_different(language: str) -> None:
    names = [short_month(month, wording(language)) for month in range(1, 13)]
    assert len(set(names)) == 12
    assert {len(name) for name in names} == {3}


def test_results_have_a_skip_link_to_the_filters(client: FlaskClient) -> None:
    soup = page(client, "/?q=көрме")
    targets = [str(link["href"]) for link in soup.select("a.skip")]
    assert targets == ["#answers", "#filters"]
    assert one(soup, "#answers").select(".row"), "past filters, years and map"
    assert one(soup, "form#filters").select("fieldset")
    assert [str(link["href"]) for link in page(client, "/help").select("a.skip")] == ["#main"]


def test_a_missing_article_is_told_as_such_by_the_api(client: FlaskClient) -> None:
    told = client.get("/api/v1/articles/99999?lang=en")
    assert told.status_code == 404
    assert told.get_json()["error"]["message"] == "No such article"
    assert client.get("/api/v1/nothing?lang=en").get_json()["error"]["message"] == "No such address"


def test_addresses_of_links_are_readable(client: FlaskClient) -> None:
    soup = page(client, "/?q=көрме+%26+кітап&from=2020&to=2020")
    links = {str(link["href"]) for link in soup.select(".sorts a")}
    assert "/?q=көрме+%26+кітап&from=2020&to=2020&sort=newest" in links
    for link in links:
        assert page(client, link).select_one("#q")["value"] == "көрме & кітап"


def test_an_old_version_of_a_gone_page_says_both_in_one_box(tmp_path: Path) -> None:
    row = shelves()[0]
    with Store.open(tmp_path) as store:
        earlier = replace(row.article, title="Бұрынғы тақырып")
        store.articles.save(earlier, row.event, NOW - timedelta(days=40))
    fill(tmp_path, [row])
    with Store.open(tmp_path) as store:
        for days in (20, 10):
            store.articles.mark_missing(row.article.url, NOW - timedelta(days=days))
        update_index(tmp_path, store)
    client = create_app(tmp_path, SITES, now=lambda: NOW).test_client()
    old = page(client, "/articles/1?version=1&lang=en")
    boxes = [box.get_text(" ", strip=True) for box in old.select(".notice")]
    assert len(boxes) == 1
    assert "has not opened since" in boxes[0], "gone"
    assert "earlier version" in boxes[0]
