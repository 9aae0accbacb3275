"""A capture becomes an article and its event: extract, clean, enrich, joined."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crawler.clean.pipeline import clean
from crawler.enrich.events import event_of
from crawler.enrich.language import language_of
from crawler.extract.page import extract
from crawler.extract.plain import extract_text
from crawler.model import Article, Capture, Draft, Event
from crawler.sites import Site


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page was read as."""

    article: Article
    event: Event


def read(
    capture: Capture, site: Site | None = None, repeated: frozenset[str] = frozenset()
) -> Reading:
    """Read a page; `repeated` are texts that stand on most pages of the site.

    Raises ExtractionError when there is no article on it.
    """
    return _reading(extract(capture, site), site, repeated)


def read_text(text: str, url: str = "", site: Site | None = None) -> Reading:
    """Read plain text whose paragraphs are lines."""
    return _reading(extract_text(text, url, site), site, frozenset())


def enriched(article: Article, site: Site | None = None) -> Reading:
    """An article with its language (unless told) and its event."""
    if article.language == "und":
        found = language_of("\n".join((article.title or "", *article.paragraphs)))
        article = replace(article, language=found)
    return Reading(article, event_of(article, site))


def _reading(draft: Draft, site: Site | None, repeated: frozenset[str]) -> Reading:
    return enriched(clean(draft, repeated), site)
