"""A capture becomes an article and its event: extract, clean, enrich, joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.clean.pipeline import clean
from crawler.discover.urls import canonical_url
from crawler.enrich.events import event_of
from crawler.enrich.language import language_of, languages_of
from crawler.enrich.registry import Registry
from crawler.errors import ExtractionError
from crawler.extract.page import extract
from crawler.extract.parts import extract_all
from crawler.extract.plain import extract_text
from crawler.model import Article, Block, Capture, Draft, Event
from crawler.sites import Site


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page was read as."""

    article: Article
    event: Event


def read(
    capture: Capture,
    site: Site | None = None,
    repeated: frozenset[str] = frozenset(),
    registry: Registry | None = None,
) -> Reading:
    """Read a page; `repeated` are texts that stand on most pages of the site.

    `registry` has the libraries whose ids the event names. Raises ExtractionError when there
    is no article on it.
    """
    return _reading(extract(capture, site), site, repeated, registry)


def read_all(
    capture: Capture,
    site: Site | None = None,
    repeated: frozenset[str] = frozenset(),
    registry: Registry | None = None,
) -> tuple[Reading, ...]:
    """Read every article of a page: one, or several, each with its own address.

    That is the page's with a fragment or, of an entry whose title leads to a page of its own,
    that page's. Raises ExtractionError when there is none.
    """
    drafts = [_at_canonical(draft, site) for draft in extract_all(capture, site)]
    return tuple(_reading(draft, site, repeated, registry) for draft in drafts)


def at_address(readings: Sequence[Reading], url: str, site_id: str) -> tuple[Reading, ...]:
    """Readings of one page under its canonical address; several keep their fragments or pages."""
    several = len(readings) > 1
    found = []
    for reading in readings:
        own, _, fragment = reading.article.url.partition("#")
        address = f"{url}#{fragment}" if fragment else own
        address = address if several else url
        found.append(replace(reading, article=replace(reading.article, url=address, site=site_id)))
    return tuple(found)


def _at_canonical(draft: Draft, site: Site | None) -> Draft:
    """A draft under the one form of its address; parts of a page and odd addresses as they are."""
    if "#" in draft.url:
        return draft
    try:
        return replace(draft, url=canonical_url(draft.url, site))
    except ValueError:
        return draft


def read_text(text: str, url: str = "", site: Site | None = None) -> Reading:
    """Read plain text whose paragraphs are lines.

    Raises ExtractionError for a text without a single letter, sign or digit.
    """
    found = _reading(extract_text(text, url, site), site, frozenset())
    if not (found.article.blocks or found.article.title or found.article.removed):
        told = f"{url}: there is no text in it, only blanks and unreadable characters"
        raise ExtractionError(told, "Save the story as text in UTF-8 and give that file.")
    return found


def enriched(
    article: Article, site: Site | None = None, registry: Registry | None = None
) -> Reading:
    """An article with its language (unless told) and its event."""
    if article.language == "und":
        found = language_of("\n".join((article.title or "", *article.paragraphs)))
        article = replace(article, language=found, blocks=_told_apart(article.blocks, found))
    return Reading(article, event_of(article, site, registry))


def _told_apart(blocks: tuple[Block, ...], language: str) -> tuple[Block, ...]:
    """Blocks with their languages where an article has two; else as they are."""
    found = languages_of([block.text for block in blocks], language)
    if len(set(found)) < 2:
        return blocks
    return tuple(replace(b, language=one) for b, one in zip(blocks, found, strict=True))


def _reading(
    draft: Draft,
    site: Site | None,
    repeated: frozenset[str],
    registry: Registry | None = None,
) -> Reading:
    return enriched(clean(draft, repeated), site, registry)
