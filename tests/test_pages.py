"""The pages as a librarian sees them: served over a real index, read as HTML."""

from __future__ import annotations

import csv
import gzip
import http.client
import io
import queue
import re
import string
import threading
import time
import tomllib
import zipfile
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from shelves import EXHIBITIONS, MAIN, NOW, REPORT, SITES, TWIN, Stored, fill
from werkzeug.datastructures import MultiDict

from crawler.errors import JarshyError
from crawler.model import Article, Attachment, Block, BlockKind, Event, Image
from crawler.sites import Site
from crawler.vocabulary import kinds, regions
from indexer.model import SearchRequest
from searchui import create_app
from searchui.dates import span
from searchui.event_page import passages
from searchui.labels import Labels, sorting_key
from searchui.limits import Allowance
from searchui.params import address, arguments, request_from
from searchui.rows import safe_link
from searchui.serving import ServingError, serve
from searchui.spreadsheets import defused
from searchui.wording import LANGUAGES, phrases, wording

pytest_plugins = ("reading_room",)

SEMINAR_QUERY = "/?q=цифрлық+сауаттылық"


def page(client: FlaskClient, path: str, status: int = 200) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == status, response.text[:500]
    return BeautifulSoup(response.text, "lxml")


def words(soup: Tag, selector: str) -> list[str]:
    return [" ".join(tag.get_text(" ").split()) for tag in soup.select(selector)]


def one(soup: Tag, selector: str) -> Tag:
    found = soup.select(selector)
    assert len(found) == 1, f"{selector}: {len(found)}"
    return found[0]


# --- the first page -----------------------------------------------------------------------


def test_the_first_page_says_what_there_is(client: FlaskClient) -> None:
    soup = page(client, "/")
    assert one(soup, "h1").get_text() == "Әріптестер тәжірибесі\N{NO-BREAK SPACE}– бір іздеуде"
    assert words(soup, ".figures li") == [
        "48 іс-шара", "50 жарияланым", "3 кітапхана", "5 өңір", "2018–2026 жылдар",
    ]  # fmt: skip
    assert len(soup.select(".rows .row")) == 5
    assert len(soup.select(".tile")) == 20
    assert words(soup, ".bars li")[0].startswith("көрме ")


def test_the_first_page_recalls_these_days_of_earlier_years(client: FlaskClient) -> None:
    found = words(page(client, "/"), ".briefs li")
    assert any("15-бөлім" in line and "2024 ж. 15 наурыз" in line for line in found)


# --- searching and narrowing --------------------------------------------------------------


def test_a_search_shows_title_snippet_library_region_date_and_kind(client: FlaskClient) -> None:
    soup = page(client, SEMINAR_QUERY + "+семинары&site=saryarqa&language=kk")
    row = next(row for row in soup.select(".row") if row.select(f'a[href="{MAIN}"]'))
    assert [mark.get_text() for mark in row.select("h2 mark")]
    text = " ".join(row.get_text(" ").split())
    for told in ("16–17", "қазан 2024", "семинар", "«Сарыарқа» кітапханасы", "Қарағанды облысы"):
        assert told in text
    assert one(soup, "#q")["value"] == "цифрлық сауаттылық семинары"


def test_reports_of_one_event_name_each_other(client: FlaskClient) -> None:
    soup = page(client, "/?kind=seminar")
    told = {words(row, "h2")[0]: words(row, ".also a") for row in soup.select(".row")}
    assert sorted(told["Цифрлық сауаттылық семинары өтті"]) == [
        "«Мұра» орталығы (қазақша)",
        "«Сарыарқа» кітапханасы (орысша)",
    ]
    assert page(client, "/?kind=exhibition").select(".also") == []


def test_a_filter_is_a_check_box_with_its_count_and_a_chip_to_take_it_off(
    client: FlaskClient,
) -> None:
    soup = page(client, "/?q=көрме&region=akmola")
    box = one(soup, 'input[name="region"][value="akmola"]')
    assert box.has_attr("checked")
    chip = one(soup, ".chips li:not(.clear) a")
    assert "Ақмола облысы" in chip.get_text()
    assert parse_qs(urlsplit(str(chip["href"])).query) == {"q": ["көрме"]}
    counts = {str(tag["value"]): tag.find_next("b") for tag in soup.select('input[name="region"]')}
    total = int(re.findall(r"\d+", words(soup, "h1")[0])[0])
    told = counts["akmola"]
    assert told is not None
    assert int(told.get_text()) == total


def test_applying_an_untouched_form_gives_a_clean_address(client: FlaskClient) -> None:
    response = client.get("/?q=көрме&from=&to=&region=akmola")
    assert response.status_code == 302
    target = response.headers["Location"]
    assert parse_qs(urlsplit(target).query) == {"q": ["көрме"], "region": ["akmola"]}
    assert client.get("/?q=").headers["Location"] == "/"


def test_pages_lead_on_and_back(client: FlaskClient) -> None:
    first = page(client, "/?kind=exhibition")
    assert "1–20" in words(first, ".shown")[0]
    onward = str(one(first, '.pages a[rel~="next"]')["href"])
    second = page(client, onward)
    assert "21–40" in words(second, ".shown")[0]
    assert one(second, '.pages [aria-current="page"]').get_text() == "2"
    back = str(one(second, '.pages a[rel~="prev"]')["href"])
    assert words(page(client, back), ".row h2") == words(first, ".row h2")


