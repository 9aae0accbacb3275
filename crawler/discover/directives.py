"""What a page says of itself to crawlers: `noindex` in its head or in X-Robots-Tag."""

from __future__ import annotations

import re

from crawler.model import Capture

HEAD_BYTES = 64 * 1024
META = re.compile(rb"<meta\b[^<>]{0,500}>", re.IGNORECASE)
NAMED = re.compile(rb"name\s*=\s*[\"']?(?:robots|jarshy)\b", re.IGNORECASE)
NOINDEX = re.compile(r"\b(?:noindex|none)\b", re.IGNORECASE)
CONTENT = re.compile(rb"content\s*=\s*[\"']?([^\"'<>]{0,200})", re.IGNORECASE)
AGENT = re.compile(r"\s{0,20}([\w-]{1,40})\s{0,20}:")
DIRECTIVES_WITH_VALUES = (
    "unavailable_after",
    "max-snippet",
    "max-image-preview",
    "max-video-preview",
)


def kept_out(capture: Capture) -> str | None:
    """Why a page asks not to be indexed; None when it does not."""
    for name, value in capture.headers:
        if name.lower() == "x-robots-tag" and _says_noindex(value):
            return "noindex in X-Robots-Tag"
    for found in META.finditer(capture.body[:HEAD_BYTES]):
        if NAMED.search(found.group()):
            content = CONTENT.search(found.group())
            if content and NOINDEX.search(content.group(1).decode("latin-1")):
                return "noindex in the page's head"
    return None


def _says_noindex(value: str) -> bool:
    """For everyone, or for this crawler by name: `googlebot: noindex` is none of our business."""
    told = AGENT.match(value)
    if told and told.group(1).lower() not in (*DIRECTIVES_WITH_VALUES, "jarshy"):
        return False
    return bool(NOINDEX.search(value))
