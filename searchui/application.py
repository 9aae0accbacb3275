"""The application factory: wiring only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flask import Flask

from crawler.sites import Site
from searchui import api, api_page, exports, feeds, machines, report, views
from searchui.archive import Archive
from searchui.errors import register_error_pages
from searchui.limits import limit_requests
from searchui.plain import plain_text
from searchui.reader import refuse_unknown_choices, remember_reader
from searchui.security import set_headers
from searchui.services import Services
from searchui.unindented import Unindented

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time, zone-aware."""
    return datetime.now(UTC)


def create_app(
    data: Path,
    sites: Mapping[str, Site],
    *,
    now: Clock = utc_now,
    requests_per_minute: int | None = None,
) -> Flask:
    """The web application over a data folder; `sites` are the configured ones by id.

    Nothing is opened before the first request, so an application can be made before there is
    an index: pages then say what to do, with status 503. `requests_per_minute` limits each
    client address (429 with Retry-After beyond it); None, the default, limits nobody.
    """
    app = Flask(__name__, static_folder="static", template_folder="templates")
    app.url_map.merge_slashes = False  # a doubled slash is a wrong address, not a redirect
    app.config["MAX_CONTENT_LENGTH"] = 16 * 1024
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_env.add_extension(Unindented)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["plain"] = plain_text
    app.extensions["jarshy"] = Services(Archive(data), dict(sites), now, _release())
    remember_reader(app)  # first, so that every error is told in the reader's language and view
    limit_requests(app, requests_per_minute)
    refuse_unknown_choices(app)
    set_headers(app)
    register_error_pages(app)
    for room in (views, exports, report, feeds, machines, api_page):
        app.register_blueprint(room.blueprint)
    app.register_blueprint(api.blueprint, url_prefix="/api/v1")
    return app


def _release() -> str:
    try:
        return version("jarshy")
    except PackageNotFoundError:
        return "0"