def test_a_page_behind_the_last_leads_to_the_last(client: FlaskClient) -> None:
    response = client.get("/?kind=exhibition&page=9")
    assert response.status_code == 302
    query = parse_qs(urlsplit(response.headers["Location"]).query)
    assert query == {"kind": ["exhibition"], "page": ["3"]}


def test_the_timeline_leads_from_years_to_months_and_back(client: FlaskClient) -> None:
    years = page(client, "/?kind=exhibition")
    bar = next(bar for bar in years.select(".timeline a") if bar.title.get_text()[:4] == "2020")
    months = page(client, str(bar["href"]))
    bars = months.select(".timeline li")
    assert len(bars) == 12
    counts = [int(told) for told in re.findall(r": (\d+)", str(months.select(".timeline")))]
    total = int(re.findall(r"\d+", words(months, "h1")[0])[0])
    assert sum(counts) == total
    back = page(client, str(one(months, ".timeline-year a")["href"]))
    assert words(back, "h1") == words(years, "h1")


def test_months_of_a_year_typed_in_the_question_have_no_way_to_other_years(
    client: FlaskClient,
) -> None:
    soup = page(client, "/?q=көрме+жыл:2020")
    assert len(soup.select(".timeline li")) == 12
    assert words(soup, ".timeline-year") == ["2020"]
    told = {str(a["href"]): a.title.get_text() for a in soup.select(".timeline li a")}
    assert told
    for href, title in told.items():
        assert re.findall(r"\d+", words(page(client, href), "h1")[0])[0] == title.split()[-2]


@pytest.mark.parametrize(
    ("typed", "years"),
    [("жыл:2019-2020", {"2019", "2020"}), ("-жыл:2020", {"2018", "2019", "2021"})],
)
def test_every_year_that_is_offered_beside_typed_ones_has_answers(
    client: FlaskClient, typed: str, years: set[str]
) -> None:
    links = page(client, f"/?q=көрме+{typed}").select(".timeline li a")
    offered = {a.title.get_text().split()[0] for a in links}
    assert offered >= years if typed.startswith("-") else offered == years
    assert "2020" not in offered or not typed.startswith("-")
    assert all(page(client, str(a["href"])).select(".row") for a in links)


def test_sorts_are_links_and_the_current_one_is_marked(client: FlaskClient) -> None:
    soup = page(client, "/?q=көрме&sort=oldest")
    assert words(soup, '.sorts [aria-current="true"]') == ["Ескісі бірінші"]
    dates = [str(tag["datetime"]) for tag in soup.select(".row time")]
    assert dates == sorted(dates)


def test_nothing_found_offers_ways_on(client: FlaskClient) -> None:
    soup = page(client, "/?q=цифрлық+семинар&region=mangystau")
    assert words(soup, "h1")[0].startswith("Ештеңе табылмады")
    without = next(tag for tag in soup.select(".ways a") if "Маңғыстау" in tag.get_text())
    assert soup.select('.advice a[href="/help"]')
    assert int(re.findall(r"\d+", words(page(client, str(without["href"])), "h1")[0])[0]) > 0


def test_a_slip_of_the_pen_is_offered_right(client: FlaskClient) -> None:
    soup = page(client, "/?q=семинра")
    offered = soup.select(".suggestion a")
    assert offered
    assert page(client, str(offered[0]["href"])).select(".row")


# --- the event page -----------------------------------------------------------------------


def test_the_event_page_tells_facts_and_where_they_were_read(client: FlaskClient) -> None:
    soup = page(client, "/articles/1")
    assert words(soup, "h1") == ["Цифрлық сауаттылық семинары өтті"]
    facts = dict(
        zip(words(soup, ".facts dt"), words(soup, ".facts dd:nth-of-type(1)"), strict=True)
    )
    assert facts["Өткен күні"] == "2024 ж. 16–17 қазан"
    assert facts["Қатысушылар"] == "85 адам"
    assert facts["Өңір"] == "Қарағанды облысы"
    assert "2024 жылғы 16-17 қазанда" in words(soup, ".evidence")[0]


def test_the_event_page_keeps_the_structure_of_the_text(client: FlaskClient) -> None:
    soup = page(client, "/articles/1")
    assert words(soup, ".story-text h2") == ["Бағдарлама"]
    assert words(soup, ".story-text ul li") == ["электрондық каталог", "деректер қоры"]
    assert words(soup, ".story-text blockquote") == ["Кітап – білім бұлағы."]
    assert one(soup, ".story-text")["lang"] == "kk"


@pytest.mark.parametrize(
    ("items", "kinds"),
    [
        (["1. бірінші", "2. екінші"], ["numbered"]),
        (["I орын – Асан", "II орын – Үсен"], ["numbered"]),
        (["каталог", "қор"], ["item"]),
        (["1. бірінші", "екінші"], ["item"]),
    ],
)
def test_a_list_gets_no_second_marks(items: list[str], kinds: list[str]) -> None:
    blocks = [Block(item, BlockKind.ITEM) for item in items]
    assert [passage.kind for passage in passages(blocks)] == kinds


def test_the_event_page_leads_to_original_pictures_and_files(client: FlaskClient) -> None:
    soup = page(client, "/articles/1")
    assert one(soup, "a.button")["href"] == MAIN
    assert {(a.get_text(), a["href"]) for a in soup.select(".files a")} == {
        ("Семинарға қатысушылар", "https://saryarqa.example.kz/1.jpg"),
        ("Бағдарлама", "https://saryarqa.example.kz/bagdarlama.pdf"),
    }
    for link in soup.select('a[href^="http"]'):
        assert "noopener" in (link.get("rel") or [])


