"""What an element is by its tag, class and id: part of the story, a caption, or neither.

The words are data: crawler/data/markup.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from lxml.etree import _Element as Element


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads((files("crawler") / "data" / "markup.toml").read_text("utf-8"))


def _tags(name: str) -> frozenset[str]:
    return frozenset(_data()["tags"][name].split())


BLOCKS = _tags("blocks")
SILENT = _tags("silent")
UNNESTED = _tags("unnested")
PICTURES = _tags("pictures")
RICH = _tags("rich")
STORY = _tags("story")
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
NOT_STORY: Mapping[str, str] = _data()["not_story"]

_HIDDEN = re.compile(
    r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|font-size\s{0,3}:\s{0,3}0(?![\d.])|"
    r"(?:left|top|text-indent)\s{0,3}:\s{0,3}-\d{3,}",
    re.I,
)
_TYPED = re.compile(r"white-space\s{0,3}:\s{0,3}(?:pre|break-spaces)", re.I)
_WORD = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
PATTERNS = (_HIDDEN, _TYPED, _WORD, _HUMP)


def attachment_endings() -> frozenset[str]:
    """Endings of addresses of documents, without a dot."""
    return _endings()


@cache
def _endings() -> frozenset[str]:
    return frozenset(_data()["attachments"]["endings"])


def _spelled(name: str) -> str:
    """` wp caption text ` for `wp-caption-text`: words between blanks."""
    return " " + " ".join(_WORD.findall(_HUMP.sub(" ", name))).lower() + " "


@cache
def _names() -> tuple[Mapping[str, str], frozenset[str]]:
    """Spelled name -> reason to drop, and the spelled names of captions."""
    drop = {_spelled(n): reason for reason, names in _data()["drop"].items() for n in names}
    return drop, frozenset(_spelled(name) for name in _data()["names"]["caption"])


@cache
def _doubtful() -> frozenset[str]:
    return frozenset(map(_spelled, _data()["names"]["doubtful"]))


@lru_cache(maxsize=8192)
def spelled(names: str) -> tuple[str, ...]:
    """The words of class names and ids, in small letters."""
    return tuple(_spelled(names).split())


@lru_cache(maxsize=8192)
def _name_says(name: str) -> tuple[str, bool] | None:
    """`caption` or a reason to drop, and whether that is doubtful; None for a name without one."""
    drop, captions = _names()
    words = _spelled(name[:80]).split()
    runs = [
        f" {' '.join(words[start:end])} "
        for start in range(len(words))
        for end in range(start + 1, min(len(words), start + 4) + 1)
    ]
    if any(run in captions for run in runs):
        return "caption", False
    # A single general word (share, tags, comment) must be the whole name or its first or last word.
    edges = {f" {words[0]} ", f" {words[-1]} "} if words else set()
    found = (run for run in runs if run in drop and (" " in run.strip() or run in edges))
    return next(((drop[run], run in _doubtful()) for run in found), None)


def says(element: Element) -> str | None:
    """Why an element is no text of the story: a reason, `caption`, or None when it may be."""
    tag = element.tag
    if tag in NOT_STORY:
        return NOT_STORY[tag]
    if not element.attrib:
        return None
    if _is_unseen(element) and not is_panel(element):
        return "hidden"
    if tag in STORY:
        return None
    return next((found[0] for found in _names_say(element)), None)


def is_doubtful(element: Element) -> bool:
    """Whether nothing but a general word in its names says that an element is no story."""
    if element.tag in NOT_STORY or element.tag in STORY:
        return False
    if _is_unseen(element):
        return False
    found = list(_names_say(element))
    return bool(found) and all(doubtful for _, doubtful in found)


def _names_say(element: Element) -> Iterator[tuple[str, bool]]:
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    return filter(None, map(_name_says, names[:30]))


def is_typed(element: Element) -> bool:
    """Whether line breaks below an element are shown as they are typed."""
    if element.tag == "pre":
        return True
    style = element.get("style")
    return style is not None and "white-space" in style and bool(_TYPED.search(style[:2000]))


def is_panel(element: Element) -> bool:
    """Whether an element is one of several that a reader opens by tabs or headings."""
    names = (element.get("class") or "")[:300].split()
    return element.get("role") == "tabpanel" or not _panels().isdisjoint(names)


@cache
def _panels() -> frozenset[str]:
    return frozenset(_data()["names"]["panels"])


def _is_unseen(element: Element) -> bool:
    get = element.get
    is_told = get("hidden") is not None or get("aria-hidden") == "true"
    return is_told or _is_hidden(get("style"))


def _is_hidden(style: str | None) -> bool:
    return bool(style) and len(style or "") < 2000 and bool(_HIDDEN.search(style or ""))
