"""How the pages put things: dates in sentences, units, one result, feeds in one's language."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from shelves import NOW, SITES, fill, shelves
from test_pages import one, page, words

from crawler.health import Reason, SiteHealth
from crawler.model import Block
from searchui import create_app
from searchui.health_words import health_words
from searchui.wording import LANGUAGES, wording

pytest_plugins = ("reading_room",)

ATOM = "{http://www.w3.org/2005/Atom}"


# --- Kazakh: a date has no ending, so nothing may hang on it --------------------------------


def test_kazakh_dates_stand_where_they_need_no_ending(client: FlaskClient) -> None:
    soup = page(client, "/articles/4")
    assert words(soup, ".notice") == [
        "Түпнұсқа бет ашылмайды (алғаш байқалған күні: 2026 ж. 2 наурыз). Төменде сақталған мәтін."
    ]
    head = words(soup, ".archived-head")[0]
    assert re.fullmatch(r"Мұрағаттағы мәтін \(сақталған күні: 2026 ж\. .+, \d\d:\d\d\)", head)
    earlier = page(client, "/articles/1?version=1")
    told = words(earlier, ".notice")[0]
    assert told.startswith("Бұл – ескі нұсқа (сақталған күні: 2026 ж. 10 наурыз).")
    late = SiteHealth("mura", "Мұра", 3, NOW, "stale", (Reason("overdue", {"when": NOW}),))
    assert health_words(late, wording("kk")) == "Соңғы жинау күні: 2026 ж. 12 наурыз, 11:00."


def test_no_kazakh_word_follows_a_date() -> None:
    """`{when}` ends a phrase, a sentence or a bracket in every Kazakh phrase."""
    told = (files("searchui") / "translations" / "kk.toml").read_text("utf-8")
    dated = [line for line in told.splitlines() if "{when}" in line]
    assert len(dated) > 5
    assert [line for line in dated if not re.search(r'\{when\}\)?(?:\.|"$)', line)] == []


# --- units and small numbers --------------------------------------------------------------


@pytest.mark.parametrize(("lang", "unit"), [("kk", "МБ"), ("ru", "МБ"), ("en", "MB")])
def test_the_size_of_the_index_has_its_unit_in_the_readers_language(
    client: FlaskClient, lang: str, unit: str
) -> None:
    told = " ".join(words(page(client, f"/status?lang={lang}"), "main"))
    assert re.search(rf"\d[.,]\d {unit}\b", told)
    assert unit == "MB" or " MB" not in told


@pytest.mark.parametrize(
    ("lang", "shown"),
    [("kk", "1-нәтиже, барлығы 1"), ("ru", "результат 1 из 1"), ("en", "result 1 of 1")],
)
def test_one_result_is_no_range(client: FlaskClient, lang: str, shown: str) -> None:
    told = words(page(client, f"/?kind=book-festival&lang={lang}"), ".shown")[0]
    assert told.startswith(f"{shown} ·")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_numbers_are_said_to_show_articles(client: FlaskClient, lang: str) -> None:
    told = " ".join(words(page(client, f"/help?lang={lang}"), "main"))
    phrase = {
        "kk": "Сандар жарияланымдар санын көрсетеді",
        "ru": "Числа показывают, сколько найдено публикаций",
        "en": "libraries often write more than once about one event",
    }
    assert phrase[lang] in told


# --- feeds --------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_feed_speaks_the_language_of_the_page_it_was_taken_from(
    client: FlaskClient, data: Path, lang: str
) -> None:
    for path in (f"/?kind=seminar&lang={lang}", f"/?lang={lang}", f"/articles/1?lang={lang}"):
        soup = page(client, path)
        links = {str(a["href"]) for a in soup.select('a[href^="/feed"], link[href^="/feed"]')}
        for link in links:
            without_cookies = create_app(data, SITES, now=lambda: NOW).test_client()
            feed = ElementTree.fromstring(without_cookies.get(link).data)
            assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == lang, path
    taken = page(client, f"/?kind=seminar&lang={lang}")
    href = str(one(taken, 'link[type="application/atom+xml"]')["href"])
    assert (f"lang={lang}" in href) == (lang != "kk")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_summaries_of_a_feed_have_one_full_stop_after_each_part(
    client: FlaskClient, lang: str
) -> None:
    feed = ElementTree.fromstring(client.get(f"/feed.atom?lang={lang}").data)
    told = [entry.findtext(f"{ATOM}summary") or "" for entry in feed.iter(f"{ATOM}entry")]
    assert len(told) > 40
    assert [one for one in told if ".." in one or ". ." in one] == []
    seminar = next(one for one in told if "85 адам" in one)
    start = {
        "kk": "2024 ж. 16–17 қазан. Қарағанды облысы. 2024",
        "ru": "16–17 октября 2024 г. Карагандинская область. 2024",
        "en": "16–17 October 2024. Karaganda Region. 2024",
    }
    assert seminar.startswith(start[lang])


def test_a_long_text_is_cut_between_words_in_a_feed(tmp_path: Path) -> None:
    row = shelves()[0]
    long = replace(row.article, blocks=(Block("кітапхана " * 300),))
    fill(tmp_path, [replace(row, article=long)])
    client = create_app(tmp_path, SITES, now=lambda: NOW).test_client()
    feed = ElementTree.fromstring(client.get("/feed.atom").data)
    summary = next(feed.iter(f"{ATOM}summary")).text or ""
    assert summary.endswith("кітапхана…")
    assert 300 < len(summary) < 500