def test_the_event_page_names_other_reports_and_the_other_language(client: FlaskClient) -> None:
    soup = page(client, "/articles/1")
    panels = {words(panel, "h2")[0]: panel for panel in _panels(soup)}
    assert words(panels["Осы іс-шара туралы басқа жарияланымдар"], "a")
    assert one(panels["Басқа тілде"], "a")["href"] == "/articles/2"


def _panels(soup: BeautifulSoup) -> list[Any]:
    return [panel for panel in soup.select(".panel") if panel.select("h2")]


def test_a_changed_article_shows_its_earlier_text(client: FlaskClient) -> None:
    soup = page(client, "/articles/1")
    earlier = one(soup, ".versions a")
    old = page(client, str(earlier["href"]))
    assert len(old.select(".story-text > *")) == 1
    assert "ескі нұсқа" in words(old, ".notice")[0]


@pytest.mark.parametrize("number", ["999", "0", "-1", "01", "abc", "1 ", "²", "9" * 400])
def test_a_version_that_never_was_is_told_and_leads_to_the_current_text(
    client: FlaskClient, number: str
) -> None:
    told = {"kk": "Мұндай нұсқа жоқ", "ru": "Такой версии нет", "en": "No such version"}
    for language, heading in told.items():
        soup = page(client, f"/articles/1?version={quote(number)}&lang={language}", 404)
        assert words(soup, "h1") == [heading]
        assert one(soup, "html")["lang"] == language
        assert one(soup, "a.button")["href"] == "/articles/1"


def test_the_number_of_the_current_version_shows_the_current_text(client: FlaskClient) -> None:
    soup = page(client, "/articles/1?version=2")
    assert soup.select(".archived, .notice") == []
    assert soup.select(".story-text")[0] == page(client, "/articles/1").select(".story-text")[0]


def test_a_gone_article_is_still_told_and_says_so(client: FlaskClient) -> None:
    soup = page(client, "/articles/4")
    assert "ашылмайды (алғаш байқалған күні: 2026 ж. 2 наурыз)" in words(soup, ".notice")[0]
    assert words(soup, ".story-text p") == [
        "Қостанайда 2025 жылғы 12 наурызда кітап мерекесі өтті."
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_ends_twice(client: FlaskClient, lang: str) -> None:
    """Russian years end in a full stop of their own."""
    for path in ("/articles/4", "/articles/1?version=1", "/status", "/report?kind=seminar"):
        joint = "&" if "?" in path else "?"
        told = page(client, f"{path}{joint}lang={lang}").get_text(" ")
        assert not re.search(r"(?<!\.)\.\s?\.(?!\.)", told), path


def test_an_article_without_title_and_dates_still_has_a_page(client: FlaskClient) -> None:
    soup = page(client, "/articles/5")
    assert words(soup, "h1") == ["Атауы жоқ жазба"]
    assert "Өткен күні" not in words(soup, ".facts dt")
    assert client.get("/articles/5.ics").status_code == 404


def test_the_way_back_leads_to_the_results_one_came_from(client: FlaskClient) -> None:
    def back(referer: str) -> str:
        response = client.get("/articles/1", headers={"Referer": referer})
        return str(one(BeautifulSoup(response.text, "lxml"), ".back a")["href"])

    assert parse_qs(urlsplit(back("http://localhost/?q=абай&page=2")).query) == {
        "q": ["абай"],
        "page": ["2"],
    }
    for foreign in ("http://evil.example/?q=a", "http://localhost/help", "http://[", "x"):
        assert back(foreign) == "/"


def test_the_citation_is_a_bibliographic_line_in_the_language_of_the_page(
    client: FlaskClient,
) -> None:
    assert words(page(client, "/articles/1?lang=kk"), "#citation") == [
        "Цифрлық сауаттылық семинары өтті. – Мәтін : электрондық // «Сарыарқа» кітапханасы : "
        f"[сайт]. – 2024. – 18 қаз. – URL: {MAIN} (қаралған күні: 12.03.2026)."
    ]
    assert words(page(client, "/articles/1?lang=ru"), "#citation") == [
        "Цифрлық сауаттылық семинары өтті. – Текст : электронный // Библиотека «Сарыарка» : "
        f"[сайт]. – 2024. – 18 окт. – URL: {MAIN} (дата обращения: 12.03.2026)."
    ]


def test_machines_read_the_event_from_the_page(client: FlaskClient) -> None:
    response = client.get("/articles/1")
    soup = BeautifulSoup(response.text, "lxml")
    data = client.get("/articles/1.jsonld").get_json(force=True)
    assert data["@type"] == "EducationEvent"
    assert (data["startDate"], data["endDate"]) == ("2024-10-16", "2024-10-17")
    assert data["location"]["address"]["addressRegion"] == "Қарағанды облысы"
    assert data["subjectOf"]["url"] == MAIN
    embedded = one(soup, 'script[type="application/ld+json"]').get_text()
    assert "2024-10-16" in embedded
    coins = parse_qs(str(one(soup, ".Z3988")["title"]))
    assert coins["rft.identifier"] == [MAIN]


# --- languages, views, errors -------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "heading", "found"),
    [
        ("kk", "Іздеу бойынша анықтама", "Табылды: 1 іс-шара туралы 3 жарияланым"),
        ("ru", "Справка по поиску", "Найдено: 3 публикации, мероприятий: 1"),
        ("en", "Search help", "3 articles on 1 event found"),
    ],
)
def test_every_page_speaks_the_three_languages(
    client: FlaskClient, lang: str, heading: str, found: str
) -> None:
    assert words(page(client, f"/help?lang={lang}"), "h1") == [heading]
    soup = page(client, "/?kind=seminar")
    assert words(soup, "h1") == [found]
    assert one(soup, "html")["lang"] == lang


