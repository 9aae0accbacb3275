"""Pages that say that there is no such page, though their server calls them found."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

from lxml.etree import _Element as Element

from crawler.extract.headlines import letters
from crawler.extract.names import pieces
from crawler.extract.texts import short_text

LONGEST = 120  # characters of a line that says so
MOST_HEADINGS = 3


def tells_of_no_page(root: Element, page_title: str) -> str | None:
    """The line by which a page says that it is missing; None for any other page.

    Asked are its first headings of the highest level and, where it has no heading, its title.
    """
    for level in ("h1", "h2", "h3"):
        found = list(islice(filter(None, _texts(root, level)), MOST_HEADINGS))
        if found:
            return next(filter(_says_so, found), None)
    return next(filter(_says_so, pieces(page_title[:LONGEST])), None)


def _texts(root: Element, level: str) -> list[str]:
    return [short_text(node, LONGEST) for node in islice(root.iter(level), MOST_HEADINGS)]


def _says_so(line: str) -> bool:
    """Whether a line is nothing but such words and the number of the fault."""
    words = letters(line).split()
    rest = [word for word in words if word not in _words()["numbers"]]
    has_number = any(word.isdigit() for word in words if word not in rest)
    return " ".join(rest) in _words()["phrases"] or (not rest and has_number)


@cache
def _words() -> Mapping[str, frozenset[str]]:
    told: Any = tomllib.loads((files("crawler") / "data" / "markup.toml").read_text("utf-8"))
    return {name: frozenset(map(letters, words)) for name, words in told["missing"].items()}
