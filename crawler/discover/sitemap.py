"""Sitemaps (sitemaps.org 0.9): indexes, gzip, `lastmod`, plain lists of addresses."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from lxml import etree

from crawler.discover.found import Found, Mention, SourceError, page_address, unique
from crawler.discover.xml import children, moment, name_of, parse_xml, text_at
from crawler.model import Capture, Link
from crawler.sites import Site

MAX_BYTES = 10 * 1024 * 1024
MAX_PARTS = 500


def links_in_sitemap(capture: Capture, site: Site) -> Found:
    """The pages of a sitemap, or the sitemaps of an index; SourceError when it is neither.

    A page's mark is its `lastmod`.
    """
    body = unpacked(capture.body, capture.url)
    if body.lstrip()[:1] not in (b"<", b"\xef") and body.lstrip()[:4] == b"http":
        return Found(unique(_plain(body, capture.url, site)))
    root = parse_xml(body, capture.url)
    if name_of(root) == "sitemapindex":
        told = {
            loc: text_at(entry, "lastmod") or ""
            for entry in children(root, "sitemap")
            if (loc := text_at(entry, "loc")) and site.covers(loc)
        }
        return Found(parts=tuple(told.items())[:MAX_PARTS])
    if name_of(root) != "urlset":
        raise SourceError(f"{capture.url}: not a sitemap (it starts with <{name_of(root)}>)")
    return Found(unique(_mentions(root, capture.url, site)))


def _mentions(root: etree._Element, base: str, site: Site) -> Iterator[Mention]:
    for entry in children(root, "url"):
        loc = text_at(entry, "loc")
        url = page_address(loc, base, site) if loc else None
        if url is not None:
            modified = text_at(entry, "lastmod")
            yield Mention(Link(url, base, modified=moment(modified)), modified or "")


def _plain(body: bytes, base: str, site: Site) -> Iterator[Mention]:
    for line in body.decode("utf-8", "replace").splitlines():
        url = page_address(line, base, site) if line.strip() else None
        if url is not None:
            yield Mention(Link(url, base))


def unpacked(body: bytes, url: str) -> bytes:
    """The document without gzip; raises SourceError when it is damaged or grows beyond 10 MiB."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    reader = zlib.decompressobj(wbits=31)
    try:
        plain = reader.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise SourceError(f"{url}: damaged gzip ({error})") from None
    if len(plain) > MAX_BYTES:
        raise SourceError(f"{url}: more than 10 MiB when unpacked")
    if not reader.eof:
        raise SourceError(f"{url}: the gzip is cut off")
    return plain
