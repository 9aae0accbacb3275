"""Pictures of a story: their address and what they are called."""

from __future__ import annotations

from lxml.etree import _Element as Element

from crawler.extract.texts import tidy, web_address
from crawler.model import Image

SMALLEST = 60  # pixels; smaller ones are icons
LONGEST_ALT = 500  # characters
LONGEST_EMOJI = 4

_SOURCES = ("data-src", "data-lazy-src", "data-original", "src")


def picture_of(node: Element, url: str) -> Image | str | None:
    """The picture of an `img`; the character that it stands for; None for icons and broken ones."""
    alt = tidy(node.get("alt") or "")
    if alt and len(alt) <= LONGEST_EMOJI and "emoji" in (node.get("class") or ""):
        return alt
    told = next(filter(None, map(node.get, _SOURCES)), None)
    address = web_address(url, told)
    return Image(address, alt[:LONGEST_ALT]) if address and not _is_icon(node) else None


def _is_icon(node: Element) -> bool:
    sizes = [node.get("width") or "", node.get("height") or ""]
    return any(s.isascii() and s.isdigit() and int(s[:9]) < SMALLEST for s in sizes)
