"""Pages of one site that are the same article in another language, by their addresses.

Sites put the language into the host (`ru.library.kz`), into the path (`/kz/news/12-kitap`), or
into a parameter (`?id=12&lang=ru`); what is left of the address without it is the same for both,
or, where the words of the title stand in it, its number is.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

CODES = frozenset({"kk", "kz", "kaz", "qaz", "kk-kz", "ru", "rus", "ru-ru", "en", "eng", "en-us"})
NAMES = frozenset({"lang", "language", "locale", "hl", "l"})
NUMBERED = re.compile(r"(?:(\d{2,9})-.*|.*[-_](\d{3,9}))(?:\.html?|\.php)?\Z", re.DOTALL)

# A slug's number may be a year, which many stories have.
YEAR = re.compile(r"(?:19|20)\d\d\Z")


def page_address(url: str) -> str:
    """An address as two links to one page may both write it: no scheme, `www.` or last slash."""
    parts = _split(url)
    if parts is None:
        return url
    host, segments, query = parts
    return f"{host}/{'/'.join(segments)}?{query}".rstrip("?/")


def without_language(url: str) -> tuple[str, bool]:
    """The address without its language, a slug cut to its number, and whether it had one."""
    parts = _split(url)
    if parts is None:
        return url, False
    host, segments, query = parts
    labels = host.split(".")
    bare = labels[1:] if len(labels) > 2 and labels[0] in CODES else labels
    kept = [segment for segment in segments if segment.lower() not in CODES]
    told = parse_qsl(query)
    rest = [pair for pair in told if pair[0].lower() not in NAMES]
    marked = len(bare) < len(labels) or len(kept) < len(segments) or len(rest) < len(told)
    found = NUMBERED.match(kept[-1]) if kept else None
    if found is not None and not YEAR.match(found[1] or found[2]):
        kept[-1] = f"#{found[1] or found[2]}"
    values = "&".join("=".join(pair) for pair in rest)
    return f"{'.'.join(bare)}/{'/'.join(kept)}?{values}", marked


def are_translations(one: str, two: str) -> bool:
    """Whether two addresses differ in their language alone; at least one of them names it."""
    if page_address(one) == page_address(two):
        return False
    (a, a_marked), (b, b_marked) = without_language(one), without_language(two)
    return a == b and (a_marked or b_marked)


def _split(url: str) -> tuple[str, list[str], str] | None:
    """Host without `www.`, path's segments, query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    return host, [segment for segment in parts.path.split("/") if segment], parts.query
