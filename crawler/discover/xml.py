"""XML of strangers: no entities, no network, no huge trees; namespaces left aside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from crawler.discover.found import SourceError


def parse_xml(body: bytes, url: str) -> etree._Element:
    """The root of a document; raises SourceError when it is not XML."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body.lstrip(b"\xef\xbb\xbf \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"{url}: not XML ({error})") from None
    if root is None:
        raise SourceError(f"{url}: not XML")
    return root


def name_of(element: etree._Element) -> str:
    """An element's name without its namespace, in lower case; empty for other nodes."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children of those names."""
    return (child for child in element if name_of(child) in names)


def text_at(element: etree._Element, *names: str) -> str | None:
    """The text of the first child of those names that has any."""
    for child in children(element, *names):
        text = "".join(str(piece) for piece in child.itertext()).strip()
        if text:
            return text
    return None


def moment(told: str | None) -> datetime | None:
    """A time as feeds and sitemaps write it (ISO 8601 or RFC 2822), zone-aware; None if neither.

    A time without a zone is taken as UTC.
    """
    if not told:
        return None
    try:
        when = datetime.fromisoformat(told.strip())
    except ValueError:
        try:
            when = parsedate_to_datetime(told.strip())
        except (ValueError, IndexError, TypeError):
            return None
    try:
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None
