"""The JSON API, version 1; `openapi.json` beside this file describes every part of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from crawler.model import Document
from indexer.model import FACETS, Hit
from searchui.errors import NO_ARTICLE, BadParameterError
from searchui.health_words import health_words
from searchui.labels import Labels, sorting_key
from searchui.params import request_from
from searchui.rows import safe_link
from searchui.same_event import others_on
from searchui.services import labels, searcher, services
from searchui.status_page import healths
from searchui.views import MAX_ID

blueprint = Blueprint("api", __name__)

SUGGESTIONS = 8
MAX_SUGGESTIONS = 20
MAX_TYPED = 200
LONGEST_NUMBER = 9


@blueprint.get("/search")
def search() -> Response:
    """One page of answers with facets."""
    names = labels()
    asked = request_from(request.args)
    page = searcher().search(asked)
    also = _also([hit.document.id for hit in page.hits], names)
    facets = {
        name: [
            {
                "value": one.value,
                "label": names.facet(name, one.value),
                "count": one.count,
                "selected": one.selected,
            }
            for one in page.facets.get(name, ())
        ]
        for name in FACETS
    }
    return jsonify(
        total=page.total,
        complete=page.complete,
        hits=[{**_hit(hit, names), "also": also.get(hit.document.id, [])} for hit in page.hits],
        facets=facets,
        suggestion=page.suggestion,
        hints=[{"code": hint.code, "parts": list(hint.parts)} for hint in page.hints],
        took_ms=round(page.took_ms, 2),
    )


def _also(ids: list[int], names: Labels) -> dict[int, list[dict[str, Any]]]:
    """Who else tells of the event of each of these articles."""
    return {
        key: [
            {
                "id": one.article_id,
                "site": one.site,
                "library": names.library(one.site) or None,
                "language": one.language,
            }
            for one in rows
        ]
        for key, rows in others_on(services().archive, ids).items()
    }


def _hit(hit: Hit, names: Labels) -> dict[str, Any]:
    return {
        **_summary(hit.document, names),
        "snippet": hit.snippet,
        "score": round(hit.score, 6),
    }


def _summary(document: Document, names: Labels) -> dict[str, Any]:
    article = document.article
    return {
        "id": document.id,
        "url": safe_link(article.url),
        "title": article.title,
        "site": article.site,
        "library": names.library(article.site) or None,
        "region": names.region(document.event.region) or None,
        "language": article.language,
        "published": article.published.isoformat() if article.published else None,
        "event": _event(document, names),
    }


def _event(document: Document, names: Labels) -> dict[str, Any]:
    event = document.event
    return {
        "kinds": [names.kind(kind) for kind in event.kinds],
        "starts": event.starts,
        "ends": event.ends,
        "confidence": event.confidence,
        "venue": event.venue,
        "city": event.city,
        "region": names.region(event.region) or None,
        "organisers": list(event.organisers),
        "online": event.online,
        "participants": event.participants,
        "topics": list(event.topics),
        "titles": list(event.titles),
        "libraries": [{"site": one, "library": names.library(one)} for one in event.libraries],
    }


@blueprint.get(f"/articles/<int(max={MAX_ID}):article_id>")
def article(article_id: int) -> Response:
    """One article with its event, evidence, pictures and times."""
    document = searcher().document(article_id)
    if document is None:
        abort(404, NO_ARTICLE)
    told, names = document.article, labels()
    return jsonify(
        **_summary(document, names),
        also=_also([article_id], names).get(article_id, []),
        author=told.author,
        section=told.section,
        paragraphs=[{"kind": block.kind.value, "text": block.text} for block in told.blocks],
        images=[
            {"url": one.url, "alt": one.alt, "caption": one.caption}
            for one in told.images
            if safe_link(one.url)
        ],
        attachments=[
            {"url": one.url, "title": one.title} for one in told.attachments if safe_link(one.url)
        ],
        evidence=[
            {"fact": e.fact, "where": e.where, "start": e.start, "end": e.end, "words": e.words}
            for e in document.event.evidence
        ],
        version=document.version,
        first_seen=document.first_seen.isoformat(),
        last_seen=document.last_seen.isoformat(),
        gone_since=document.gone_since.isoformat() if document.gone_since else None,
    )


@blueprint.get("/suggest")
def suggest() -> Response:
    """Completions of what is being typed."""
    typed = request.args.get("q", "").strip()
    if len(typed) > MAX_TYPED:
        raise BadParameterError("q", "limit", parameter="q")
    told = request.args.get("limit", "").strip() or str(SUGGESTIONS)
    whole = told.isascii() and told.isdigit() and len(told) <= LONGEST_NUMBER
    if not whole or not 1 <= int(told) <= MAX_SUGGESTIONS:
        raise BadParameterError("limit", "number", parameter="limit", low=1, high=MAX_SUGGESTIONS)
    found = searcher().suggest(typed, int(told)) if typed else []
    return jsonify(
        suggestions=[{"text": one.text, "what": one.what, "value": one.value} for one in found]
    )


@blueprint.get("/sites")
def sites() -> Response:
    """Every configured library."""
    names, store = labels(), services().archive.store
    rows = sorted(services().sites.values(), key=lambda site: sorting_key(names.library(site.id)))
    return jsonify(
        sites=[
            {
                "id": site.id,
                "library": names.library(site.id),
                "url": site.url,
                "region": names.region(site.region) or None,
                "languages": list(site.languages),
                "enabled": site.enabled,
                "articles": store.articles.count(site.id) if store else 0,
            }
            for site in rows
        ]
    )


@blueprint.get("/status")
def status() -> Response:
    """The index, the last run and every site's health."""
    found, store, names = searcher().status(), services().archive.store, labels()
    finished = store.runs.last_finished() if store else None
    lines = [
        {
            "id": one.site,
            "health": one.state,
            "reason": health_words(one, names.wording),
            "last_run": one.last_run.isoformat() if one.last_run else None,
        }
        for one in healths(services())
    ]
    return jsonify(
        index={
            "engine": found.engine,
            "version": found.version,
            "documents": found.documents,
            "bytes": found.bytes,
            "built_at": found.built_at.isoformat(),
            "behind": found.behind,
        },
        last_run=finished.isoformat() if finished else None,
        sites=lines,
        version=services().release,
    )


@cache
def description() -> Mapping[str, Any]:
    """`openapi.json`, read once."""
    text = (files("searchui") / "static" / "openapi.json").read_text("utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description of this API in OpenAPI 3.1."""
    return jsonify(description())
