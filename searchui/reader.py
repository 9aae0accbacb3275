"""Who reads: language and view of one request, remembered by two cookies and nothing else."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, request

from searchui.errors import BadParameterError
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


def _recognise() -> None:
    g.wording = wording(DEFAULT)
    g.view = VIEWS[0]
    machine = request.path.startswith("/api/")
    language = request.args.get("lang") or ("" if machine else request.cookies.get("lang", ""))
    if language in LANGUAGES:
        g.wording = wording(language)
    elif machine and language:
        raise BadParameterError("lang", "lang")
    view = request.args.get("view") or request.cookies.get("view", "")
    g.view = view if view in VIEWS else VIEWS[0]


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
    }


def same_page(**changes: str) -> str:
    """The address of the current page with a parameter changed; always on this site."""
    rows = [(k, v) for k, v in request.args.items(multi=True) if k not in changes and v]
    return f"?{urlencode([*rows, *changes.items()])}"
