"""Who reads: language and view of one request, remembered by two cookies and nothing else."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, request

from searchui.errors import BadParameterError
from searchui.params import in_language
from searchui.services import services
from searchui.wording import DEFAULT, LANGUAGES, wording

VIEWS = ("normal", "large")
COOKIES = {"lang": LANGUAGES, "view": VIEWS}
YEAR = 365 * 24 * 3600
SHORT = {"kk": "Қаз", "ru": "Рус", "en": "Eng"}
OWN_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


def remember_reader(app: Flask) -> None:
    """Set `g.wording` and `g.view` for every request; remember a choice made by `?lang=`."""
    app.before_request(_recognise)
    app.after_request(_remember)
    app.context_processor(_for_templates)


def refuse_unknown_choices(app: Flask) -> None:
    """Answer `?lang=xx` and, on pages, `?view=foo` with BadParameterError."""
    app.before_request(_refuse)


def _recognise() -> None:
    """What the address asks for, else what the cookie remembers; programs have no cookies."""
    g.wording = wording(_chosen("lang") or DEFAULT)
    g.view = _chosen("view") or VIEWS[0]


def _chosen(name: str) -> str | None:
    cookie = None if request.path.startswith("/api/") else request.cookies.get(name)
    return next((one for one in (request.args.get(name), cookie) if one in COOKIES[name]), None)


def _refuse() -> None:
    if request.path.startswith("/static/"):
        return
    if request.args.get("lang") and request.args["lang"] not in LANGUAGES:
        raise BadParameterError("lang", "lang")
    pages = not request.path.startswith("/api/")
    if pages and request.args.get("view") and request.args["view"] not in VIEWS:
        raise BadParameterError("view", "view")


def _remember(response: Response) -> Response:
    if request.path.startswith(("/api/", "/static/")):
        return response
    for name, allowed in COOKIES.items():
        chosen = request.args.get(name)
        if chosen in allowed and chosen != request.cookies.get(name):
            response.set_cookie(
                name, chosen, YEAR, secure=request.is_secure, httponly=True, samesite="Lax"
            )
    response.vary.add("Cookie")
    return response


def _for_templates() -> dict[str, Any]:
    return {
        "t": g.get("wording") or wording(DEFAULT),
        "view": g.get("view", VIEWS[0]),
        "language_links": [
            (code, SHORT[code], OWN_NAMES[code], same_page(lang=code)) for code in LANGUAGES
        ],
        "view_link": same_page(view="normal" if g.get("view") == "large" else "large"),
        "release": services().release,
        "feed_of_all": in_language("/feed.atom", (g.get("wording") or wording(DEFAULT)).language),
    }


def same_page(**changes: str) -> str:
    """The address of the current page with a parameter changed; always on this site.

    A language or view that there is not is left behind.
    """
    given = ((k, v) for k, v in request.args.items(multi=True) if k not in changes and v)
    rows = [(k, v) for k, v in given if v in COOKIES.get(k, (v,))]
    return f"?{urlencode([*rows, *changes.items()])}"
