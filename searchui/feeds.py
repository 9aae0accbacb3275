"""Any search as an Atom feed (RFC 4287), what was first seen last on top."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template, request

from crawler.model import Document
from searchui.facets import chips
from searchui.params import address, in_language, request_from
from searchui.plain import plain_text, sentences
from searchui.rows import Row, row_of
from searchui.services import labels, searcher, services

blueprint = Blueprint("feeds", __name__)

ENTRIES = 50
BEGINNING = 400  # letters of the text


@blueprint.get("/feed.atom")
def atom() -> Response:
    """The 50 answers of a search that were first seen last."""
    names = labels()
    asked = replace(request_from(request.args), sort="added", page=1, size=ENTRIES)
    hits = searcher().search(asked).hits
    rows = [(hit, row_of(hit, names)) for hit in hits]
    chosen = [chip.value for chip in chips(asked, names)]
    text = render_template(
        "feed.xml",
        entries=[(hit.document, row, _summary(hit.document, row)) for hit, row in rows],
        title=": ".join(
            (names.wording("site.name"), ", ".join([asked.q, *chosen]).strip(", "))
        ).strip(": "),
        page=in_language(address(asked), names.wording.language).lstrip("/"),
        updated=max((hit.document.first_seen for hit in hits), default=services().now()),
    )
    response = make_response(text)
    response.mimetype = "application/atom+xml"
    return response


def _summary(document: Document, row: Row) -> str:
    """When and where, then the beginning of the text."""
    told = sentences((row.date.words if row.date else "", row.region))
    text = plain_text(document.article.text[: 2 * BEGINNING])
    if len(text) > BEGINNING:
        text = text[:BEGINNING].rpartition(" ")[0] + "…"
    return f"{told} {text}".strip()
