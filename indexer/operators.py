"""The names of the query language's operators, from `indexer/data/operators.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def _names(section: str) -> Mapping[str, str]:
    text = (files("indexer") / "data" / "operators.toml").read_text("utf-8")
    table: dict[str, list[str]] = tomllib.loads(text)[section]
    return {name.casefold(): key for key, names in table.items() for name in names}


def filter_named(name: str) -> str | None:
    """The facet that an operator's name filters by (`сайт` -> `site`), whatever its case."""
    return _names("filters").get(name.casefold())


def join_of(word: str) -> str | None:
    """`or`, `and` or `not` for a joining word, which must be in capitals."""
    return _names("joins").get(word.casefold()) if word.isupper() else None
