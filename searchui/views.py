"""The pages: read the address, ask once, show."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, Response, abort, g, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from crawler.errors import JarshyError
from indexer.model import SearchPage, SearchRequest
from searchui.citation import coins
from searchui.dates import moment
from searchui.errors import NO_ARTICLE
from searchui.event_page import event_view
from searchui.first_page import home_view
from searchui.labels import Labels
from searchui.linked_data import linked_data
from searchui.params import FILTERS, SEARCH_PARAMETERS, address, request_from
from searchui.presenters import search_view
from searchui.related import on_these_days, related_to
from searchui.rows import Row, rows_of
from searchui.same_event import events_in, others_on
from searchui.services import labels, searcher, services
from searchui.status_page import status_view
from searchui.timeline import timeline_of
from searchui.versions import as_of, version_asked

blueprint = Blueprint("views", __name__)

MAX_ID = 2**63 - 1
NEWEST = 5
# Of the newest articles so many may tell of one event.
REPORTS_OF_ONE = 4
MAX_FIND = 80
Rows = tuple[Row, ...]


@blueprint.get("/")
def search() -> str | AnyResponse:
    """The first page, or the results of a search where one is asked for."""
    if any(not value for value in request.args.values()):
        return redirect(_tidy())
    if not any(name in request.args for name in SEARCH_PARAMETERS):
        return _home()
    asked = request_from(request.args)
    page = searcher().search(asked)
    if page.total and not page.hits:
        return redirect(address(page.request, page=-(-page.total // page.request.size)))
    find = {name: request.args.get(f"find-{name}", "")[:MAX_FIND] for name in FILTERS}
    timeline = timeline_of(page, searcher(), labels(), services().memory)
    others = others_on(services().archive, [hit.document.id for hit in page.hits])
    # Only what has other reports can have been told on a page before.
    before = searcher().before(page.request) if others else frozenset()
    view = search_view(page, timeline, labels(), find, others, before)
    template = "results.html" if page.total else "nothing.html"
    return render_template(template, page=view, request_of_page=page.request)


def _tidy() -> str:
    """The address without its empty parameters, as a form leaves them; on this page always."""
    rows = [(name, value) for name, value in request.args.items(multi=True) if value]
    return f"/?{urlencode(rows)}" if rows else "/"


def _home() -> str:
    store, names, now = services().archive.store, labels(), services().now()
    page, newest, days, events = services().memory.recall(
        searcher().status(),
        ("first page", now.date(), names.wording.language),
        lambda: _everything(now, names),
    )
    finished = store.runs.last_finished() if store else None
    updated = moment(finished, names.wording) if finished else None
    return render_template("home.html", page=home_view(page, newest, days, events, updated, names))


def _everything(now: datetime, names: Labels) -> tuple[SearchPage, Rows, Rows, int | None]:
    """The counts of everything, the newest events, each once, these days of other years, events."""
    page = searcher().search(SearchRequest(sort="newest", size=NEWEST * REPORTS_OF_ONE))
    others = others_on(services().archive, [hit.document.id for hit in page.hits])
    newest = rows_of(page.hits, names, others)[:NEWEST]
    days = on_these_days(searcher(), page, now, names)
    return page, newest, days, events_in(services().archive, page.total)


@blueprint.get(f"/articles/<int(max={MAX_ID}):article_id>")
def article(article_id: int) -> str:
    """The event page; `?version=` shows an earlier text and what was read from it."""
    document = searcher().document(article_id)
    if document is None:
        abort(404, NO_ARTICLE)
    related = related_to(document, services().archive, labels())
    version = version_asked(document, related.versions)
    shown = as_of(document, version)
    return render_template(
        "event.html",
        page=event_view(document, related, labels(), services().now(), version),
        data=linked_data(shown, labels()),
        coins=coins(shown, labels()),
        back=_results_page(),
    )


def _results_page() -> str | None:
    """The search the reader came from, by the Referer of our own pages; never another site."""
    try:
        came = urlsplit(request.referrer or "")
        if came.netloc != request.host or came.path != "/" or not came.query:
            return None
        args = MultiDict(parse_qsl(came.query, max_num_fields=200))
        return address(request_from(args), page=request_from(args).page)
    except (ValueError, JarshyError):
        return None


@blueprint.get("/status")
def status() -> Response | tuple[str, int]:
    """How every site's crawl is doing, and the index."""
    view = status_view(services(), labels())
    return render_template("status.html", page=view), 200


@blueprint.get("/help")
def search_help() -> str:
    """How to search, by examples."""
    return render_template("help.html", wording=g.wording)
