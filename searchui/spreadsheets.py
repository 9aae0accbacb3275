"""Tables for Excel: CSV with its cells defused, and XLSX (ECMA-376) with no formulas at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from searchui.office import package, part
from searchui.plain import plain_text
from searchui.rows import safe_link


@dataclass(frozen=True, slots=True)
class Link:
    """A web address, to be clicked where the table can; only ever one of http or https."""

    href: str


Cell = str | int | date | Link
# Days are counted from here; below 1900-03-01 Excel counts a day that never was.
DAY_ZERO, FIRST_DAY = date(1899, 12, 30), date(1900, 3, 1)
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
MAX_LINK = 2_079  # letters; Excel takes a file with a longer one for damaged
IN_ADDRESSES = ":/?#[]@!$&'()*+,;=%~"
HEADER, DAY, CLICKED = ' s="1"', ' s="2"', ' s="3"'  # places in templates/xlsx/styles.xml
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
MAX_CELL = 32_767
PARTS = {
    "[Content_Types].xml": "Content_Types.xml",
    "_rels/.rels": "rels.xml",
    "xl/_rels/workbook.xml.rels": "workbook-rels.xml",
    "xl/styles.xml": "styles.xml",
    "xl/workbook.xml": "workbook.xml",
    "xl/worksheets/sheet1.xml": "sheet.xml",
    "xl/worksheets/_rels/sheet1.xml.rels": "sheet-rels.xml",
}


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """Semicolons, CR LF; a cell that Excel would run as a formula begins with an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([defused(cell) for cell in row])
    return out.getvalue()


def defused(cell: Cell) -> str | int:
    """The cell as text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    if isinstance(cell, int):
        return cell
    plain = _text(cell)
    return f"'{plain}" if plain.lstrip(" ").startswith(DANGEROUS) else plain


def xlsx_bytes(rows: Sequence[Sequence[Cell]], title: str) -> bytes:
    """A workbook with one sheet; the first row is its header. Same rows, same bytes.

    Days are days, so Excel sorts and filters them; addresses can be clicked.
    """
    values = {"title": escape(plain_text(title)[:31]), **_sheet(rows)}
    return package({name: part("xlsx", source, values) for name, source in PARTS.items()})


def _sheet(rows: Sequence[Sequence[Cell]]) -> dict[str, str]:
    """What the sheet is filled with: columns, area of the filter, rows."""
    width = max((len(row) for row in rows), default=1)
    links = {
        f"{_letter(n)}{number}": target
        for number, row in enumerate(rows, start=1)
        for n, cell in enumerate(row, start=1)
        if isinstance(cell, Link) and (target := _target(cell))
    }
    clicked = "".join(f'<hyperlink ref="{at}" r:id="{at}"/>' for at in links)
    return {
        "columns": "".join(_column(n, rows) for n in range(1, width + 1)),
        "area": quoteattr(f"A1:{_letter(width)}{max(1, len(rows))}"),
        "rows": "".join(_row(number, row) for number, row in enumerate(rows, start=1)),
        "links": f"<hyperlinks>{clicked}</hyperlinks>" if links else "",
        "targets": "".join(
            f'<Relationship Id="{at}" Type="{LINK}" Target={quoteattr(to)} TargetMode="External"/>'
            for at, to in links.items()
        ),
    }


def _column(number: int, rows: Sequence[Sequence[Cell]]) -> str:
    longest = max(
        (len(_text(row[number - 1])) for row in rows[:200] if len(row) >= number), default=8
    )
    width = min(60, max(10, longest + 2))
    return f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'


def _row(number: int, row: Sequence[Cell]) -> str:
    style = HEADER if number == 1 else ""
    cells = "".join(_cell(f"{_letter(n)}{number}", cell, style) for n, cell in enumerate(row, 1))
    return f'<row r="{number}">{cells}</row>'


def _cell(place: str, cell: Cell, style: str) -> str:
    if isinstance(cell, int):
        return f'<c r="{place}"{style}><v>{cell}</v></c>'
    if isinstance(cell, date) and cell >= FIRST_DAY:
        return f'<c r="{place}"{DAY}><v>{(cell - DAY_ZERO).days}</v></c>'
    text = escape(_text(cell))
    style = CLICKED if isinstance(cell, Link) and _target(cell) else style
    return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _text(cell: Cell) -> str:
    told = cell.href if isinstance(cell, Link) else cell
    return plain_text(str(told))[:MAX_CELL]


def _target(link: Link) -> str | None:
    """The address as a package may hold it (RFC 3986); None where Excel would not have it."""
    told = quote(plain_text(link.href), safe=IN_ADDRESSES)
    return told if safe_link(told) and len(told) <= MAX_LINK else None


def _letter(number: int) -> str:
    """A column's letter; a table here has at most 26 columns."""
    return chr(ord("A") + number - 1)
