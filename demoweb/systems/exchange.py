"""What goes into a content system and what comes out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from demoweb.shelf import Edition, Entry


@dataclass(frozen=True, slots=True)
class Ask:
    """A GET request: decoded path, query parameters in order, the site's edition."""

    path: str
    query: Mapping[str, str]
    edition: Edition


@dataclass(frozen=True, slots=True)
class Reply:
    """What a site answers; with `last_modified` the shell adds validators and answers 304."""

    body: bytes
    content_type: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    last_modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Page `page` of `pages` (both from 1) of a listing."""

    entries: tuple[Entry, ...]
    page: int
    pages: int


def number_of(ask: Ask, parameter: str, missing: int) -> int | None:
    """A non-negative number from the query; `missing` when not given, None when it is no number."""
    told = ask.query.get(parameter, str(missing))
    return int(told) if re.fullmatch(r"[0-9]{1,6}", told) else None
