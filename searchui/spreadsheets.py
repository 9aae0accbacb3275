"""Tables for Excel: CSV with its cells defused, and XLSX (ECMA-376) with no formulas at all."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from importlib.resources import files
from xml.sax.saxutils import escape, quoteattr

from searchui.plain import plain_text

Cell = str | int
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
MAX_CELL = 32_767
PARTS = {
    "[Content_Types].xml": "Content_Types.xml",
    "_rels/.rels": "rels.xml",
    "xl/_rels/workbook.xml.rels": "workbook-rels.xml",
    "xl/styles.xml": "styles.xml",
    "xl/workbook.xml": "workbook.xml",
    "xl/worksheets/sheet1.xml": "sheet.xml",
}
FIXED = tuple(PARTS)[:4]
EPOCH = (1980, 1, 1, 0, 0, 0)


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """Semicolons, CR LF; a cell that Excel would run as a formula begins with an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([defused(cell) for cell in row])
    return out.getvalue()


def defused(cell: Cell) -> Cell:
    """The cell as text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    if isinstance(cell, int):
        return cell
    plain = plain_text(cell)[:MAX_CELL]
    return f"'{plain}" if plain.lstrip(" ").startswith(DANGEROUS) else plain


def xlsx_bytes(rows: Sequence[Sequence[Cell]], title: str) -> bytes:
    """A workbook with one sheet; the first row is its header. Same rows, same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in FIXED:
            _add(archive, name, _part(name))
        book = _part("xl/workbook.xml").replace("{title}", escape(title[:31]))
        _add(archive, "xl/workbook.xml", book)
        _add(archive, "xl/worksheets/sheet1.xml", _sheet(rows))
    return out.getvalue()


def _part(name: str) -> str:
    """A fixed part of the workbook."""
    return (files("searchui") / "templates" / "xlsx" / PARTS[name]).read_text("utf-8")


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text.encode())


def _sheet(rows: Sequence[Sequence[Cell]]) -> str:
    width = max((len(row) for row in rows), default=1)
    body = "".join(_row(number, row) for number, row in enumerate(rows, start=1))
    area = f"A1:{_letter(width)}{max(1, len(rows))}"
    return (
        _part("xl/worksheets/sheet1.xml")
        .replace("{columns}", "".join(_column(n, rows) for n in range(1, width + 1)))
        .replace("{area}", quoteattr(area))
        .replace("{rows}", body)
    )


def _column(number: int, rows: Sequence[Sequence[Cell]]) -> str:
    longest = max(
        (len(str(row[number - 1])) for row in rows[:200] if len(row) >= number), default=8
    )
    width = min(60, max(10, longest + 2))
    return f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'


def _row(number: int, row: Sequence[Cell]) -> str:
    style = ' s="1"' if number == 1 else ""
    cells = "".join(_cell(f"{_letter(n)}{number}", cell, style) for n, cell in enumerate(row, 1))
    return f'<row r="{number}">{cells}</row>'


def _cell(place: str, cell: Cell, style: str) -> str:
    if isinstance(cell, int):
        return f'<c r="{place}"{style}><v>{cell}</v></c>'
    text = escape(plain_text(cell)[:MAX_CELL])
    return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _letter(number: int) -> str:
    """A column's letter; a table here has at most 26 columns."""
    return chr(ord("A") + number - 1)