def test_language_and_view_are_all_that_is_remembered(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/").headers
    assert "Set-Cookie" not in client.get("/api/v1/search?lang=ru").headers
    assert "Set-Cookie" not in client.get("/?lang=xx").headers
    told = client.get("/help?lang=ru").headers["Set-Cookie"]
    assert told.startswith("lang=ru;")
    assert "HttpOnly" in told
    assert "SameSite=Lax" in told
    assert one(page(client, "/?view=large"), "html")["data-view"] == "large"
    assert one(page(client, "/help"), "html")["data-view"] == "large"


def test_changing_the_language_keeps_the_search(client: FlaskClient) -> None:
    soup = page(client, "/?q=көрме&region=akmola&region=abai")
    link = one(soup, '.languages a[hreflang="ru"]')
    assert parse_qs(str(link["href"]).lstrip("?")) == {
        "q": ["көрме"],
        "region": ["akmola", "abai"],
        "lang": ["ru"],
    }


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/nothing", 404, "Страница не найдена"),
        ("/articles/999999", 404, "Страница не найдена"),
        ("/?page=x", 400, "Запрос непонятен"),
        ("/?from=31.02.2025", 400, "Запрос непонятен"),
        ("/report?group=colour", 400, "Запрос непонятен"),
    ],
)
def test_errors_are_pages_in_the_readers_language_with_a_way_on(
    client: FlaskClient, path: str, status: int, heading: str
) -> None:
    client.get("/help?lang=ru")
    soup = page(client, path, status)
    assert words(soup, "h1") == [heading]
    assert one(soup, "main a.button")["href"] == "/"


def test_an_error_of_ours_is_a_page_without_details(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(app.extensions["jarshy"].archive.searcher, "document", broken)
    response = client.get("/articles/1")
    assert response.status_code == 500
    assert "Серверде қате болды" in response.text
    assert "secret" not in response.text
    assert client.get("/api/v1/articles/1").get_json()["error"]["code"] == "server_error"


def test_without_an_index_every_page_says_what_to_do(tmp_path: Path) -> None:
    client = create_app(tmp_path / "none", {}).test_client()
    soup = page(client, "/", 503)
    assert words(soup, "h1") == ["Іздеу әзірге дайын емес"]
    assert words(soup, ".commands code")[0] == "jarshy run"
    assert page(client, "/help").select("h1")
    assert page(client, "/status").select("h1")
    error = client.get("/api/v1/search?q=а")
    assert (error.status_code, error.get_json()["error"]["code"]) == (503, "index_missing")
    assert client.get("/healthz").status_code == 503
    assert not (tmp_path / "none").exists()


def test_the_index_is_taken_up_without_a_restart_once_it_is_made(tmp_path: Path) -> None:
    client = create_app(tmp_path, SITES, now=lambda: NOW).test_client()
    assert client.get("/").status_code == 503
    article = Article("https://a.example/1", "Дәріс", (Block("Дәріс өтті."),), "kk", "demo")
    fill(tmp_path, [Stored(article, Event(kinds=("lecture",)), NOW)])
    for _ in range(40):
        if client.get("/").status_code == 200:
            break
        time.sleep(0.1)
    assert words(page(client, "/?q=дәріс"), ".row h2") == ["Дәріс"]


# --- the status page ----------------------------------------------------------------------


def test_the_status_page_tells_health_and_reason_in_words(client: FlaskClient) -> None:
    soup = page(client, "/status?lang=en")
    lines = {words(row, "th")[0]: words(row, "td") for row in soup.select("tbody tr")}
    assert lines["«Жазира» кітапханасы"][0] == "Unreachable"
    assert lines["Mura Centre"][4].endswith("Of 3 pages seen, 1 could not be read.")
    assert lines["«Сарыарқа» кітапханасы"][:3] == ["Healthy", "2", "+2"]
    assert words(soup, ".figures li")[0] == "1 / 3 Healthy"
    assert not soup.select(".notice")


def test_the_status_page_warns_when_nothing_was_gathered_for_days(
    data: Path, client: FlaskClient
) -> None:
    later = create_app(data, SITES, now=lambda: NOW + timedelta(days=4)).test_client()
    assert "4 күннен бері" in words(page(later, "/status"), ".notice")[0]


def test_healthz_tells_machines(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json()["status"] == "ok"


# --- taking results away ------------------------------------------------------------------


def test_a_search_comes_as_csv_that_excel_opens(client: FlaskClient) -> None:
    response = client.get("/export.csv?kind=exhibition")
    assert response.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in response.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:4] == ["Атауы", "Кітапхана", "Өңір", "Іс-шара түрі"]
    assert len(rows) == EXHIBITIONS + 1
    assert all(len(row) == len(rows[0]) for row in rows)


SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def shown(cell: ElementTree.Element) -> str:
    """What Excel shows: a number with the style of days (the third) is a day."""
    told = "".join(cell.itertext())
    return f"{date(1899, 12, 30) + timedelta(int(told))}" if cell.get("s") == "2" else told


def test_a_search_comes_as_xlsx_with_the_same_rows(client: FlaskClient) -> None:
    book = zipfile.ZipFile(io.BytesIO(client.get("/export.xlsx?kind=seminar").data))
    assert book.testzip() is None
    for name in book.namelist():
        ElementTree.fromstring(book.read(name))
    rows = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(f"{SHEET}row")
    cells = [[shown(cell) for cell in row] for row in rows]
    text = client.get("/export.csv?kind=seminar").data.decode("utf-8-sig")
    assert cells == list(csv.reader(io.StringIO(text), delimiter=";"))


def test_a_search_comes_as_ris(client: FlaskClient) -> None:
    text = client.get("/export.ris?kind=seminar").text
    records = text.split("ER  - ")[:-1]
    assert len(records) == 3
    assert all(record.strip().startswith("TY  - ELEC") for record in records)
    urls = set(re.findall(r"^UR  - (.+?)\r$", text, re.M))
    assert urls == {MAIN, TWIN, REPORT}
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in text.splitlines() if line)


