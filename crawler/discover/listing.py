"""Listing pages: article links, and the way to the next page."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from bs4.dammit import UnicodeDammit
from cssselect import SelectorError
from lxml import etree, html
from lxml.cssselect import CSSSelector

from crawler.discover.found import Found, Mention, SourceError, page_address, unique
from crawler.model import Capture, Link
from crawler.sites import Site, Source

HTML_LIMIT = 5 * 1024 * 1024
NEXT = (
    'link[rel~="next"], a[rel~="next"], .next a, a.next, .pagination-next a, a.page-numbers.next, '
    ".nav-previous a, .nextpostslink, .modern-page-next, .bx-pag-next a, .pnext a, "
    ".k2Pagination .next"
)
NEXT_WORDS = re.compile(
    r"(?:next|next page|older posts|older entries|следующая|следующая страница|следующие|вперед"
    r"|вперёд|далее|келесі|келесі бет|алға|кейінгі)[\s»›→>]*\Z",
    re.IGNORECASE,
)
NEXT_SIGNS = frozenset("›»→>")
PAGINATION = re.compile(r"pag(?:e|in)|navigation|pages|swchItem|navi", re.IGNORECASE)


def links_in_listing(capture: Capture, site: Site, source: Source, page: int = 1) -> Found:
    """The article links of a listing page; SourceError when it is no HTML or a selector is bad.

    `more` is the next page as this one, the `page`-th, links to it, if it does.
    """
    root = _tree(capture, site)
    base = _base(root, capture.url)
    return Found(unique(_mentions(root, base, site, source)), _next(root, base, site, source, page))


def _tree(capture: Capture, site: Site) -> html.HtmlElement:
    told = [site.charset] if site.charset else []
    kind = capture.header("Content-Type") or ""
    named = re.search(r"charset=[\"']?([\w.:-]+)", kind, re.IGNORECASE)
    told += [named.group(1)] if named else []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = UnicodeDammit(capture.body[:HTML_LIMIT], told, is_html=True).unicode_markup
    try:
        parser = html.HTMLParser(huge_tree=True)
        root = html.document_fromstring((text or "").replace("\x00", ""), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise SourceError(f"{capture.url}: no HTML page") from None
    return root


def _base(root: html.HtmlElement, url: str) -> str:
    told = root.xpath("//base/@href")
    return urljoin(url, str(told[0])) if told else url


def _selected(root: html.HtmlElement, selector: str, url: str) -> list[html.HtmlElement]:
    try:
        path = CSSSelector(selector, translator="html").path
    except SelectorError as error:
        raise SourceError(f"{url}: {selector!r} is no CSS selector ({error})") from error
    found = root.xpath(path)
    return [node for node in found if isinstance(node, html.HtmlElement)]


def _mentions(root: html.HtmlElement, base: str, site: Site, source: Source) -> Iterator[Mention]:
    for element in _selected(root, source.links or site.links or "a[href]", base):
        anchors = [element] if element.tag == "a" else list(element.iter("a"))
        for anchor in anchors:
            href = anchor.get("href")
            url = page_address(href, base, site) if href and not href.startswith("#") else None
            if url is not None:
                title = " ".join(str(anchor.text_content()).split())[:300]
                yield Mention(Link(url, base, title or None))


def _next(
    root: html.HtmlElement, base: str, site: Site, source: Source, page: int
) -> tuple[str, ...]:
    """The next page: by selector, by the words of a link, by its number, by an arrow."""
    marked = _selected(root, source.next or NEXT, base)
    found = _leading(marked, base, site)
    if found is None and not source.next:
        anchors = list(root.iter("a"))
        ways = (_is_worded_next, lambda a: _is_numbered(a, page + 1), _is_arrow)
        tried = (_leading(filter(way, anchors), base, site) for way in ways)
        found = next((url for url in tried if url), None)
    return (found,) if found else ()


def _leading(elements: Iterable[html.HtmlElement], base: str, site: Site) -> str | None:
    """Where the first of these elements with a usable address leads."""
    for element in elements:
        anchor = element if element.get("href") else next(element.iter("a"), None)
        href = anchor.get("href") if anchor is not None else None
        if href and not href.startswith("#"):
            url = urljoin(base, str(href))
            if site.covers(url):
                return url
    return None


def _words(anchor: html.HtmlElement) -> str:
    return " ".join(str(anchor.text_content()).split())[:40]


def _is_worded_next(anchor: html.HtmlElement) -> bool:
    told = (_words(anchor), anchor.get("aria-label", "")[:40], anchor.get("title", "")[:40])
    return any(NEXT_WORDS.match(words.strip()) for words in told)


def _is_numbered(anchor: html.HtmlElement, number: int) -> bool:
    return _words(anchor) == str(number) and _in_pagination(anchor)


def _is_arrow(anchor: html.HtmlElement) -> bool:
    return _words(anchor) in NEXT_SIGNS and _in_pagination(anchor)


def _in_pagination(anchor: html.HtmlElement) -> bool:
    around = (anchor, *list(anchor.iterancestors())[:3])
    return any(PAGINATION.search(f"{e.get('class', '')} {e.get('id', '')}") for e in around)
