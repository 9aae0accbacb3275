"""The address of a search: query parameters to a SearchRequest and back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from flask import has_app_context
from werkzeug.datastructures import MultiDict

from crawler.sites import SITE_ID
from indexer.caps import MAX_SIZE, MAX_VALUES
from indexer.model import SORTS, SearchRequest, Sort
from indexer.names import ids_named, nearest
from searchui.dates import last_day
from searchui.errors import BadParameterError
from searchui.services import searcher, services
from searchui.wording import DEFAULT

MAX_PAGE = 1_000_000
LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z")
DAY_DOTTED = re.compile(r"(?:(?:(\d\d?)\.)?(\d\d?)\.)?(\d{4})\Z")
FILTERS = {"site": "sites", "region": "regions", "kind": "kinds", "language": "languages"}
SEARCH_PARAMETERS = ("q", *FILTERS, "from", "to", "sort", "page", "size")

Arguments = MultiDict[str, str]


def request_from(args: Arguments, size: int = 20) -> SearchRequest:
    """The search that query parameters ask for.

    Raises BadParameterError naming the first parameter at fault. Empty parameters, as an
    untouched form field sends them, count as not given.
    """
    q = args.get("q", "").strip()
    date_from = _day(args, "from", first=True)
    date_to = _day(args, "to", first=False)
    if date_from and date_to and date_to < date_from:
        raise BadParameterError("to", "order")
    return SearchRequest(
        q=q,
        sites=_values(args, "site"),
        regions=_values(args, "region"),
        kinds=_values(args, "kind"),
        languages=_values(args, "language"),
        date_from=date_from,
        date_to=date_to,
        sort=_sort(args, "relevance" if q else "newest"),
        page=_number(args, "page", 1, MAX_PAGE),
        size=_number(args, "size", size, MAX_SIZE),
    )


def _values(args: Arguments, name: str) -> tuple[str, ...]:
    """The ids that the values of a filter mean: ids, or names as people write them."""
    told = [value.strip() for value in args.getlist(name) if value.strip()]
    if len(told) > MAX_VALUES:
        raise BadParameterError(name, "many", parameter=name, high=MAX_VALUES)
    found: dict[str, None] = {}
    for value in told:
        ids = ids_named(name, value, (value,) if _may_be(name, value) else ())
        if not ids:
            raise _unknown(name, value)
        found.update(dict.fromkeys(ids))
    return tuple(found)


def _may_be(name: str, value: str) -> bool:
    """Whether a value could be the id of a site or a language; without an application any could."""
    shape = {"site": SITE_ID, "language": LANGUAGE}.get(name)
    if shape is None or not shape.match(value):
        return False
    return not has_app_context() or value in services().sites or value in searcher().values(name)


def _unknown(name: str, value: str) -> BadParameterError:
    known = tuple(services().sites) if name == "site" and has_app_context() else ()
    near = nearest(name, value, known)
    shown = value[:80]
    if not near:
        return BadParameterError(name, name, value=shown)
    names = ", ".join(near)
    return BadParameterError(name, "near", parameter=name, value=shown, near=names)


def _sort(args: Arguments, default: Sort) -> Sort:
    told = args.get("sort", "").strip() or default
    if told not in SORTS:
        raise BadParameterError("sort", "sort")
    return told


def _number(args: Arguments, name: str, default: int, high: int) -> int:
    told = args.get(name, "").strip()
    if not told:
        return default
    if not (told.isascii() and told.isdigit()) or len(told) > 9 or not 1 <= int(told) <= high:
        raise BadParameterError(name, "number", parameter=name, low=1, high=high)
    return int(told)


def _day(args: Arguments, name: str, first: bool) -> date | None:
    """A day written as ISO or as dd.mm.yyyy; a year or month alone means its first or last day."""
    told = args.get(name, "").strip()
    if not told:
        return None
    iso, dotted = DAY.match(told), DAY_DOTTED.match(told)
    parts = iso.groups() if iso else dotted.groups()[::-1] if dotted else None
    if parts is None:
        raise BadParameterError(name, "date", parameter=name)
    year, month, day = (int(part) if part else None for part in parts)
    try:
        if first or day:
            return date(year or 0, month or 1, day or 1)
        return last_day(year or 0, month or 12)
    except ValueError:
        raise BadParameterError(name, "date", parameter=name) from None


def arguments(request: SearchRequest) -> list[tuple[str, str]]:
    """The query parameters of a search, without what is the default anyway."""
    rows = [("q", request.q)] if request.q else []
    for name, field in FILTERS.items():
        rows += [(name, value) for value in getattr(request, field)]
    if request.date_from:
        rows.append(("from", _in_short(request.date_from, request.date_from.replace(day=1), 1)))
    if request.date_to:
        last = last_day(request.date_to.year, request.date_to.month)
        rows.append(("to", _in_short(request.date_to, last, 12)))
    default = "relevance" if request.q else "newest"
    if request.sort != default or not rows:
        rows.append(("sort", request.sort))
    if request.page > 1:
        rows.append(("page", str(request.page)))
    return rows


def _in_short(day: date, end: date, month: int) -> str:
    """`2025` for the end of a year (in its `month`), `2025-04` for that of a month, else the day.

    `end` is the first or the last day of the day's month.
    """
    if day != end:
        return day.isoformat()
    return day.isoformat()[:4] if day.month == month else day.isoformat()[:7]


def address(request: SearchRequest, path: str = "/", /, **changes: Any) -> str:
    """The address of a search with some of it changed; the first page unless one is named."""
    changed = replace(request, **{"page": 1, **changes})
    told = "&".join(f"{name}={_quoted(value)}" for name, value in arguments(changed))
    return f"{path}?{told}"


def in_language(link: str, language: str) -> str:
    """An address for programs that keep no cookie, as feed readers: it names the language.

    Kazakh, in which such a program is answered anyway, is not named.
    """
    return link if language == DEFAULT else f"{link}{'&' if '?' in link else '?'}lang={language}"


@lru_cache(1024)
def _quoted(value: str) -> str:
    """A value as an address holds it, its letters left as they are read.

    HTML and Atom take such addresses (RFC 3987), browsers send the same bytes, and a page of
    results, where the question stands in some eighty links, is shorter by a tenth.
    """
    return "".join(c if c.isalpha() else quote_plus(c) for c in value)


def without_filters(request: SearchRequest) -> SearchRequest:
    """The same words and order with every filter taken off."""
    return SearchRequest(q=request.q, sort=request.sort, size=request.size)