def test_an_event_comes_as_a_calendar_entry(client: FlaskClient) -> None:
    body = client.get("/articles/1.ics").data
    lines = body.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    text = body.replace(b"\r\n ", b"").decode()
    assert "DTSTART;VALUE=DATE:20241016\r\n" in text
    assert "DTEND;VALUE=DATE:20241018\r\n" in text
    assert "SUMMARY:Цифрлық сауаттылық семинары өтті\r\n" in text
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")


ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_search_comes_as_a_feed_of_what_was_first_seen_last(client: FlaskClient) -> None:
    response = client.get("/feed.atom?q=көрме&region=akmola")
    assert response.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(response.data)
    seen = [entry.findtext(f"{ATOM}updated") or "" for entry in feed.iter(f"{ATOM}entry")]
    assert seen
    assert seen == sorted(seen, reverse=True)
    assert feed.findtext(f"{ATOM}title") == "Жаршы: көрме, Ақмола облысы"
    link = one(page(client, "/?q=көрме&region=akmola"), 'link[type="application/atom+xml"]')
    assert parse_qs(urlsplit(str(link["href"])).query) == {"q": ["көрме"], "region": ["akmola"]}


@pytest.mark.parametrize(
    ("group", "headings"),
    [
        ("kind", ["Көрме 45"]),
        ("library", ["«Жазира» кітапханасы 45"]),
    ],
)
def test_a_search_comes_as_a_list_for_the_report(
    client: FlaskClient, group: str, headings: list[str]
) -> None:
    soup = page(client, f"/report?kind=exhibition&group={group}")
    assert len(soup.select(".report-group li")) == EXHIBITIONS
    assert words(soup, ".report-group h2") == headings


def test_a_list_by_months_begins_with_the_latest(client: FlaskClient) -> None:
    headings = words(page(client, "/report?kind=exhibition&group=month"), ".report-group h2")
    assert headings[0].split()[1] == "2025"
    assert headings[-1].split()[1] == "2018"


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_no_item_of_a_list_has_two_full_stops(client: FlaskClient, lang: str) -> None:
    soup = page(client, f"/report?kind=exhibition&lang={lang}")
    told = [*words(soup, ".lead"), *words(soup, ".report-group li")]
    assert len(told) == EXHIBITIONS + 1
    assert not [one for one in told if ".." in one or ". ." in one]


def test_browsers_can_add_the_search_to_their_bar(client: FlaskClient) -> None:
    link = one(page(client, "/"), 'link[rel="search"]')
    told = ElementTree.fromstring(client.get(str(link["href"])).data)
    urls = [tag.get("template") or "" for tag in told if tag.tag.endswith("Url")]
    assert urls[0] == "http://localhost/?q={searchTerms}"


# --- safety -------------------------------------------------------------------------------

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    '<a href="javascript:alert(1)">x</a>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "]]><x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<mark onclick=alert(1)>x</mark>",
    '=HYPERLINK("http://evil")',
    "@SUM(1+1)|cmd",
    "\u202e<b>gnp.exe</b>\x00\x08",
    '<!--<img src="--><img src=x onerror=alert(1)//">',
    "<style>@import'http://evil'</style>",
    "<iframe src=//evil></iframe>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "\r\nSet-Cookie: a=b",
)
ADDRESSES = ("javascript:alert(1)", "data:text/html,<script>", 'http://a.example/"><script>')


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """500 payloads: 20 attacks, each in 25 places of one article."""
    folder = tmp_path_factory.mktemp("hostile")
    fill(folder, [_hostile(number, attack) for number, attack in enumerate(PAYLOADS)])
    sites = {"hostile": Site(id="hostile", name=_names(), url="https://a.example/")}
    return create_app(folder, sites, now=lambda: NOW).test_client()


def _names() -> Any:
    return {"kk": PAYLOADS[0], "ru": PAYLOADS[1], "en": PAYLOADS[2]}


def _hostile(number: int, attack: str) -> Stored:
    blocks = [Block(f"семинар {attack}", kind) for kind in BlockKind]
    url = ADDRESSES[number % len(ADDRESSES)]
    article = Article(
        url=f"{url}/{number}",
        title=f"семинар {attack}",
        blocks=(*blocks, *blocks),
        language="kk",
        layout="demo",
        site="hostile",
        published=datetime(2024, 5, 5, tzinfo=UTC),
        author=attack,
        section=attack,
        images=(Image(url, attack, attack), Image("https://a.example/i.png", attack, attack)),
        attachments=(Attachment(url, attack), Attachment("https://a.example/a.pdf", attack)),
    )
    event = Event(
        kinds=("seminar", attack),
        starts="2024-05-05",
        venue=attack,
        city=attack,
        region="abai",
        organisers=(attack, attack),
        topics=(attack,),
    )
    return Stored(article, event, NOW)


