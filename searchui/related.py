"""What stands beside an article: other reports of its event, its like, its other languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from crawler.model import Document
from indexer.errors import IndexAwayError
from indexer.model import Hit, SearchPage, SearchRequest
from indexer.search import Searcher
from searchui.archive import Archive
from searchui.dates import HOME_ZONE
from searchui.event_page import Related
from searchui.labels import Labels
from searchui.rows import Row, row_of, rows_of
from searchui.same_event import others_on

LOOKED_AT = 12
REPORTS = 5
SIMILAR = 5
AROUND = timedelta(days=3)
PER_YEAR = 1
ANNIVERSARIES = 4
MAX_YEARS = 12


def related_to(document: Document, archive: Archive, labels: Labels) -> Related:
    """Everything the event page shows beside the text."""
    store = archive.store
    twins = _twins(document, archive)
    others = others_on(archive, [document.id]).get(document.id, ())
    ids = [one.article_id for one in others if one.article_id not in twins.values()]
    reports = _hits(store.articles.documents(ids[:REPORTS])) if store else []
    known = {one.article_id for one in others} | set(twins.values())
    hits = _similar(archive, document.id, LOOKED_AT + len(known))
    told = others_on(archive, [hit.document.id for hit in hits])
    return Related(
        reports=_rows(reports, labels),
        similar=rows_of(hits, labels, told, known)[:SIMILAR],
        twins=twins,
        versions=store.articles.versions(document.id) if store else (),
    )


def _similar(archive: Archive, document_id: int, limit: int) -> list[Hit]:
    """The articles most like one; none while the index is away, for the page has much without."""
    try:
        return archive.searcher.similar(document_id, limit)
    except IndexAwayError:
        return []


def _hits(documents: Iterable[Document]) -> list[Hit]:
    """Documents as hits of no question."""
    return [Hit(one, score=0.0, snippet="", title="") for one in documents]


def _rows(hits: Sequence[Hit], labels: Labels) -> tuple[Row, ...]:
    return tuple(row_of(hit, labels) for hit in hits)


def _twins(document: Document, archive: Archive) -> Mapping[str, int]:
    """Language -> id of the same story in other languages: as its site links it, or as found."""
    store = archive.store
    if store is None:
        return {}
    found = {}
    for language, url in document.article.twins[:5]:
        twin = store.articles.document_at(url)
        if twin is not None and twin.id != document.id:
            found[language] = twin.id
    for other in others_on(archive, [document.id]).get(document.id, ()):
        own = other.site is not None and other.site == document.article.site
        if own and other.language != document.article.language:
            found.setdefault(other.language, other.article_id)
    return found


def on_these_days(
    searcher: Searcher, everything: SearchPage, now: datetime, labels: Labels
) -> tuple[Row, ...]:
    """Events of the same week in earlier years, the latest years first."""
    today = now.astimezone(HOME_ZONE).date()
    told = (one.value for one in everything.facets.get("year", ()))
    past = sorted((int(year) for year in told if year.isdigit()), reverse=True)
    rows: list[Row] = []
    for year in [year for year in past if year < today.year][:MAX_YEARS]:
        if len(rows) >= ANNIVERSARIES:
            break
        day = _in_year(today, year)
        asked = SearchRequest(sort="newest", size=PER_YEAR)
        asked = replace(asked, date_from=day - AROUND, date_to=day + AROUND)
        rows += _rows(searcher.search(asked).hits, labels)
    return tuple(rows)


def _in_year(day: date, year: int) -> date:
    """The same day of another year; 29 February becomes 28 February."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
