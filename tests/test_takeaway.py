"""What librarians take away, opened by the programs of others: Excel, Zotero, calendars, readers."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterator
from datetime import date
from typing import Any

import feedparser
import openpyxl
import pytest
import rispy
from flask.testing import FlaskClient
from icalendar import Calendar
from shelves import EXHIBITIONS, MAIN, REPORT, TWIN

pytest_plugins = ("reading_room",)

TITLE = "Цифрлық сауаттылық семинары өтті"


@pytest.fixture(autouse=True)
def _readers_of_others() -> Iterator[None]:
    """Readers may warn of what they deprecate in themselves; that is not ours to mend."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def sheet_of(body: bytes) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(body))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_excel_reads_the_sheet_and_finds_its_header_and_filter(client: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get("/export.xlsx?kind=exhibition").data))
    sheet = book.worksheets[0]
    assert (sheet.max_row, sheet.max_column) == (EXHIBITIONS + 1, 13)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:M{EXHIBITIONS + 1}"
    assert sheet["A1"].font.bold
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


def test_excel_sums_the_numbers_of_participants(client: FlaskClient) -> None:
    header, *rows = sheet_of(client.get("/export.xlsx?kind=seminar&lang=en").data)
    column = header.index("Number of participants")
    assert sum(row[column] for row in rows) == 3 * 85


def test_both_tables_tell_the_same(client: FlaskClient) -> None:
    text = client.get("/export.csv?q=көрме").data.decode("utf-8-sig")
    told = list(csv.reader(io.StringIO(text), delimiter=";"))
    sheet = sheet_of(client.get("/export.xlsx?q=көрме").data)
    assert [["" if cell is None else str(cell) for cell in row] for row in sheet] == told


def test_citation_managers_read_title_date_library_and_address(client: FlaskClient) -> None:
    records = rispy.loads(client.get("/export.ris?kind=seminar").text)
    assert {record["urls"][0] for record in records} == {MAIN, TWIN, REPORT}
    record = next(one for one in records if one["urls"] == [MAIN])
    assert record["type_of_reference"] == "ELEC"
    assert TITLE in (record.get("title"), record.get("primary_title"))
    assert "2024" in str(record.get("year") or record.get("date"))


def test_one_record_is_the_same_as_in_the_list(client: FlaskClient) -> None:
    (alone,) = rispy.loads(client.get("/articles/1.ris").text)
    listed = rispy.loads(client.get("/export.ris?kind=seminar").text)
    assert alone in listed


def test_a_calendar_takes_the_event_with_its_days_and_place(client: FlaskClient) -> None:
    calendar = Calendar.from_ical(client.get("/articles/1.ics").data)
    (event,) = calendar.walk("VEVENT")
    assert str(event["summary"]) == TITLE
    assert event.decoded("dtstart") == date(2024, 10, 16)
    assert event.decoded("dtend") == date(2024, 10, 18), "the end is exclusive (RFC 5545)"
    assert "Сарыарқа кітапханасы" in str(event["location"])
    assert str(event["url"]).startswith("http")
    assert calendar["prodid"]
    assert not event.errors


def test_a_reader_subscribes_to_a_search(client: FlaskClient) -> None:
    response = client.get("/feed.atom?q=көрме&region=akmola")
    headers = {name.lower(): value for name, value in response.headers.items()}
    feed = feedparser.parse(response.data, response_headers=headers)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.title == "Жаршы: көрме, Ақмола облысы"
    assert feed.entries
    ids = [entry.id for entry in feed.entries]
    assert len(set(ids)) == len(ids)
    seen = [entry.updated_parsed for entry in feed.entries]
    assert seen == sorted(seen, reverse=True)
    opened = client.get(feed.entries[0].link.removeprefix("http://localhost"))
    assert feed.entries[0].title in opened.text


def test_an_unchanged_feed_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/feed.atom?q=көрме").headers["ETag"]
    assert client.get("/feed.atom?q=көрме", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_tables_have_headers_in_the_language_of_the_reader(
    client: FlaskClient, language: str
) -> None:
    header = sheet_of(client.get(f"/export.xlsx?kind=seminar&lang={language}").data)[0]
    assert header[0] == {"kk": "Атауы", "ru": "Название", "en": "Title"}[language]