TAGS = """html head meta title link script body a header svg path circle rect span strong small nav
div h1 h2 h3 form label input button main p ul ol li section article aside time b i mark details
summary fieldset legend dl dt dd blockquote footer table thead tbody tr th td code"""
ALLOWED = set(re.findall(r"\w+", TAGS))


def check_dom(text: str) -> None:
    """No tag, attribute or address in a page but those of our templates."""
    soup = BeautifulSoup(text, "html.parser")
    for tag in soup.find_all(True):
        assert tag.name in ALLOWED, tag.name
        for name, value in tag.attrs.items():
            assert not name.lower().startswith("on"), f"<{tag.name} {name}>"
            assert name != "style"
            if name in ("href", "src", "action"):
                assert re.match(r"(https?://|/|\?|#)", str(value)), value
    for script in soup.find_all("script"):
        assert script.get("src") or script.get("type") == "application/ld+json"


def test_no_payload_reaches_a_page_as_markup(hostile: FlaskClient) -> None:
    paths = ["/", "/?q=семинар", "/?q=семинар&sort=newest", "/status", "/report?q=семинар"]
    paths += [f"/articles/{number}" for number in range(1, len(PAYLOADS) + 1)]
    for path in paths:
        for lang in LANGUAGES:
            response = hostile.get(path, query_string=None, headers={"Cookie": f"lang={lang}"})
            assert response.status_code == 200
            check_dom(response.text)


def test_no_payload_reaches_a_page_from_its_address(client: FlaskClient) -> None:
    for attack in PAYLOADS:
        for query in ({"q": attack}, {"q": "а", "region": attack}, {"from": attack}, {"x": attack}):
            check_dom(client.get("/", query_string=query, follow_redirects=True).text)
        assert "Set-Cookie" not in client.get("/", query_string={"q": attack}).headers


def test_no_payload_breaks_feed_json_or_tables(hostile: FlaskClient) -> None:
    feed = ElementTree.fromstring(hostile.get("/feed.atom").data)
    assert {tag.tag.split("}")[0] for tag in feed.iter()} == {"{http://www.w3.org/2005/Atom"}
    hits = hostile.get("/api/v1/search?q=семинар&size=100").get_json()["hits"]
    assert len(hits) == len(PAYLOADS)
    for hit in hits:
        assert {
            tag.name for tag in BeautifulSoup(hit["snippet"], "html.parser").find_all(True)
        } <= {"mark"}
        assert hit["url"] is None or hit["url"].startswith("http")
    text = hostile.get("/export.csv").data.decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text), delimiter=";"):
        assert len(row) == 13
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    book = zipfile.ZipFile(io.BytesIO(hostile.get("/export.xlsx").data))
    sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(f"{SHEET}f"))


@pytest.mark.parametrize("cell", ["=1+1", "+7 701", "-5", "@a", "\t=1", "  =1", "\r=1"])
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    assert str(defused(cell)).startswith("'")


def test_every_answer_has_the_safe_headers(client: FlaskClient) -> None:
    for path in ("/", "/nothing", "/api/v1/search?q=а", "/static/jarshy.css", "/feed.atom"):
        with client.get(path) as response:
            headers = response.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"


