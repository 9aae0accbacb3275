"""One article and its event, ready to be shown: facts, evidence, text, pictures, other versions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.model import Article, Block, BlockKind, Document
from crawler.store.documents import Version
from searchui.calendar_file import event_days
from searchui.citation import citation
from searchui.dates import day, moment, span
from searchui.facts import Fact, facts
from searchui.labels import Labels
from searchui.presenters import Way
from searchui.rows import Row, Tag, plain_title, safe_link
from searchui.versions import as_of

# What cameras, telephones and programs call their pictures: anything with the ending of a picture;
# `IMG_1`, `WhatsApp Image 2026-03-01 at 10.20`; figures alone; `korme_1`, `a7f39b12`.
FILE_NAME = re.compile(
    r"(?:.{1,120}\.(?:jpe?g|png|gif|webp|bmp|tiff?|heic|avif)"
    r"|(?=\D{0,40}\d)(?:IMG|MVI|PXL|DCIM|DSC[A-Z]?|VID|WhatsApp|Screen ?shot|Viber|Telegram"
    r"|photo|image|picture|untitled)(?:[\s\d_.,()\-]|image|photo|WA|at|AM|PM)*"
    r"|(?=\D{0,40}\d)[\d\s_.,()\-]{1,80}"
    r"|(?=\D{0,40}\d)(?=[^_]{0,80}_|(?:\D{0,40}\d){5})[A-Za-z0-9_.()\-]{1,80})\Z",
    re.IGNORECASE,
)
OWN_MARK = re.compile(r"(\d{1,3}[.)]|[IVX]{1,5}\b|[-–—•])")


@dataclass(frozen=True, slots=True)
class Picture:
    """A link to a picture on the library's site."""

    href: str
    words: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Blocks of one kind: a paragraph, a heading, a quotation, or the items of a whole list."""

    kind: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """What the index and the store know beside the article itself."""

    reports: tuple[Row, ...] = ()
    similar: tuple[Row, ...] = ()
    twins: Mapping[str, int] | None = None
    versions: Sequence[Version] = ()


@dataclass(frozen=True, slots=True)
class EventView:
    """The event page; `shown` tells of an earlier version, None for today's.

    `query` is what leads to the same version of a file.
    """

    id: int
    title: str
    language: str
    library: str
    kinds: tuple[Tag, ...]
    when: str | None
    place: str
    facts: tuple[Fact, ...]
    passages: tuple[Passage, ...]
    original: str | None
    gone: str | None
    archived: str | None
    stored: str
    pictures: tuple[Picture, ...]
    attachments: tuple[Picture, ...]
    translations: tuple[Way, ...]
    versions: tuple[Way, ...]
    changed: str | None
    shown: str | None
    query: str
    citation: str
    calendar: bool
    reports: tuple[Row, ...]
    similar: tuple[Row, ...]


def event_view(
    document: Document,
    related: Related,
    labels: Labels,
    now: datetime,
    version: Version | None = None,
) -> EventView:
    """A document as its page shows it; an earlier `version` takes the place of today's."""
    say = labels.wording
    told = as_of(document, version)
    article, event = told.article, told.event
    changes = len(related.versions) - 1
    gone = document.gone_since
    return EventView(
        id=document.id,
        title=plain_title(told, labels),
        language=article.language,
        library=labels.library(article.site),
        kinds=tuple(Tag(kind, labels.kind(kind)) for kind in event.kinds),
        when=span(event.starts, event.ends, say),
        place=labels.where(event),
        facts=tuple(facts(told, labels)),
        passages=tuple(passages(article.blocks)),
        original=safe_link(article.url),
        gone=say("event.gone", when=day(gone, say)) if gone else None,
        archived=_archived(document, version.stored if version else None, labels),
        stored=say("event.stored", when=moment(document.last_seen, say)),
        pictures=tuple(_pictures(article, labels)),
        attachments=tuple(_attachments(article)),
        translations=tuple(_translations(related.twins or {}, labels)),
        versions=tuple(_versions(document, related, version, labels)) if changes > 0 else (),
        changed=say("event.changed", n=changes) if changes > 0 else None,
        shown=say("event.other_version", when=day(version.stored, say)) if version else None,
        query=f"?version={version.number}" if version else "",
        citation=citation(told, labels, now),
        calendar=event_days(told) is not None,
        reports=related.reports,
        similar=related.similar,
    )


def _archived(document: Document, stored: datetime | None, labels: Labels) -> str | None:
    """The heading over a text that the library's page no longer shows; None over today's."""
    if stored is None and document.gone_since is None:
        return None
    when = moment(stored or document.last_seen, labels.wording)
    return labels.wording("event.archived", when=when)


def passages(blocks: Iterable[Block]) -> Iterable[Passage]:
    """Blocks with list items that follow one another gathered into one list."""
    items: list[str] = []
    kind = ""
    for block in blocks:
        listed = block.kind in (BlockKind.ITEM, BlockKind.ROW)
        if items and (not listed or block.kind != kind):
            yield _list(kind, items)
            items = []
        if listed:
            kind = block.kind.value
            items.append(block.text)
        else:
            yield Passage(block.kind.value, (block.text,))
    if items:
        yield _list(kind, items)


def _list(kind: str, items: Sequence[str]) -> Passage:
    """A list; `numbered` where the items bring their own numbers or dashes along."""
    own = all(OWN_MARK.match(item) for item in items)
    return Passage("numbered" if own else kind, tuple(items))


def _pictures(article: Article, labels: Labels) -> Iterable[Picture]:
    for number, image in enumerate(article.images, start=1):
        href = safe_link(image.url)
        if href:
            alt = "" if FILE_NAME.match(image.alt or "") else image.alt
            words = image.caption or alt or labels.wording("event.image", n=number)
            yield Picture(href, words)


def _attachments(article: Article) -> Iterable[Picture]:
    for one in article.attachments:
        href = safe_link(one.url)
        if href:
            yield Picture(href, one.title or href.rsplit("/", 1)[-1] or href)


def _translations(twins: Mapping[str, int], labels: Labels) -> Iterable[Way]:
    for language, article_id in twins.items():
        text = labels.wording("event.read_in", language=labels.language(language))
        yield Way(text, f"/articles/{article_id}")


def _versions(
    document: Document, related: Related, shown: Version | None, labels: Labels
) -> Iterable[Way]:
    for one in reversed(related.versions):
        number, when = one.number, moment(one.stored, labels.wording)
        text = labels.wording("event.version", n=number, when=when)
        current = number == (shown.number if shown else document.version)
        latest = number == document.version
        href = f"/articles/{document.id}" + ("" if latest else f"?version={number}")
        yield Way(text, href, current, labels.wording("event.current") if latest else "")
