"""Addresses for machines: health, robots, the browser's search bar."""

from __future__ import annotations

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request

from searchui.services import searcher, services

blueprint = Blueprint("machines", __name__)

# Bots that walk combinations of filters can keep a small server busy for days.
ROBOTS = """User-agent: *
Disallow: /*?
Disallow: /api/
Disallow: /export.
Disallow: /feed.atom
Disallow: /report

Sitemap: {root}sitemap.xml
"""
MAP_SIZE = 10_000  # addresses a file; the protocol (sitemaps.org) allows 50,000
MOST_MAPS = 50_000


@blueprint.get("/healthz")
def health() -> Response:
    """`{"status": "ok", "documents": n}`; 503 with the error's code without a fit index."""
    status = searcher().status()
    return jsonify(status="ok", documents=status.documents, behind=status.behind)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Event pages may be read by bots, searches may not."""
    return Response(ROBOTS.format(root=request.url_root), mimetype="text/plain")


@blueprint.get("/sitemap.xml")
def sitemaps() -> Response:
    """The list of the site maps, each of which names the event pages of a range of ids."""
    store = services().archive.store
    last = store.articles.last_id() if store else 0
    parts = range(1, -(-last // MAP_SIZE) + 1)
    return _xml(render_template("sitemaps.xml", parts=parts))


@blueprint.get("/sitemap-<int:part>.xml")
def sitemap(part: int) -> Response:
    """The event pages of one range of ids, each with the day its text last changed."""
    store = services().archive.store
    if store is None or not 1 <= part <= MOST_MAPS:
        abort(404)
    pages = store.articles.changed_at((part - 1) * MAP_SIZE, part * MAP_SIZE)
    if not pages:
        abort(404)
    return _xml(render_template("sitemap.xml", pages=pages))


def _xml(text: str) -> Response:
    return Response(text, mimetype="application/xml")


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """The description by which a browser offers Jarshy in its search bar (OpenSearch 1.1)."""
    response = make_response(render_template("opensearch.xml"))
    response.mimetype = "application/opensearchdescription+xml"
    return response