def test_an_unchanged_page_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/help")
    again = client.get("/help", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_text_is_packed_for_clients_that_take_it(client: FlaskClient) -> None:
    for path in ("/", "/static/jarshy.css", "/api/v1/search?q=көрме", "/feed.atom"):
        with (
            client.get(path) as plain,
            client.get(path, headers={"Accept-Encoding": "gzip"}) as got,
        ):
            assert got.headers["Content-Encoding"] == "gzip"
            assert "Accept-Encoding" in got.headers["Vary"]
            assert len(got.data) < len(plain.data) / 2
            if path.startswith("/static/"):
                assert gzip.decompress(got.data) == plain.data
    assert "Content-Encoding" not in client.get("/export.xlsx").headers


def test_bots_are_kept_from_walking_the_filters(client: FlaskClient) -> None:
    soup = page(client, "/?q=көрме")
    assert one(soup, 'meta[name="robots"]')["content"] == "noindex, nofollow"
    for link in soup.select(".timeline a, .sorts a, .pages a, .chips a, .tag"):
        assert "nofollow" in (link.get("rel") or [])
    assert "Disallow: /*?" in client.get("/robots.txt").text


def test_bots_find_every_event_page_by_the_site_map(client: FlaskClient) -> None:
    robots = client.get("/robots.txt").text
    [listed] = re.findall(r"^Sitemap: http://localhost(/\S+)$", robots, re.M)
    parts = re.findall(r"<loc>http://localhost(/\S+?)</loc>", client.get(listed).text)
    pages = re.findall(r"<loc>http://localhost(/\S+?)</loc>", client.get(parts[0]).text)
    everything = client.get("/api/v1/search?size=100").get_json()
    assert {f"/articles/{hit['id']}" for hit in everything["hits"]} <= set(pages)
    assert all(client.get(address).status_code == 200 for address in pages)
    for path in ("/sitemap-2.xml", "/sitemap-0.xml", f"/sitemap-{10**30}.xml"):
        assert client.get(path).status_code == 404


def test_too_many_requests_are_told_when_to_come_back(data: Path) -> None:
    client = create_app(data, SITES, now=lambda: NOW, requests_per_minute=3).test_client()
    answers = [client.get("/help").status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    refused = client.get("/help")
    assert 1 <= int(refused.headers["Retry-After"]) <= 21
    with client.get("/static/jarshy.css") as response:
        assert response.status_code == 200


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 30)), max_size=60))
def test_no_client_gets_more_than_its_allowance(steps: list[tuple[str, float]]) -> None:
    allowance, now = Allowance(6), 0.0
    times: dict[str, list[float]] = {}
    for client, pause in steps:
        now += pause
        if allowance.wait(client, now) == 0:
            times.setdefault(client, []).append(now)
    for allowed in times.values():
        for start in allowed:
            inside = [then for then in allowed if start <= then < start + 60]
            assert len(inside) <= 12  # a full bucket and what flows in during the minute


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://library.kz/a", True),
        ("http://library.kz", True),
        ("HTTPS://library.kz", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//evil.example", False),
        ("http://", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_web_addresses_are_linked(url: str, safe: bool) -> None:
    assert (safe_link(url) is not None) == safe


def test_a_taken_port_is_told_in_plain_words(app: Flask, address: str) -> None:
    port = urlsplit(address).port
    assert port is not None
    with pytest.raises(ServingError, match=f"Port {port} on 127.0.0.1 is taken.*--port {port + 1}"):
        serve(app, "127.0.0.1", port)


@pytest.fixture(scope="module")
def served(app: Flask) -> str:
    """The application on the production server: its host and port."""
    told: queue.Queue[str] = queue.Queue()
    thread = threading.Thread(target=serve, args=(app, "127.0.0.1", 0, told.put), daemon=True)
    thread.start()
    return urlsplit(told.get(timeout=10)).netloc


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("//evil.example/", 404), ("/%0d%0aSet-Cookie:a=b", 404), ("/?q=%ff%00", 200)],
)
def test_the_production_server_answers_plainly(served: str, path: str, status: int) -> None:
    connection = http.client.HTTPConnection(served, timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    assert response.status == status
    assert response.headers.get("Set-Cookie") is None
    assert response.headers.get("Location") is None
    connection.close()


# --- words, dates, addresses --------------------------------------------------------------


def fields(phrase: object) -> set[str]:
    texts = list(phrase.values()) if isinstance(phrase, dict) else [phrase]
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(str(text)) if name}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_translations_have_the_same_phrases_and_values(language: str) -> None:
    ours, theirs = phrases("kk"), phrases(language)
    assert set(ours) == set(theirs)
    for key in ours:
        if not isinstance(ours[key], list):
            assert fields(ours[key]) == fields(theirs[key]), key


def test_every_phrase_that_a_template_asks_for_exists() -> None:
    known = set(phrases("kk"))
    folder = Path(str(files("searchui") / "templates"))
    asked = {
        key
        for path in (*folder.glob("*.html"), *folder.glob("*.xml"))
        for key in re.findall(r"""t(?:\.items)?\(["']([a-z_.]+)["']""", path.read_text("utf-8"))
    }
    assert len(asked) > 60
    assert asked - known == set()


def test_no_kazakh_phrase_is_left_in_russian() -> None:
    for key, phrase in phrases("kk").items():
        if isinstance(phrase, str) and phrase == phrases("ru")[key]:
            assert re.fullmatch(
                r"[\W\dA-Za-z]*|Жаршы|онлайн|семинар|Семинар|.{1,12}|[^а-яё]*", phrase
            ), key


@pytest.mark.parametrize(
    ("starts", "ends", "kk", "ru", "en"),
    [
        ("2024-10-16", None, "2024 ж. 16 қазан", "16 октября 2024 г.", "16 October 2024"),
        (
            "2024-10-16",
            "2024-10-17",
            "2024 ж. 16–17 қазан",
            "16–17 октября 2024 г.",
            "16–17 October 2024",
        ),
        (
            "2024-02-28",
            "2024-03-02",
            "2024 ж. 28 ақпан – 2 наурыз",
            "28 февраля – 2 марта 2024 г.",
            "28 February – 2 March 2024",
        ),
        (
            "2023-12-30",
            "2024-01-02",
            "2023 ж. 30 желтоқсан – 2024 ж. 2 қаңтар",
            "30 декабря 2023 г. – 2 января 2024 г.",
            "30 December 2023 – 2 January 2024",
        ),
        ("2019-06", None, "2019 ж. маусым", "июнь 2019 г.", "June 2019"),
        ("2019", None, "2019 ж.", "2019 г.", "2019"),
        (
            "--06-29",
            None,
            "29 маусым, жылы белгісіз",
            "29 июня, год неизвестен",
            "29 June, year unknown",
        ),
    ],
)
def test_days_are_written_as_each_language_writes_them(
    starts: str, ends: str | None, kk: str, ru: str, en: str
) -> None:
    assert [span(starts, ends, wording(code)) for code in LANGUAGES] == [kk, ru, en]


@pytest.mark.parametrize(
    "bad", ["", None, "2024-13", "2024-02-30", "yesterday", "--13-01", "20244"]
)
def test_a_date_that_is_none_is_not_written(bad: str | None) -> None:
    assert span(bad, None, wording("kk")) is None


@given(st.dates(), st.dates())
def test_any_two_days_can_be_written(first: date, last: date) -> None:
    for code in LANGUAGES:
        assert str(first.year) in (span(first.isoformat(), last.isoformat(), wording(code)) or "")


