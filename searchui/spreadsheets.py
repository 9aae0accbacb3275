"""Tables for Excel: CSV with its cells defused, and XLSX (ECMA-376) with no formulas at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from searchui.office import package, part
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
    values = {"title": escape(plain_text(title)[:31]), **_sheet(rows)}
    return package({name: part("xlsx", source, values) for name, source in PARTS.items()})


def _sheet(rows: Sequence[Sequence[Cell]]) -> dict[str, str]:
    """What the sheet is filled with: columns, area of the filter, rows."""
    width = max((len(row) for row in rows), default=1)
    return {
        "columns": "".join(_column(n, rows) for n in range(1, width + 1)),
        "area": quoteattr(f"A1:{_letter(width)}{max(1, len(rows))}"),
        "rows": "".join(_row(number, row) for number, row in enumerate(rows, start=1)),
    }


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
