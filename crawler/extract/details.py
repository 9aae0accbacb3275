"""What stands around a story: its title, day, author and section, pictures, twins."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lxml.etree import _Element as Element

from crawler.errors import ConfigError
from crawler.extract import layouts
from crawler.extract.body import Body, read_body
from crawler.extract.dates import date_in_url, read_date, read_date_line
from crawler.extract.headlines import above_story
from crawler.extract.measures import Sizes, measure
from crawler.extract.metadata import Metadata
from crawler.extract.near import lines_near
from crawler.extract.texts import text_of, web_address
from crawler.extract.titles import best_title
from crawler.model import Capture, Draft, Image
from crawler.sites import Layout, Site

MOST_LINKS = 500
MOST_TAGS = 20_000  # of a page that is read once more for its title
LONGEST_LABEL = 25  # characters: «Автор», «Категориясы»
DATE_PLACES = (
    "[itemprop=datePublished], time[pubdate], time[datetime], .entry-date, .post-date, "
    ".news-date, .article-date, .published, .date-created, .createdate, .date, .time"
)


@dataclass(frozen=True)
class Page:
    """A parsed capture and all that is read from it more than once."""

    capture: Capture
    site: Site | None
    text: str
    root: Element
    meta: Metadata
    zone: ZoneInfo

    @cached_property
    def sizes(self) -> Sizes:
        """The size of every element in the body; of none where there is no body."""
        body = self.root.find("body")
        return measure(body) if body is not None else {}

    @cached_property
    def markup(self) -> layouts.Markup:
        """The names of the page's markup, for selectors."""
        return layouts.Markup(self.text, self.root)


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


def gallery(page: Page, layout: Layout) -> Iterator[Image]:
    """Pictures of the story that the layout has outside its body."""
    for node in layouts.select(page.root, layout.gallery, page.markup):
        picture = node if node.tag == "img" else node.find(".//img")
        if picture is not None:
            url = web_address(page.capture.url, picture.get("data-src") or picture.get("src"))
            if url:
                yield Image(url, (picture.get("alt") or "").strip()[:500])


def draft_of(page: Page, layout: Layout | None, body: Body) -> Draft:
    """The draft of a page whose story was read by a layout, or by none."""
    title = layouts.first(page.root, layout.title, page.markup) if layout else None
    told = text_of(title) if title is not None else None

    def above(unfit: Collection[str], named: Collection[str]) -> Iterator[str]:
        whole = page.root.find("body")
        if whole is None or page.text.count("<") > MOST_TAGS:
            return iter(())
        lines = read_body(whole, page.capture.url, sizes=page.sizes).blocks
        return above_story(lines, body.blocks, unfit, named)

    names = _site_names(page.site)
    name = best_title(told, page.root, page.meta, names, above, lambda: page.sizes)
    return Draft(
        url=page.capture.url,
        title=name,
        blocks=tuple(body.blocks),
        layout=layout.name if layout else "generic",
        site=page.site.id if page.site else None,
        published=_published(page, layout, body, name),
        modified=read_date(page.meta.modified, page.zone),
        author=told_by(page, layout.author if layout else None) or page.meta.author or None,
        section=told_by(page, layout.section if layout else None) or page.meta.section or None,
        language_hint=page.meta.language.partition("-")[0].lower() or None,
        canonical_url=page.meta.canonical,
        images=tuple(dict.fromkeys(body.images)) or _social_image(page.meta),
        attachments=tuple(dict.fromkeys(body.attachments)),
        twins=_other(page.meta.twins, page.capture.url),
        removed=tuple(body.removed),
        links=tuple(dict.fromkeys(body.links))[:MOST_LINKS],
    )


def _site_names(site: Site | None) -> tuple[str, ...]:
    return tuple(filter(None, site.name.model_dump().values())) if site else ()


def told_by(page: Page, selector: str | None) -> str | None:
    """The text of the first element that matches, without a label before it."""
    node = layouts.first(page.root, selector, page.markup)
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


def _published(page: Page, layout: Layout | None, body: Body, title: str | None) -> datetime | None:
    """The layout's date; else the page's own data, a date line, dated markup, the address."""
    whole = page.root.find("body")
    near = lines_near(whole, title, body.blocks) if whole is not None else iter(())
    lines = [block.text for block in (*body.blocks[:4], *body.blocks[-12:])]
    removed = [removal.text for removal in body.removed if len(removal.text) < 200]
    ways = (
        dated(page, page.root, layout.published if layout else None),
        iter((read_date(page.meta.published, page.zone),)),
        (read_date_line(line, page.zone) for line in (*lines, *removed)),
        (read_date_line(line, page.zone) for line in near),
        dated(page, page.root, DATE_PLACES),
        iter((date_in_url(page.capture.url, page.zone),)),
    )
    return next((found for way in ways for found in way if found), None)


def dated(page: Page, root: Element, selector: str | None) -> Iterator[datetime | None]:
    """The dates that the first elements matching below `root` tell."""
    for node in layouts.select(root, selector, page.markup)[:20]:
        told = (node.get("datetime"), node.get("content"), text_of(node), node.get("title"))
        for text in filter(None, told):
            yield read_date(text[:400], page.zone, page.capture.fetched_at)
