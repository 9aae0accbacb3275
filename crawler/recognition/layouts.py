"""A layout for a site of an unknown system, learnt from two articles read generically.

The element that holds the paragraphs which the generic reading found is the body; a selector
counts only when both articles, read by it, give the same text again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.etree import _Element as Element

from crawler.errors import ExtractionError
from crawler.extract.page import open_page
from crawler.model import Article, Capture
from crawler.reading import read
from crawler.recognition.listings import PLAIN_NAME
from crawler.sites import Layout, Site

TITLES = ("h1", "h2", "h3", ".title", "title")
DATES = ("time", "[class*=date]", "[class*=time]", "[class*=data]", "[id*=date]", "small", "i")


@dataclass(frozen=True, slots=True)
class Learnt:
    """Articles as they were read, and the layout that does it; None when one is known or none."""

    articles: tuple[Article, ...]
    layout: Layout | None


def learn(pages: Sequence[Capture], site: Site) -> Learnt:
    """Read some articles of a site and find a layout for them, if no known one fits."""
    read_now = [(page, article) for page in pages if (article := _article(page, site))]
    articles = tuple(article for _, article in read_now)
    generic = [(page, article) for page, article in read_now if article.layout == "generic"]
    if len(generic) < 2:
        return Learnt(articles, None)
    for body in _bodies(*generic[0]):
        layout = Layout(title=_title(generic[0][0], site, body), body=body)
        if all(_gives(layout, page, site, article) for page, article in generic):
            return Learnt(articles, _dated(layout, [page for page, _ in generic], site))
    return Learnt(articles, None)


def _article(page: Capture, site: Site) -> Article | None:
    try:
        return read(page, site).article
    except ExtractionError:
        return None


def _by(layout: Layout, page: Capture, site: Site) -> Article | None:
    return _article(page, site.model_copy(update={"layouts": (layout,)}))


def _gives(layout: Layout, page: Capture, site: Site, article: Article) -> bool:
    found = _by(layout, page, site)
    if found is None or found.layout != layout.name:
        return False
    return set(article.paragraphs) <= set(found.paragraphs) and bool(found.title)


def _bodies(page: Capture, article: Article) -> Iterator[str]:
    """Selectors of what holds the article, the closest first."""
    root = open_page(page).root
    wanted = {_squeezed(text)[:60] for text in article.paragraphs}
    holders = [node for node in root.iter() if _starts(node, wanted)]
    chains = [[node, *node.iterancestors()] for node in holders]
    for node in chains[0] if chains else ():
        if all(node in chain for chain in chains) and node.tag not in ("html", "body"):
            yield from _selectors(node, root)


def _starts(node: Element, wanted: set[str]) -> bool:
    if not isinstance(node.tag, str) or not (node.text or "").strip():
        return False
    told = _squeezed("".join(str(piece) for piece in node.itertext()))
    return any(told.startswith(text) for text in wanted)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _selectors(node: Element, root: Element) -> Iterator[str]:
    """Ways to name an element of which there is one on the page."""
    names = [name for name in str(node.get("class") or "").split() if PLAIN_NAME.match(name)]
    told = [f".{name}" for name in names]
    if node.get("id") and PLAIN_NAME.match(str(node.get("id"))):
        told.insert(0, f"#{node.get('id')}")
    if node.tag in ("article", "main", "section"):
        told.append(str(node.tag))
    for selector in told:
        if next(iter(root.cssselect(selector)), None) is node:
            yield selector


def _title(page: Capture, site: Site, body: str) -> str:
    """The first usual selector that is there; the page's own title at worst."""
    root = open_page(page, site).root
    return next((one for one in TITLES if root.cssselect(one)), "title")


def _dated(layout: Layout, pages: Sequence[Capture], site: Site) -> Layout:
    """The layout with a selector of the date, where both articles get one by it."""
    for selector in DATES:
        dated = layout.model_copy(update={"published": selector})
        found = [_by(dated, page, site) for page in pages]
        if all(one is not None and one.published for one in found):
            plain = [_by(layout, page, site) for page in pages]
            known = all(one is not None and one.published for one in plain)
            return layout if known else dated
    return layout
