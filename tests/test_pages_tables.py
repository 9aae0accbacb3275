"""The sheet for Excel: days are days, addresses can be clicked, and nothing is a formula."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl  # type: ignore[import-untyped]
import pytest
from flask.testing import FlaskClient
from shelves import MAIN, NOW, SITES, fill, shelves

from crawler.model import Event
from searchui import create_app
from searchui.spreadsheets import Link, csv_text, xlsx_bytes

pytest_plugins = ("reading_room",)


@pytest.fixture(autouse=True)
def _readers_of_others() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def cells(body: bytes) -> dict[str, Any]:
    """The second row of a sheet by the names of the first."""
    header, first = list(openpyxl.load_workbook(io.BytesIO(body)).worksheets[0].iter_rows())[:2]
    return {str(name.value): cell for name, cell in zip(header, first, strict=True)}


def test_excel_takes_days_for_days(client: FlaskClient) -> None:
    told = cells(client.get("/export.xlsx?kind=seminar&site=saryarqa&language=kk&lang=en").data)
    days = {name: cell.value for name, cell in told.items() if cell.is_date}
    assert days == {
        "Starts": datetime(2024, 10, 16),
        "Ends": datetime(2024, 10, 17),
        "Published": datetime(2024, 10, 18),
    }


def test_excel_opens_the_librarys_page_by_a_click(client: FlaskClient) -> None:
    told = cells(client.get("/export.xlsx?kind=seminar&site=saryarqa&language=kk&lang=en").data)
    linked = {name: cell for name, cell in told.items() if cell.hyperlink}
    assert [(one.value, one.hyperlink.target) for one in linked.values()] == [(MAIN, MAIN)]
    assert all(one.font.underline for one in linked.values()), "it looks like a link"


@pytest.mark.parametrize(
    ("starts", "shown"),
    [
        ("2026-09", "2026-09"),
        ("2026", "2026"),
        ("--06-29", "--06-29"),
        ("1899-05-01", "1899-05-01"),
    ],
)
def test_what_is_known_of_a_day_stands_as_it_is(tmp_path: Path, starts: str, shown: str) -> None:
    fill(tmp_path, [replace(shelves()[0], event=Event(("seminar",), starts))])
    client = create_app(tmp_path, SITES, now=lambda: NOW).test_client()
    assert cells(client.get("/export.xlsx?kind=seminar&lang=en").data)["Starts"].value == shown
    table = list(
        csv.reader(io.StringIO(client.get("/export.csv?kind=seminar").text), delimiter=";")
    )
    assert table[1][4].lstrip("'") == shown


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("https://a.example/?a=1&b=\"x\"<y>", "https://a.example/?a=1&b=%22x%22%3Cy%3E"),
        ("https://a.example/көрме бет", "https://a.example/%D0%BA%D3%A9%D1%80%D0%BC%D0%B5%20%D0%B1%D0%B5%D1%82"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("=cmd|'/c calc'!A1", None),
        ("https://a.example/" + "x" * 2_100, None),
    ],
)  # fmt: skip
def test_only_addresses_that_excel_can_hold_are_clicked(href: str, target: str | None) -> None:
    body = xlsx_bytes([("A",), (Link(href),)], "x")
    cell = cells(body)["A"]
    assert cell.value == href, "the address is shown as it is"
    assert (cell.hyperlink.target if cell.hyperlink else None) == target
    assert cell.data_type != "f"
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert [node.tag for node in sheet.iter() if node.tag.endswith("}f")] == []
    assert body == xlsx_bytes([("A",), (Link(href),)], "x")


def test_a_csv_tells_days_and_addresses_as_text() -> None:
    rows = [(date(2026, 3, 12), Link("https://a.example/1"), Link("=1+1"), 7)]
    assert csv_text(rows) == "2026-03-12;https://a.example/1;'=1+1;7\r\n"


def test_many_links_lead_each_to_its_own(client: FlaskClient) -> None:
    body = client.get("/export.xlsx?kind=exhibition").data
    rows = list(openpyxl.load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(min_row=2))
    assert len({row[-1].hyperlink.target for row in rows}) == len(rows) == 45
    assert all(row[-1].hyperlink.target == row[-1].value for row in rows)
