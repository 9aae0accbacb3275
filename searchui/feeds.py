"""Any search as an Atom feed (RFC 4287), what was first seen last on top."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template, request

from searchui.facets import chips
from searchui.params import address, request_from
from searchui.rows import row_of
from searchui.services import labels, searcher, services

blueprint = Blueprint("feeds", __name__)

ENTRIES = 50


@blueprint.get("/feed.atom")
def atom() -> Response:
    """The 50 answers of a search that were first seen last."""
    names = labels()
    asked = replace(request_from(request.args), sort="added", page=1, size=ENTRIES)
    hits = searcher().search(asked).hits
    chosen = [chip.value for chip in chips(asked, names)]
    text = render_template(
        "feed.xml",
        entries=[(hit.document, row_of(hit, names)) for hit in hits],
        title=": ".join(
            (names.wording("site.name"), ", ".join([asked.q, *chosen]).strip(", "))
        ).strip(": "),
        page=address(asked).lstrip("/"),
        updated=max((hit.document.first_seen for hit in hits), default=services().now()),
    )
    response = make_response(text)
    response.mimetype = "application/atom+xml"
    return response
