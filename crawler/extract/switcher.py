"""Links of a language switcher (ҚАЗ | РУС | EN) that lead to the same story in another language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from lxml.etree import _Element as Element

from crawler.extract.texts import short_text, tidy, web_address

MOST_LINKS = 1_000
MOST_PARAMETERS = 50  # of an address
LONGEST_WORD = 24  # characters of the name of a language
FEWEST_STEPS = 2  # parts of a story's path, where it cannot be compared with the page's own

_CODE = re.compile(r"(?:\A|[-_ ])(kk|kz|kaz|ru|rus|en|eng)(?:\Z|[-_ ])", re.I)
_NUMBER = re.compile(r"\d{2,12}")
PATTERNS = (_CODE, _NUMBER)


def switched(root: Element, url: str, own: str) -> Iterator[tuple[str, str]]:
    """(language, address) of links that are called by a language and lead to this story in it.

    `own` is the page's own language, '' where it tells none. A link to a front page, to a section
    or to the page itself is none.
    """
    for link in islice(root.iter("a"), MOST_LINKS):
        language = _language_of(link)
        address = web_address(url, link.get("href")) if language else None
        if language and address and language != own and _is_version(url, address):
            yield language, address


def _language_of(link: Element) -> str | None:
    """The language that the words of a link name, or the picture in it."""
    words = (link.text or "").strip()
    if len(words) > LONGEST_WORD or not link.get("href"):
        return None
    words = short_text(link, LONGEST_WORD) if len(link) else words
    if not words:
        image = link.find(".//img")
        words = tidy((image.get("alt") or "")[:LONGEST_WORD]) if image is not None else ""
    if words:
        return _names().get(words.lower().strip(" .|/[]()"))
    code = _CODE.search(f"{link.get('class') or ''} {link.get('title') or ''}"[:80])
    return _names().get(code[1].lower()) if code else None


def _is_version(here: str, there: str) -> bool:
    """Whether an address is this page's but for the language, or as deep with the same number."""
    one, other = _steps(here), _steps(there)
    if not other or urlsplit(there).hostname != (
        urlsplit(here).hostname or urlsplit(there).hostname
    ):
        return False
    if one == other:
        return here.partition("#")[0] != there.partition("#")[0]
    numbers = [set(_NUMBER.findall(" ".join(steps))) for steps in (one, other)]
    if one and numbers[0] & numbers[1]:
        return True
    return len(other) >= FEWEST_STEPS and len(other) == len(one or other)


def _steps(url: str) -> list[str]:
    """The parts of an address that tell a page, without those that tell a language."""
    parts = urlsplit(url)
    steps = [step.lower() for step in parts.path.split("/") if step]
    if steps and steps[-1].startswith("index."):
        steps.pop()
    told = parse_qsl(parts.query) if parts.query.count("&") < MOST_PARAMETERS else []
    pairs = sorted(pair for pair in told if pair[1].lower() not in _names())
    return [one for one in steps if one not in _names()] + [f"{a}={b}" for a, b in pairs]


@cache
def _names() -> Mapping[str, str]:
    """What a language is called, in small letters -> its code."""
    told: Any = tomllib.loads((files("crawler") / "data" / "markup.toml").read_text("utf-8"))
    return {name: code for code, names in told["tongues"].items() for name in names}
