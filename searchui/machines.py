"""Addresses for machines: health, robots, the browser's search bar."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, render_template

from searchui.services import searcher

blueprint = Blueprint("machines", __name__)

# Bots that walk combinations of filters can keep a small server busy for days.
ROBOTS = """User-agent: *
Disallow: /*?
Disallow: /api/
Disallow: /export.
Disallow: /feed.atom
Disallow: /report
"""


@blueprint.get("/healthz")
def health() -> Response:
    """`{"status": "ok", "documents": n}`; 503 with the error's code without a fit index."""
    status = searcher().status()
    return jsonify(status="ok", documents=status.documents, behind=status.behind)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Event pages may be read by bots, searches may not."""
    return Response(ROBOTS, mimetype="text/plain")


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """The description by which a browser offers Jarshy in its search bar (OpenSearch 1.1)."""
    response = make_response(render_template("opensearch.xml"))
    response.mimetype = "application/opensearchdescription+xml"
    return response
