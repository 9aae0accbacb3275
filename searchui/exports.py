"""Any search as a file: CSV and XLSX for Excel, RIS for citation managers; single articles too."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, abort, json, request

from indexer.model import Hit
from searchui.calendar_file import icalendar
from searchui.citation import ris
from searchui.collecting import collect
from searchui.dates import HOME_ZONE, partial_date
from searchui.errors import NO_ARTICLE
from searchui.labels import Labels
from searchui.linked_data import linked_data
from searchui.params import request_from
from searchui.rows import plain_title
from searchui.services import labels, searcher, services
from searchui.spreadsheets import Cell, Link, csv_text, xlsx_bytes
from searchui.versions import document_asked
from searchui.views import MAX_ID

blueprint = Blueprint("exports", __name__)

COLUMNS = (
    "title",
    "library",
    "region",
    "kinds",
    "starts",
    "ends",
    "venue",
    "organisers",
    "online",
    "participants",
    "language",
    "published",
    "url",
)
JSON_LD = "application/ld+json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/export.csv")
def as_csv() -> Response:
    """UTF-8 with a byte order mark and semicolons: Excel opens it with a double click."""
    rows = _table(_hits(), labels())
    return _file(csv_text(rows).encode("utf-8-sig"), "text/csv", "jarshy.csv")


@blueprint.get("/export.xlsx")
def as_xlsx() -> Response:
    """One sheet with a header row that stays in sight and filters."""
    names = labels()
    made = xlsx_bytes(_table(_hits(), names), names.wording("columns.sheet"))
    return _file(made, XLSX, "jarshy.xlsx")


@blueprint.get("/export.ris")
def as_ris() -> Response:
    """RIS records one after another."""
    names = labels()
    text = "\r\n".join(ris(hit.document, names) for hit in _hits())
    return _file(text.encode(), "application/x-research-info-systems", "jarshy.ris")


@blueprint.get(f"/articles/<int(max={MAX_ID}):article_id>.<any(ris, ics, jsonld):form>")
def of_article(article_id: int, form: str) -> Response:
    """One article as RIS, its event as iCalendar or JSON-LD; `?version=` as it once was."""
    document = searcher().document(article_id)
    if document is None:
        abort(404, NO_ARTICLE)
    document = document_asked(document, services().archive)
    names = labels()
    if form == "jsonld":
        return Response(json.dumps(linked_data(document, names)), mimetype=JSON_LD)
    text = ris(document, names) if form == "ris" else icalendar(document, names)
    if text is None:
        abort(404)
    kind = "application/x-research-info-systems" if form == "ris" else "text/calendar"
    return _file(text.encode(), kind, f"jarshy-{article_id}.{form}")


def _hits() -> tuple[Hit, ...]:
    asked = request_from(request.args)
    return collect(searcher(), asked).hits


def _table(hits: tuple[Hit, ...], names: Labels) -> list[tuple[Cell, ...]]:
    header: tuple[Cell, ...] = tuple(names.wording(f"columns.{name}") for name in COLUMNS)
    return [header, *(_row(hit, names) for hit in hits)]


def _row(hit: Hit, names: Labels) -> tuple[Cell, ...]:
    article, event, say = hit.document.article, hit.document.event, names.wording
    told = {True: say("columns.yes"), False: say("columns.no"), None: ""}
    published = article.published.astimezone(HOME_ZONE).date() if article.published else None
    return (
        plain_title(hit.document, names),
        names.library(article.site),
        names.region(event.region),
        ", ".join(names.kind(kind) for kind in event.kinds),
        _day(event.starts),
        _day(event.ends),
        event.venue or "",
        ", ".join(event.organisers),
        told[event.online],
        event.participants if event.participants is not None else "",
        names.language(article.language),
        published or "",
        Link(article.url),
    )


def _day(text: str | None) -> Cell:
    """A day where it is known to the day, else what is known of it."""
    found = partial_date(text)
    if found is None or found.year is None or found.month is None or found.day is None:
        return text or ""
    return date(found.year, found.month, found.day)


def _file(body: bytes, mimetype: str, name: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
