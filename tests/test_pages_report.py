"""The list for the report: order and headings of its groups, addresses of what is gone."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from shelves import NOW, SITES, fill, shelves
from test_pages import page, words

from crawler.model import Event
from searchui import create_app

pytest_plugins = ("reading_room",)

OTHER = {"kk": "Басқа", "ru": "Прочее", "en": "Other"}
GONE = {
    "kk": "Түпнұсқасы жойылған, мекенжай сақталған көшірменікі.",
    "ru": "Оригинал удалён, адрес ведёт к сохранённой копии.",
    "en": "The original is gone, the address leads to the stored copy.",
}


@pytest.mark.parametrize("lang", OTHER)
@pytest.mark.parametrize("group", ["kind", "month"])
def test_what_has_no_group_stands_last_however_the_groups_run(
    client: FlaskClient, group: str, lang: str
) -> None:
    headings = words(page(client, f"/report?sort=newest&group={group}&lang={lang}"), "h2")
    assert len([one for one in headings if one.startswith(OTHER[lang])]) == 1
    assert headings[-1].startswith(OTHER[lang])


def test_a_heading_begins_with_a_capital_letter(client: FlaskClient) -> None:
    for group in ("kind", "library", "month"):
        for lang in OTHER:
            soup = page(client, f"/report?sort=newest&group={group}&lang={lang}")
            headings = words(soup, ".report-group h2")
            firsts = [next(c for c in one if c.isalnum()) for one in headings]
            assert [one for one in firsts if one.islower()] == [], (group, lang)


@pytest.mark.parametrize("lang", GONE)
def test_an_article_that_is_gone_has_the_address_of_our_copy(
    client: FlaskClient, lang: str
) -> None:
    soup = page(client, f"/report?kind=book-festival&lang={lang}")
    assert words(soup, ".report-group li .url") == ["http://localhost/articles/4"]
    assert GONE[lang] in words(soup, ".report-group li")[0]
    with zipfile.ZipFile(
        io.BytesIO(client.get(f"/report.docx?kind=book-festival&lang={lang}").data)
    ) as book:
        told = "".join(ElementTree.fromstring(book.read("word/document.xml")).itertext())
        links = ElementTree.fromstring(book.read("word/_rels/document.xml.rels"))
    assert GONE[lang] in told
    assert "http://localhost/articles/4" in [one.get("Target") for one in links]


def test_an_article_that_is_there_has_the_address_of_its_library(client: FlaskClient) -> None:
    soup = page(client, "/report?kind=seminar&group=library")
    assert all(".example.kz/" in address for address in words(soup, ".report-group li .url"))
    assert not [one for one in words(soup, ".report-group li") if "жойылған" in one]


@pytest.mark.parametrize(
    ("starts", "ends", "large", "rest"),
    [
        ("2026-09-15", "2026-11-20", [], "15 қыркүйек – 20 қараша 2026"),
        ("2025-12-15", "2026-01-20", [], "15 желтоқсан 2025 – 20 қаңтар 2026"),
        ("2026-09-15", "2026-09-20", ["15–20"], "қыркүйек 2026"),
        ("2026-09-15", "2026-09-15", ["15"], "қыркүйек 2026"),
        ("2026-09", "2026-09", [], "қыркүйек 2026"),
    ],
)
def test_a_day_stands_large_only_beside_its_own_month(
    tmp_path: Path, starts: str, ends: str, large: list[str], rest: str
) -> None:
    event = Event(("exhibition",), starts, ends, 0.9)
    fill(tmp_path, [replace(shelves()[0], event=event)])
    client = create_app(tmp_path, SITES, now=lambda: NOW).test_client()
    soup = page(client, "/?kind=exhibition")
    assert words(soup, ".row .when b") == large
    assert words(soup, ".row .when span") == [rest]
