"""One answer as a row of a list: what a librarian scans before opening it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from markupsafe import Markup

from crawler.model import Document
from crawler.store.groups import Telling
from indexer.model import Hit
from searchui.dates import HOME_ZONE, PartialDate, month_name, partial_date, span
from searchui.labels import Labels

MAX_KINDS = 3


@dataclass(frozen=True, slots=True)
class Tag:
    """A value of a facet as a small label that links to its search."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class DateBlock:
    """A date to scan by: `day` large, `rest` below it; `published` where no event day is known.

    Days of different months have no large number: it would stand apart from its month.
    """

    day: str
    rest: str
    words: str
    iso: str | None
    published: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of one document; `title` and `snippet` may hold `<mark>` alone.

    `also` are the other reports of the same event: document id and who tells.
    """

    id: int
    title: Markup
    plain_title: str
    snippet: Markup
    site: str
    library: str
    region: str
    kinds: tuple[Tag, ...]
    date: DateBlock | None
    language: str
    language_name: str
    original: str | None
    online: bool
    gone: bool
    also: tuple[Tag, ...] = ()


def safe_link(url: str | None) -> str | None:
    """The address if it is http or https with a host, else None: nothing else is ever linked."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def plain_title(document: Document, labels: Labels) -> str:
    """The article's title, or words saying that it has none."""
    return document.article.title or labels.wording("results.untitled")


def row_of(hit: Hit, labels: Labels) -> Row:
    """A hit as a row. The index promises that its HTML is safe; here it is marked as such, once."""
    article, event = hit.document.article, hit.document.event
    title = plain_title(hit.document, labels)
    return Row(
        id=hit.document.id,
        title=Markup(hit.title) if article.title and hit.title else Markup.escape(title),  # noqa: S704
        plain_title=title,
        snippet=Markup(hit.snippet),  # noqa: S704
        site=article.site or "",
        library=labels.library(article.site),
        region=labels.region(event.region),
        kinds=tuple(Tag(kind, labels.kind(kind)) for kind in event.kinds[:MAX_KINDS]),
        date=date_block(hit.document, labels),
        language=article.language,
        language_name=labels.language(article.language),
        original=None if hit.document.gone_since else safe_link(article.url),
        online=event.online is True,
        gone=hit.document.gone_since is not None,
    )


def rows_of(
    hits: Sequence[Hit],
    labels: Labels,
    others: Mapping[int, tuple[Telling, ...]],
    before: Collection[int] = (),
) -> tuple[Row, ...]:
    """Hits as rows, an event once, under the best hit; each row names who else tells of it.

    `before` are the articles on the pages before: an event that stands there is not told again.
    """
    rows: list[Row] = []
    told = set(before)
    for hit in hits:
        key = hit.document.id
        also = others.get(key, ())
        if key not in told and told.isdisjoint(other.article_id for other in also):
            told.add(key)
            rows.append(replace(row_of(hit, labels), also=tuple(tags_of(also, labels))))
    return tuple(rows)


def tags_of(others: Sequence[Telling], labels: Labels) -> list[Tag]:
    """Who else tells of an event, and in which language."""
    return [
        Tag(
            str(one.article_id),
            f"{labels.library(one.site)} ({labels.language(one.language)})".strip(),
        )
        for one in others
    ]


def date_block(document: Document, labels: Labels) -> DateBlock | None:
    """The event's days, else the day of publication, else None."""
    event = document.event
    words = span(event.starts, event.ends, labels.wording)
    if words and event.starts:
        return _block(event.starts, event.ends, words, labels, published=False)
    published = document.article.published
    if published is None:
        return None
    day: date = published.astimezone(HOME_ZONE).date()
    iso = day.isoformat()
    words = span(iso, None, labels.wording) or iso
    return _block(iso, None, words, labels, published=True)


def _block(
    starts: str, ends: str | None, words: str, labels: Labels, published: bool
) -> DateBlock | None:
    first = partial_date(starts)
    if first is None:
        return None
    last = partial_date(ends) or first
    rest = _month_and_year(first, labels, alone=first.day is None)
    if first.day is None:
        return DateBlock("", rest, words, first.iso, published)
    day = str(first.day)
    if (last.year, last.month) == (first.year, first.month):
        day = day if last.day in (first.day, None) else f"{first.day}–{last.day}"
    elif last.day is not None:
        begins = f"{day} {month_name(first.month, labels.wording, alone=False)}"
        begins += f" {first.year}" if first.year != last.year else ""
        rest = f"{begins} – {last.day} {_month_and_year(last, labels, alone=False)}"
        day = ""
    return DateBlock(day, rest, words, first.iso, published)


def _month_and_year(date: PartialDate, labels: Labels, alone: bool) -> str:
    return f"{month_name(date.month, labels.wording, alone=alone)} {date.year or ''}".strip()
