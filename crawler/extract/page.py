"""What a page says: a capture becomes a draft, by a layout or generically."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lxml import etree
from lxml.etree import _Element as Element

from crawler.errors import ConfigError, ExtractionError
from crawler.extract import layouts
from crawler.extract.body import Body, read_body
from crawler.extract.charset import decode
from crawler.extract.dates import date_in_url, read_date, read_date_line
from crawler.extract.generic import read_generic
from crawler.extract.measures import measure
from crawler.extract.metadata import Metadata, read_metadata
from crawler.extract.teasers import teasers
from crawler.extract.texts import text_of, web_address
from crawler.extract.titles import best_title
from crawler.extract.tree import parse
from crawler.model import Capture, Draft, Image
from crawler.sites import Layout, Site

__all__ = ["decode", "extract", "zone_of"]

ENOUGH = 250  # characters; a layout that gives less is compared with the generic reading
MUCH_MORE = 4  # times; then the layout has missed the story
FOREIGN_ENOUGH = 140  # characters that another system's layout must find to be believed
LONGEST_LABEL = 25  # characters: «Автор», «Категориясы»
DATE_PLACES = (
    "[itemprop=datePublished], time[pubdate], time[datetime], .entry-date, .post-date, "
    ".news-date, .article-date, .published, .date-created, .createdate, .date, .time"
)


@dataclass(frozen=True, slots=True)
class _Page:
    """A parsed capture and all that is read from it more than once."""

    capture: Capture
    site: Site | None
    text: str
    root: Element
    meta: Metadata
    zone: ZoneInfo


def extract(capture: Capture, site: Site | None = None) -> Draft:
    """The draft of the one article on a page.

    The site's layouts come first, then those of every content system, then the generic
    extractor. Raises ExtractionError, saying why, when there is no article to be read.
    """
    text = decode(capture, site)
    root = parse(text, capture.url)
    page = _Page(capture, site, text, root, read_metadata(root, capture.url), zone_of(site))
    etree.strip_elements(root, "script", "style", "template", with_tail=False)
    found = next(_read_by_layout(page), None)
    if found is None or found[1].size < ENOUGH:
        found = _or_generic(page, found)
    layout, body = found
    if not body.blocks and not body.images:
        raise ExtractionError(f"{capture.url}: no article on this page", _remedy(text_of(root)))
    return _draft(page, layout, body)


def zone_of(site: Site | None) -> ZoneInfo:
    """The zone of a site's clock, Asia/Almaty without a site.

    Raises ConfigError for a name that the zone database lacks.
    """
    name = site.timezone if site else "Asia/Almaty"
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        remedy = "Use a name such as Asia/Almaty."
        raise ConfigError(f"timezone: {name!r} is not a time zone", remedy) from None


def _remedy(text: str) -> str:
    return f"The page has {len(text):,} characters of text; give its site a layout." if text else ""


def _read_by_layout(page: _Page) -> Iterator[tuple[Layout | None, Body]]:
    """Every layout that finds a body on the page, with what it reads there."""
    own = page.site.layouts if page.site else ()
    for layout in layouts.candidates(page.site, page.capture.fetched_at.date()):
        if not _may_match(layout, page.text):
            continue
        element = layouts.first(page.root, layout.body)
        if element is None:
            continue
        sizes = measure(element)
        dropped = {
            node: "layout"
            for one in layout.drop
            for node in layouts.select(element, one, page.text)
        }
        if layout not in own:
            dropped |= teasers(element, sizes)
        body = read_body(element, page.capture.url, dropped, sizes)
        body.images.extend(_gallery(page, layout))
        if layout in own or body.size >= FOREIGN_ENOUGH:
            yield layout, body


def _may_match(layout: Layout, text: str) -> bool:
    """Whether the names of a body's selector stand in the markup at all; a cheap look ahead."""
    return any(all(name in text for name in names) for names in layouts.may_match(layout.body))


def _gallery(page: _Page, layout: Layout) -> Iterator[Image]:
    for node in layouts.select(page.root, layout.gallery):
        picture = node if node.tag == "img" else node.find(".//img")
        if picture is not None:
            url = web_address(page.capture.url, picture.get("data-src") or picture.get("src"))
            if url:
                yield Image(url, (picture.get("alt") or "").strip()[:500])


def _or_generic(
    page: _Page, found: tuple[Layout | None, Body] | None
) -> tuple[Layout | None, Body]:
    """The generic reading, unless a layout's short one is about as long."""
    generic = read_generic(page.root, page.capture.url)
    if found is not None and generic.size < MUCH_MORE * max(found[1].size, 1):
        return found
    return None, generic


def _draft(page: _Page, layout: Layout | None, body: Body) -> Draft:
    title = layouts.first(page.root, layout.title) if layout else None
    told = text_of(title) if title is not None else None
    return Draft(
        url=page.capture.url,
        title=best_title(told, page.root, page.meta, _site_names(page.site)),
        blocks=tuple(body.blocks),
        layout=layout.name if layout else "generic",
        site=page.site.id if page.site else None,
        published=_published(page, layout, body),
        modified=read_date(page.meta.modified, page.zone),
        author=_told(page, layout.author if layout else None) or page.meta.author or None,
        section=_told(page, layout.section if layout else None) or page.meta.section or None,
        language_hint=page.meta.language.partition("-")[0].lower() or None,
        canonical_url=page.meta.canonical,
        images=tuple(dict.fromkeys(body.images)) or _social_image(page.meta),
        attachments=tuple(dict.fromkeys(body.attachments)),
        twins=_other(page.meta.twins, page.capture.url),
        removed=tuple(body.removed),
    )


def _site_names(site: Site | None) -> tuple[str, ...]:
    return tuple(filter(None, site.name.model_dump().values())) if site else ()


def _told(page: _Page, selector: str | None) -> str | None:
    node = layouts.first(page.root, selector)
    label, colon, value = (text_of(node) if node is not None else "").partition(":")
    is_label = colon and len(label) <= LONGEST_LABEL and label.replace(" ", "").isalpha()
    return (value if is_label else label + colon + value).strip()[:200] or None


def _social_image(meta: Metadata) -> tuple[Image, ...]:
    return tuple(Image(url) for url in meta.images)


def _other(twins: tuple[tuple[str, str], ...], url: str) -> tuple[tuple[str, str], ...]:
    """Twins but the page itself and sites' front pages."""
    return tuple(
        (language, twin)
        for language, twin in twins
        if twin.rstrip("/") != url.rstrip("/")
        and len(urlsplit(twin).path + urlsplit(twin).query) > 4
    )


def _published(page: _Page, layout: Layout | None, body: Body) -> datetime | None:
    """The layout's date; else the page's own data, a date line, dated markup, the address."""
    lines = [block.text for block in (*body.blocks[:4], *body.blocks[-12:])]
    removed = [removal.text for removal in body.removed if len(removal.text) < 200]
    ways = (
        _dated(page, layout.published if layout else None),
        iter((read_date(page.meta.published, page.zone),)),
        (read_date_line(line, page.zone) for line in (*lines, *removed)),
        _dated(page, DATE_PLACES),
        iter((date_in_url(page.capture.url, page.zone),)),
    )
    return next((found for way in ways for found in way if found), None)


def _dated(page: _Page, selector: str | None) -> Iterator[datetime | None]:
    for node in layouts.select(page.root, selector, page.text)[:20]:
        told = (node.get("datetime"), node.get("content"), text_of(node), node.get("title"))
        for text in filter(None, told):
            yield read_date(text[:400], page.zone, page.capture.fetched_at)
