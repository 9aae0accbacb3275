"""What may stand in a site's file: each check returns the value or says what is wrong with it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathError
from pydantic import AfterValidator

from crawler.vocabulary import regions

SITE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}+\Z")
HOST = re.compile(r"[a-z0-9_][a-z0-9_.-]*(?<![.-])(?::[0-9]{1,5})?\Z")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def web_place(url: str) -> tuple[str, int] | None:
    """Host (lower case, as in DNS) and port of a web address; None for anything else.

    An address with a user name in it is refused: it only ever hides where it leads.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    return host, port or (443 if parts.scheme == "https" else 80)


def _web_address(value: str) -> str:
    if web_place(value) is None:
        raise ValueError(f"{value!r} must be a full address such as https://library.kz/")
    return value


def _host(value: str) -> str:
    if not HOST.match(value) or web_place(f"http://{value}/") is None:
        form = "kk.library.kz or library.kz:8080, in small letters (Cyrillic ones as xn--...)"
        raise ValueError(f"{value!r} is not a host; write it without https:// and path, as {form}")
    return value


def _region(value: str) -> str:
    if value not in regions():
        raise ValueError(f"{value!r} is not known; use one of: {', '.join(regions())}")
    return value


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{value!r} is not a time zone such as Asia/Almaty") from None
    return value


def _charset(value: str) -> str:
    try:
        "a".encode(value)
    except (LookupError, ValueError):
        raise ValueError(f"{value!r} is not a charset such as utf-8 or windows-1251") from None
    return value


def _expression(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"{value!r} is not a regular expression: {error}") from None
    return value


@lru_cache(maxsize=1024)
def _selector(value: str) -> str:
    try:
        CSSSelector(value, translator="html")
    except (SelectorError, XPathError, AssertionError, ValueError) as error:
        form = "such as .entry-content or article h1"
        raise ValueError(f"{value!r} is not a CSS selector {form}: {error}") from None
    return value


def pages_trouble(pages: str) -> str | None:
    """Why a template of further pages can't serve; None when it can."""
    told = set(PLACEHOLDER.findall(pages)) - {"site"}
    if strange := told - {"n", "year", "month", "day"}:
        return f"{{{min(strange)}}} is not known; use {{n}}, or {{year}}, {{month}} and {{day}}"
    if told not in ({"n"}, {"year", "month"}, {"year", "month", "day"}):
        return "it must have {n}, or {year} and {month} (and {day}), so that pages differ"
    if not pages.startswith("{site}") and web_place(pages) is None:
        return "it must be a full address or begin with {site}"
    return None


Expression = Annotated[str, AfterValidator(_expression)]
Selector = Annotated[str, AfterValidator(_selector)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Host = Annotated[str, AfterValidator(_host)]
Region = Annotated[str, AfterValidator(_region)]
Timezone = Annotated[str, AfterValidator(_timezone)]
Charset = Annotated[str, AfterValidator(_charset)]
