"""RSS 0.9 to 2.0 and Atom: the newest articles of a site."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from crawler.discover.found import Found, Mention, SourceError, mark_of, page_address, unique
from crawler.discover.xml import children, moment, name_of, parse_xml, text_at
from crawler.model import Capture, Link
from crawler.sites import Site

BY_NUMBER = re.compile(r"\?p=\d{1,15}\Z")


def links_in_feed(capture: Capture, site: Site) -> Found:
    """The entries of a feed; raises SourceError when the document is no feed.

    An entry's mark covers title, text and times, so that an edited article is noticed.
    """
    root = parse_xml(capture.body, capture.url)
    if name_of(root) not in ("rss", "rdf", "feed"):
        raise SourceError(f"{capture.url}: not a feed (it starts with <{name_of(root)}>)")
    return Found(unique(_mentions(root, capture.url, site)))


def _mentions(root: etree._Element, base: str, site: Site) -> Iterator[Mention]:
    for entry in root.iter():
        if name_of(entry) not in ("item", "entry"):
            continue
        url = page_address(_address(entry) or "", base, site)
        if url is None or not _address(entry):
            continue
        title = text_at(entry, "title")
        published = text_at(entry, "pubdate", "published", "issued", "date", "created")
        modified = text_at(entry, "updated", "modified")
        body = text_at(entry, "encoded", "content", "description", "summary", "full-text")
        link = Link(url, base, title, moment(published), moment(modified))
        yield Mention(link, mark_of(title, published, modified, body), _number(entry, base, site))


def _number(entry: etree._Element, base: str, site: Site) -> str:
    """The address by number that WordPress gives as `guid`, whatever the link looks like."""
    told = text_at(entry, "guid") or ""
    return (page_address(told, base, site) or "") if BY_NUMBER.search(told) else ""


def _address(entry: etree._Element) -> str | None:
    """The link's text (RSS), its alternate `href` (Atom), or a guid that is an address."""
    for link in children(entry, "link"):
        text = (link.text or "").strip()
        if text:
            return text
        if link.get("href") and link.get("rel", "alternate") == "alternate":
            return link.get("href")
    guid = text_at(entry, "guid", "id")
    return guid if guid and guid.startswith(("http://", "https://")) else None
