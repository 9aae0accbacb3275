"""What a page says: a capture becomes a draft, by a layout or generically."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree
from lxml.etree import _Element as Element

from crawler.errors import ExtractionError
from crawler.extract import layouts
from crawler.extract.beside import left_out
from crawler.extract.body import Body, read_body
from crawler.extract.charset import decode
from crawler.extract.details import Page, draft_of, gallery, zone_of
from crawler.extract.generic import read_generic
from crawler.extract.headlines import labels_at_top
from crawler.extract.measures import Sizes, measure
from crawler.extract.metadata import read_metadata
from crawler.extract.missing import tells_of_no_page
from crawler.extract.names import without_site_name
from crawler.extract.shown_title import told_of
from crawler.extract.teasers import cards, teasers
from crawler.extract.texts import text_of
from crawler.extract.tree import parse
from crawler.extract.twice import told_twice
from crawler.model import Capture, Draft, Removal
from crawler.sites import Layout, Site

__all__ = ["decode", "extract", "open_page", "read_page", "zone_of"]

ENOUGH = 250  # characters; a layout that gives less is compared with the generic reading
MUCH_MORE = 4  # times; then the layout has missed the story
OF_PAGE = 8  # a layout that gives less than this part of a page's text is compared too
FOREIGN_ENOUGH = 140  # characters that another system's layout must find to be believed
FEWEST_WORDS = 3  # of a sentence
MANY_IMAGES = 3  # a page of pictures is a story without sentences
BEGINNING = 5_000  # characters of markup in which a whole page names itself

Found = tuple[Layout | None, Body]


def extract(capture: Capture, site: Site | None = None) -> Draft:
    """The draft of the one article on a page.

    The site's layouts come first, then those of every content system, then the generic
    extractor. Raises ExtractionError, saying why, when there is no article to be read.
    `Draft.doubt` tells of a page that breaks off, or has much more text than was read.
    """
    return read_page(open_page(capture, site))[2]


def open_page(capture: Capture, site: Site | None = None) -> Page:
    """A capture decoded and parsed, without scripts; raises ExtractionError."""
    text = decode(capture, site)
    root = parse(text, capture.url)
    page = Page(capture, site, text, root, read_metadata(root, capture.url), zone_of(site))
    etree.strip_elements(root, "script", "style", "template", with_tail=False)
    if told := tells_of_no_page(root, page.meta.page_title):
        raise ExtractionError(f"{capture.url}: the page says that there is no such page: {told!r}")
    return page


def read_page(page: Page) -> tuple[Layout | None, Body, Draft]:
    """The layout that was used, what it read, and the page's draft; raises ExtractionError."""
    (layout, body), doubt = _compared(page, next(_read_by_layout(page), None))
    body.drop(labels_at_top(body.blocks), "masthead")
    if layout is None and _is_list(page, body):
        told = f"{page.capture.url}: a list of other stories, no article on this page"
        raise ExtractionError(told, "Give the page of one of them.")
    if not body.blocks and not body.images:
        remedy = _remedy(text_of(page.root))
        raise ExtractionError(f"{page.capture.url}: no article on this page", remedy)
    if _is_cut_off(page.text):
        doubt = "the page breaks off before its end"
    draft = without_site_name(draft_of(page, layout, body), page.meta)
    return layout, body, replace(draft, doubt=doubt, removed=_removed(page, layout, draft))


def _is_list(page: Page, body: Body) -> bool:
    """Whether no sentence was read of a page that has cards of other stories."""
    told = any(
        block.text[-1] in ".!?…" and len(block.text.split()) >= FEWEST_WORDS
        for block in body.blocks
    )
    if told or body.size >= ENOUGH or len(body.images) >= MANY_IMAGES:
        return False
    root = page.root.find("body")
    return root is not None and len(cards(root, page.sizes)) > 1


def _removed(page: Page, layout: Layout | None, draft: Draft) -> tuple[Removal, ...]:
    """What was taken out, and what stands beside the story; with a site's own layout the first."""
    root = page.root.find("body")
    if root is None or (page.site and layout in page.site.layouts):
        return draft.removed
    known = [*(block.text for block in draft.blocks), *(one.text for one in draft.removed)]
    return (*draft.removed, *left_out(root, page.sizes, known))


def _remedy(text: str) -> str:
    return f"The page has {len(text):,} characters of text; give its site a layout." if text else ""


def _read_by_layout(page: Page) -> Iterator[tuple[Layout | None, Body]]:
    """Every layout that finds a body on the page, with what it reads there."""
    own = page.site.layouts if page.site else ()
    for layout in layouts.candidates(page.site, page.capture.fetched_at.date()):
        if not layouts.may_match(layout.body, page.markup):
            continue
        element = layouts.first(page.root, layout.body, page.markup)
        if element is None:
            continue
        sizes = _sizes_in(page, element, layout in own)
        dropped = {
            node: "layout"
            for one in layout.drop
            for node in layouts.select(element, one, page.markup)
        }
        if layout not in own:
            dropped |= teasers(element, sizes) | told_twice(element, sizes)
        body = read_body(element, page.capture.url, dropped, sizes)
        body.images.extend(gallery(page, layout))
        if layout in own or body.size >= FOREIGN_ENOUGH:
            yield layout, body


def _sizes_in(page: Page, element: Element, is_own: bool) -> Sizes:
    """Sizes of a layout's element; the page's own do where the rest of it is asked for anyway."""
    if is_own or next(element.iterancestors("a"), None) is not None:
        return measure(element)
    return page.sizes if element in page.sizes else measure(element)


def _compared(page: Page, found: Found | None) -> tuple[Found, str | None]:
    """The better of a layout's reading and the generic one, and a doubt if they differ much."""
    if found is not None and found[1].size >= ENOUGH:
        if _is_much(found[1].size, page):
            return found, None
        generic = read_generic(page.root, page.capture.url, page.sizes, told_of(page.meta))
        return found, _doubt(found[1], generic)
    generic = read_generic(page.root, page.capture.url, page.sizes, told_of(page.meta))
    if found is not None and generic.size < MUCH_MORE * max(found[1].size, 1):
        return found, None
    return (None, generic), None


def _is_much(size: int, page: Page) -> bool:
    """Whether so many characters are a good part of a page's text, which its markup outweighs."""
    if size * OF_PAGE >= len(page.text):
        return True
    whole = page.root.xpath("string-length(normalize-space(string(.)))")
    return size * OF_PAGE >= int(float(str(whole)))


def _doubt(body: Body, generic: Body) -> str | None:
    if generic.size < MUCH_MORE * body.size:
        return None
    return f"the layout gives {body.size:,} characters, the page has {generic.size:,} in one place"


def _is_cut_off(text: str) -> bool:
    """Whether markup that begins as a whole page lacks the end of one."""
    begins = text[:BEGINNING].lower()
    if "<html" not in begins and "<body" not in begins:
        return False
    return not any(end in text for end in ("</html", "</body", "</HTML", "</BODY"))
