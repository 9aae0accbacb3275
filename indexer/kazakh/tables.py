"""Reading of the data files that stand beside the code."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def text_of(name: str) -> str:
    """The whole text of ``data/<name>``; FileNotFoundError when the package lacks it."""
    return (resources.files(__package__) / "data" / name).read_text(encoding="utf-8")


@cache
def rows_of(name: str, columns: int) -> tuple[tuple[str, ...], ...]:
    """Rows of a tab-separated data file, ``#`` comments and blank lines left out.

    Missing trailing columns become empty strings; a row with too many columns is a ValueError
    naming the file and the line.
    """
    rows: list[tuple[str, ...]] = []
    for number, line in enumerate(text_of(name).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) > columns:
            msg = f"{name}, line {number}: {len(cells)} columns, at most {columns} expected"
            raise ValueError(msg)
        rows.append(tuple(cells + [""] * (columns - len(cells))))
    return tuple(rows)
