"""Tables: those that hold data become rows of text, those used for layout are walked through."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element as Element

from crawler.extract.markup import RICH
from crawler.extract.texts import text_of, texts_of

LONGEST_CELL = 200  # characters of a cell in a table of data
BETWEEN = " | "


def is_data(table: Element) -> bool:
    """Whether a table has at least two rows and two columns of short, plain cells."""
    if table.get("role") == "presentation" or table.find(".//table") is not None:
        return False
    lines = list(_lines(table))
    if len(lines) < 2 or max(map(len, lines)) < 2:
        return False
    cells = [cell for line in lines for cell in line]
    if len(cells) > 5_000:
        return False
    return not any(_is_rich(cell) for cell in cells)


def rows(table: Element) -> Iterator[str]:
    """The text of each row, cells parted by ` | `; rows without any text are left out.

    An empty cell keeps its place (`a |  | b`), columns that are empty all the way do not.
    """
    told = [[text_of(cell) for cell in line] for line in _lines(table)]
    width = max(map(len, told), default=0)
    used = [any(column < len(line) and line[column] for line in told) for column in range(width)]
    for line in told:
        if any(line):
            yield BETWEEN.join(text for text, kept in zip(line, used, strict=False) if kept).strip()


def _lines(table: Element) -> Iterator[list[Element]]:
    for line in table.iter("tr"):
        cells = [cell for cell in line if cell.tag in ("td", "th")]
        if cells:
            yield cells


def _is_rich(cell: Element) -> bool:
    """Whether a cell holds more than a line of text: several blocks, a picture, a long text."""
    if any(node.tag in RICH and not _is_only_line(cell, node) for node in cell.iterdescendants()):
        return True
    return sum(map(len, texts_of(cell))) > LONGEST_CELL


def _is_only_line(cell: Element, node: Element) -> bool:
    """A single `<p>` or `<div>` around a cell's text, as editors write it."""
    return node.tag in ("p", "div") and len(cell) == 1 and cell[0] is node
