"""The word lists of this stage, `crawler/data/enrich/*.toml`, which a librarian can edit."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def wordlist(name: str) -> Mapping[str, Any]:
    """The tables of `crawler/data/enrich/<name>.toml`."""
    path = files("crawler") / "data" / "enrich" / f"{name}.toml"
    return tomllib.loads(path.read_text("utf-8"))
