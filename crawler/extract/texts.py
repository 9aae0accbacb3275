"""Texts and addresses below an element."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast
from urllib.parse import urljoin, urlsplit

from lxml.etree import _Element as Element

MOST_PIECES = 100  # of text in a line


def tidy(text: str) -> str:
    """White space of any kind folded to single blanks."""
    return " ".join(text.split())


def text_of(element: Element) -> str:
    """All text below an element, tidied; words of neighbouring elements stay apart."""
    if not len(element):
        return tidy(element.text or "")
    return tidy(" ".join(texts_of(element)))


def beginning_of(element: Element, longest: int) -> str:
    """The beginning of the text below an element, tidied; not much more than `longest`."""
    pieces: list[str] = []
    for piece in texts_of(element):
        pieces.append(piece[: longest + 1])
        longest -= len(piece)
        if longest < 0:
            break
    return tidy(" ".join(pieces))


def web_address(base: str, told: str | None) -> str | None:
    """The absolute http(s) address, or None for `javascript:`, `data:` and broken ones.

    A file has no address (`base` is ""): then a relative one stays as it is.
    """
    try:
        url = urljoin(base, (told or "").strip())
        parts = urlsplit(url)
    except ValueError:
        return None
    if not base and not parts.scheme and parts.path:
        return f"https:{url}" if parts.netloc else url
    return url if parts.scheme in ("http", "https") and parts.netloc and told else None


def texts_of(element: Element) -> Iterator[str]:
    """Every piece of text below an element (of an HTML tree, so never bytes)."""
    return cast("Iterator[str]", element.itertext())


def short_text(element: Element, longest: int) -> str:
    """The text of an element as shown, tidied; '' when it is longer than `longest`."""
    if not len(element):
        line = (element.text or "").strip()
        return tidy(line) if len(line) <= longest else ""
    pieces: list[str] = []
    for number, piece in enumerate(texts_of(element)):
        pieces.append(piece)
        longest -= len(piece.strip())
        if longest < 0 or number > MOST_PIECES:
            return ""
    return tidy("".join(pieces))
