"""What librarians take away, opened by others' programs: Excel, Zotero, calendars, feed readers."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree

import feedparser  # type: ignore[import-untyped]
import openpyxl  # type: ignore[import-untyped]
import pytest
import rispy  # type: ignore[import-untyped]
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from icalendar import Calendar
from shelves import EXHIBITIONS, MAIN, REPORT, TWIN

from searchui.word_file import Chapter, Line, Paper, docx_bytes

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
    told = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert told <= {"s", "n", "d", "inlineStr"}


def test_excel_sums_the_numbers_of_participants(client: FlaskClient) -> None:
    header, *rows = sheet_of(client.get("/export.xlsx?kind=seminar&lang=en").data)
    column = header.index("Number of participants")
    assert sum(row[column] for row in rows) == 3 * 85


def test_both_tables_tell_the_same(client: FlaskClient) -> None:
    text = client.get("/export.csv?q=көрме").data.decode("utf-8-sig")
    told = list(csv.reader(io.StringIO(text), delimiter=";"))
    sheet = sheet_of(client.get("/export.xlsx?q=көрме").data)
    days = [[cell.date() if isinstance(cell, datetime) else cell for cell in row] for row in sheet]
    assert [["" if cell is None else str(cell) for cell in row] for row in days] == told


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


WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/"


def word_parts(body: bytes) -> dict[str, ElementTree.Element]:
    """The parts of a Word document by name, each read as XML."""
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        assert book.testzip() is None
        assert book.namelist()[0] == "[Content_Types].xml"
        return {name: ElementTree.fromstring(book.read(name)) for name in book.namelist()}


def styled(document: ElementTree.Element, style: str) -> list[str]:
    """The texts of the paragraphs of one style; `list` for numbered ones."""
    found = []
    for paragraph in document.iter(f"{WORD}p"):
        named = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
        numbered = paragraph.find(f"{WORD}pPr/{WORD}numPr")
        kind = named.get(f"{WORD}val") if named is not None else "list" if numbered else ""
        if kind == style or (style == "list" and numbered is not None):
            found.append("".join(text.text or "" for text in paragraph.iter(f"{WORD}t")))
    return found


@pytest.mark.parametrize("group", ["kind", "library", "month"])
def test_the_report_comes_as_a_word_document(client: FlaskClient, group: str) -> None:
    response = client.get(f"/report.docx?kind=exhibition&group={group}")
    assert response.headers["Content-Disposition"].endswith('.docx"')
    document = word_parts(response.data)["word/document.xml"]
    assert styled(document, "Title") == ["Іс-шаралар тізімі"]
    soup = BeautifulSoup(client.get(f"/report?kind=exhibition&group={group}").text, "lxml")
    shown = [" ".join(tag.get_text(" ").split()) for tag in soup.select(".report-group h2")]
    headings = [text.replace("(", "").replace(")", "") for text in styled(document, "Heading1")]
    assert headings == shown
    titles = [str(tag.get_text()) for tag in soup.select(".report-group li a")]
    items = styled(document, "list")
    assert len(items) == len(titles) == EXHIBITIONS
    assert all(item.startswith(title) for item, title in zip(items, titles, strict=True))


def test_word_finds_every_part_list_and_link_it_is_told_of(client: FlaskClient) -> None:
    """What Word refuses a file for: parts without a type, and references that lead nowhere."""
    parts = word_parts(client.get("/report.docx?sort=newest").data)
    types = parts["[Content_Types].xml"]
    overrides = {
        str(one.get("PartName")) for one in types.iter(f"{PACKAGE}content-types}}Override")
    }
    assert overrides == {f"/{name}" for name in parts if not name.endswith((".rels", "s].xml"))}
    document = parts["word/document.xml"]
    relations = parts["word/_rels/document.xml.rels"].iter(f"{PACKAGE}relationships}}Relationship")
    targets = {str(one.get("Id")): one for one in relations}
    used = {node.get(f"{RELATION}id") for node in document.iter() if node.get(f"{RELATION}id")}
    assert used <= set(targets)
    for one in targets.values():
        inside = one.get("TargetMode") != "External"
        assert (
            f"word/{one.get('Target')}" in parts if inside else one.get("Target", "")[:4] == "http"
        )
    numbers = {node.get(f"{WORD}numId") for node in parts["word/numbering.xml"].iter(f"{WORD}num")}
    asked = {node.get(f"{WORD}val") for node in document.iter(f"{WORD}numId")}
    assert asked == numbers
    styles = {node.get(f"{WORD}styleId") for node in parts["word/styles.xml"].iter(f"{WORD}style")}
    named = {n.get(f"{WORD}val") for t in ("pStyle", "rStyle") for n in document.iter(f"{WORD}{t}")}
    assert named <= styles


def test_a_word_document_carries_any_text_as_text() -> None:
    text = "<w:t>&{title}\x00\x0b\ud800 «Ә» ]]> {0} %s"
    line = Line(text, text, 'https://a.example/?a=1&b="x"')
    paper = Paper(text, text, [Chapter(text, (line,))], "kk", datetime(2026, 3, 12, tzinfo=UTC))
    parts = word_parts(docx_bytes(paper))
    assert styled(parts["word/document.xml"], "Title") == ["<w:t>&{title} «Ә» ]]> {0} %s"]
    assert docx_bytes(paper) == docx_bytes(paper)