def test_names_sort_as_the_kazakh_alphabet_does() -> None:
    names = ["Үлгі", "Ұлан", "Әдеби", "Қазақ", "Іле", "Нұра", "Ңа", "Алаш", "Кітап", "Өмір", "Орал"]
    assert sorted(names, key=sorting_key) == [
        "Алаш", "Әдеби", "Кітап", "Қазақ", "Нұра", "Ңа", "Орал", "Өмір", "Ұлан", "Үлгі", "Іле",
    ]  # fmt: skip


# Ends of years and months often, for they are written in short.
DAYS = st.dates(date(1990, 1, 1), date(2030, 1, 1)) | st.sampled_from(
    [date(1999, 1, 1), date(2000, 2, 1), date(2004, 2, 29), date(2005, 2, 28), date(2010, 12, 31)]
)
REQUESTS = st.builds(
    SearchRequest,
    q=st.text(alphabet="аәқ семинар", max_size=20).map(str.strip),
    sites=st.lists(st.sampled_from(sorted(SITES)), unique=True).map(tuple),
    regions=st.lists(st.sampled_from(sorted(regions())), unique=True).map(tuple),
    kinds=st.lists(st.sampled_from(sorted(kinds())), unique=True, max_size=9).map(tuple),
    languages=st.lists(st.sampled_from(["kk", "ru", "en"]), unique=True).map(tuple),
    date_from=st.none() | DAYS.filter(lambda day: day.year < 2001),
    date_to=st.none() | DAYS.filter(lambda day: day.year > 2000),
    sort=st.sampled_from(["newest", "oldest"]),
    page=st.integers(1, 50),
)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("Қарағанды", "Караганда"),
        ("Нұра ауданы", "Нуринский район"),
        ("Қарағайлы ауылы", "Қарағайлы ауылы"),
    ],
)
def test_cities_are_called_by_their_russian_names_on_russian_pages(stored: str, shown: str) -> None:
    event = Event(city=stored, venue="клуб")
    assert Labels(wording("ru"), SITES).where(event) == f"клуб, {shown}"
    assert Labels(wording("kk"), SITES).where(event) == f"клуб, {stored}"


def test_the_help_shows_what_the_search_understands(client: FlaskClient) -> None:
    """The operators of the examples do what their cards say, in each language."""
    for language in LANGUAGES:
        examples = [one["q"] for one in wording(language).items("help.examples")]
        assert len(examples) == 9
        for example in examples:
            page(client, f"/?q={quote(example)}")
        year = next(one for one in examples if "2024" in one)
        found = client.get("/api/v1/search", query_string={"q": year}).get_json()["hits"]
        assert found
        assert all(hit["event"]["starts"].startswith("2024") for hit in found)
        must = next(one for one in examples if one.startswith("+"))
        every = client.get("/api/v1/search", query_string={"q": must}).get_json()["hits"]
        texts = [client.get(f"/articles/{hit['id']}").text for hit in every]
        assert all("абай" in text.lower() for text in texts)
    less = client.get("/api/v1/search?q=көрме -өлкетану").get_json()["total"]
    assert less < client.get("/api/v1/search?q=көрме").get_json()["total"]


@given(REQUESTS)
def test_an_address_holds_the_whole_search(request: SearchRequest) -> None:
    assert request_from(MultiDict(arguments(request))) == request


@given(st.text(max_size=60))
def test_a_question_in_an_address_is_what_was_typed(question: str) -> None:
    told = urlsplit(f"http://jarshy.example{address(SearchRequest(q=question))}").query
    assert parse_qs(told).get("q", [""]) == [question]
    assert not re.search(r"[\s\"'<>#]", told)


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2019, 1, 1), date(2019, 12, 31), "from=2019&to=2019"),
        (date(2019, 4, 1), date(2019, 4, 30), "from=2019-04&to=2019-04"),
        (date(2020, 2, 1), date(2020, 2, 29), "from=2020-02&to=2020-02"),
        (date(2019, 12, 31), date(2020, 1, 1), "from=2019-12-31&to=2020-01-01"),
        (date(2019, 4, 1), date(2019, 12, 31), "from=2019-04&to=2019"),
    ],
)
def test_whole_years_and_months_are_short_in_addresses(first: date, last: date, told: str) -> None:
    request = SearchRequest(date_from=first, date_to=last, sort="newest")
    assert address(request) == f"/?{told}"
    assert request_from(MultiDict(arguments(request))) == request


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["q", "site", "region", "kind", "language", "from", "to", "sort", "page", "size"]
            ),
            st.text(max_size=20),
        ),
        max_size=8,
    )
)
def test_any_parameters_give_a_search_or_a_plain_error(rows: list[tuple[str, str]]) -> None:
    try:
        found = request_from(MultiDict(rows))
    except JarshyError:
        return
    assert 1 <= found.size <= 100
    assert found.page >= 1


def test_the_style_sheet_and_the_script_stay_small() -> None:
    folder = Path(str(files("searchui") / "static"))
    assert (folder / "jarshy.css").stat().st_size <= 30 * 1024
    assert (folder / "jarshy.js").stat().st_size <= 5 * 1024


def test_a_full_page_of_results_stays_under_60_kb(client: FlaskClient) -> None:
    assert len(client.get("/?kind=exhibition").data) <= 60 * 1024


def test_translations_are_readable_toml() -> None:
    for language in LANGUAGES:
        text = (files("searchui") / "translations" / f"{language}.toml").read_text("utf-8")
        assert tomllib.loads(text)["site"]["name"]
