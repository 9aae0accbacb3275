"""Addresses: one canonical form a page, one identity an article, traps told apart."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from urllib.parse import SplitResult, parse_qsl, quote, unquote_to_bytes, urlsplit

from crawler.sites import USUAL_PORTS, Site, web_place

MAX_LENGTH = 2000
MAX_DEPTH = 14
PATH_SAFE = "/:@!$&'()*+,;=~-._"
FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|bmp|tiff?|ico|pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|djvu?|epub|fb2"
    r"|zip|rar|7z|gz|tar|mp[34]|avi|mov|wmv|mkv|webm|wav|ogg|flac|exe|apk|iso|css|js|xml|rss|json)\Z",
    re.IGNORECASE,
)


@cache
def _told() -> Mapping[str, list[str]]:
    return tomllib.loads((files("crawler") / "data" / "parameters.toml").read_text("utf-8"))


@cache
def _nameless() -> tuple[frozenset[str], tuple[str, ...]]:
    """Parameters that never name an article: whole ones (or `name=value`), and beginnings."""
    names = [name for group in ("tracking", "session", "views") for name in _told()[group]]
    starts = tuple(name[:-1] for name in names if name.endswith("*"))
    return frozenset(name for name in names if not name.endswith("*")), starts


def canonical_url(url: str, site: Site | None = None) -> str:
    """The one form of a page's address, whoever links to it; ValueError when it is no web page.

    Scheme and host in lower case (of a site's hosts: as the site's own address has them), no
    usual port, trailing dot, dot segments, doubled slashes, fragment, print or mobile view,
    session or tracking parameters; the others sorted; characters beyond ASCII percent-encoded
    in upper case. Idempotent.
    """
    place = web_place(url.strip())
    if place is None:
        raise ValueError(f"{url!r} is no web address")
    parts = urlsplit(url.strip())
    root = _root(parts, place, site)
    path = _path(re.sub(r";jsessionid=[^/?]*", "", parts.path, flags=re.IGNORECASE))
    query = _query(parts.query, site)
    return f"{root}{path}?{query}" if query else f"{root}{path}"


def _root(parts: SplitResult, place: tuple[str, int], site: Site | None) -> str:
    host, port = place
    scheme = parts.scheme
    if site is not None and port in USUAL_PORTS:
        own = urlsplit(site.url)
        own_host, own_port = web_place(site.url) or ("", 0)
        if _bare(host) == _bare(own_host) and own_port in USUAL_PORTS:
            return f"{own.scheme}://{own_host}"
    if port in USUAL_PORTS:
        return f"https://{host}" if port == 443 else f"{scheme}://{host}"
    return f"{scheme}://{host}:{port}"


def _bare(host: str) -> str:
    """A host without what says only how its pages are shown: `www.`, `m.`, ..."""
    first, _, rest = host.partition(".")
    return rest if "." in rest and first in _told()["view_hosts"] else host


def _path(path: str) -> str:
    """Percent-encoding made uniform, dot segments and doubled slashes taken out (RFC 3986, 6)."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            kept[-1:] = []
        elif segment not in ("", "."):
            kept.append(_requoted(segment))
    kept = list(_plain_view(kept))
    end = "/" if kept and segments[-1] in ("", ".", "..") else ""
    return "/" + "/".join(kept) + end


def _plain_view(segments: Sequence[str]) -> Sequence[str]:
    """The folders of a page instead of those of its print or mobile view."""
    while len(segments) > 1 and segments[-1].lower() in _told()["view_folders"]:
        segments = segments[:-1]
    for start in _told()["view_beginnings"]:
        if segments and segments[-1].startswith(start) and segments[-1] != start:
            return _plain_view((*segments[:-1], segments[-1].removeprefix(start)))
    return segments


def _requoted(segment: str) -> str:
    raw = unquote_to_bytes(segment)
    # An encoded slash or percent sign is another thing than a plain one: it stays encoded.
    return quote(raw, safe=PATH_SAFE.replace("/", ""))


def _query(query: str, site: Site | None) -> str:
    pairs = parse_qsl(query[:MAX_LENGTH], errors="surrogateescape")
    kept = site.keep_parameters if site is not None else ()
    named = sorted(pair for pair in pairs if _names_a_page(*pair, kept))
    return "&".join(f"{_parameter(name)}={_parameter(value)}" for name, value in named)


def _parameter(text: str) -> str:
    return quote(text.encode("utf-8", "surrogateescape"), safe=":/,-._~")


def _names_a_page(name: str, value: str, kept: tuple[str, ...]) -> bool:
    if kept:
        return name in kept
    names, starts = _nameless()
    name = name.lower()
    return not (name in names or name.startswith(starts) or f"{name}={value.lower()}" in names)


def identity(url: str, site: Site) -> str:
    """What makes two canonical addresses the same article.

    By the site's `identity` patterns, so that an article reached through many menus is one;
    else by the address without a slash at its end.
    """
    for pattern in site.identity:
        found = re.search(pattern, url)
        if found:
            return "|".join(("id", *(group or "" for group in found.groups())))
    return url.rstrip("/")


def trouble_with(url: str) -> str | None:
    """Why a canonical address can't be an article's: a file, or the mark of an endless trap."""
    path = urlsplit(url).path
    if len(url) > MAX_LENGTH:
        return "the address is too long"
    if FILES.search(path):
        return "a file, not a page"
    segments = [segment for segment in path.split("/") if segment]
    if len(segments) > MAX_DEPTH:
        return "too many folders deep"
    if any(segments.count(one) >= 3 for one in set(segments)):
        return "a folder repeats itself"
    twice = any(one == other and len(one) > 2 for one, other in pairwise(segments))
    if twice and len(segments) > 3:
        return "a folder repeats itself"
    return None


def matches(url: str, site: Site) -> bool:
    """Whether a canonical address is an article's by the site's `match` and `exclude`."""
    if any(re.search(pattern, url) for pattern in site.exclude):
        return False
    return not site.match or any(re.search(pattern, url) for pattern in site.match)
