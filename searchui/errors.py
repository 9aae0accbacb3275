"""What can go wrong on the pages, and how it is told: JSON to programs, a page to people."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from crawler.errors import JarshyError, StoreError
from indexer.errors import (
    IndexAwayError,
    IndexMissingError,
    IndexOutdatedError,
    QueryLimitError,
    SearchError,
)
from searchui.wording import DEFAULT, Wording, wording

log = logging.getLogger(__name__)


class BadParameterError(JarshyError):
    """A query parameter that cannot be used.

    `problem` is the key of the phrase that says why, `values` what is filled in there.
    """

    exit_code = 2

    def __init__(self, parameter: str, problem: str, /, **values: Any) -> None:
        super().__init__(f"{parameter}: {problem}")
        self.parameter = parameter
        self.problem = problem
        self.values = values


class BusyError(JarshyError):
    """More requests from one address than are allowed; `seconds` to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too many requests")
        self.seconds = seconds


class NoVersionError(JarshyError):
    """An earlier text is asked for that the article never had; `article_id` has other ones."""

    def __init__(self, article_id: int) -> None:
        super().__init__(f"article {article_id}: no such version")
        self.article_id = article_id


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as it is told: status, code for programs, heading, text, commands to run.

    `way` is a link that leads on from just here, with its words.
    """

    status: int
    code: str
    message: str
    heading: str
    text: str = ""
    parameter: str | None = None
    commands: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = field(default=())
    way: tuple[str, str] | None = None


NO_ARTICLE = "no such article"
READERS_OWN = (BadParameterError, NoVersionError)  # an address mistyped is no news for the log
NO_INDEX = ("jarshy run", "jarshy serve")
REBUILD = ("jarshy index --rebuild",)
AGAIN_LATER = (("Retry-After", "60"),)
AGAIN_SOON = (("Retry-After", "10"),)


def problem_of(error: Exception, say: Wording) -> Problem:
    """How an error is told in the reader's language."""
    if isinstance(error, BadParameterError):
        text = say(f"problem.{error.problem}", **error.values)
        return Problem(400, "bad_parameter", text, say("error.bad_request"), text, error.parameter)
    if isinstance(error, QueryLimitError):
        text = say(f"limit.{error.cap}", parameter=error.parameter, **error.values)
        return Problem(400, "over_limit", text, say("error.bad_request"), text, error.parameter)
    if isinstance(error, BusyError):
        return _busy(error, say)
    if isinstance(error, NoVersionError):
        return _no_version(error, say)
    if isinstance(error, SearchError | StoreError):
        return _not_ready(error, say)
    if isinstance(error, HTTPException):
        return _of_http(error, say)
    return _of_http(InternalServerError(), say)


def _busy(error: BusyError, say: Wording) -> Problem:
    text = say("error.busy_text", seconds=error.seconds)
    headers = (("Retry-After", str(error.seconds)),)
    message = say("problem.busy", seconds=error.seconds)
    return Problem(429, "too_many_requests", message, say("error.busy"), text, headers=headers)


def _no_version(error: NoVersionError, say: Wording) -> Problem:
    heading, text = say("error.no_version"), say("error.no_version_text")
    way = (say("event.to_current"), f"/articles/{error.article_id}")
    return Problem(404, "not_found", heading, heading, text, way=way)


def _not_ready(error: Exception, say: Wording) -> Problem:
    if isinstance(error, IndexMissingError):
        name, code = "no_index", "index_missing"
        commands: tuple[str, ...] = NO_INDEX
    elif isinstance(error, IndexOutdatedError):
        name, code, commands = "outdated", "index_outdated", REBUILD
    elif isinstance(error, IndexAwayError):
        return _away(say)
    else:
        heading, text = say("error.server"), say("error.server_text")
        message = say("problem.server")
        return Problem(503, "store_unreadable", message, heading, text, headers=AGAIN_LATER)
    heading, text = say(f"error.{name}"), say(f"error.{name}_text")
    message = say(f"problem.{name}")
    return Problem(503, code, message, heading, text, None, commands, AGAIN_LATER)


def _away(say: Wording) -> Problem:
    """Another machine has the index. Every question asks there again, so the address may stay."""
    heading, text = say("error.away"), say("error.away_text")
    way = (say("error.again"), request.full_path.rstrip("?")) if request.method == "GET" else None
    return Problem(
        503, "index_away", say("problem.away"), heading, text, headers=AGAIN_SOON, way=way
    )


def _of_http(error: HTTPException, say: Wording) -> Problem:
    status = error.code or 500
    if status == 404:
        heading, text = say("error.not_found"), say("error.not_found_text")
        message = say("problem.article" if error.description == NO_ARTICLE else "problem.path")
        return Problem(404, "not_found", message, heading, text)
    if status == 405:
        allowed = (("Allow", "GET, HEAD, OPTIONS"),)
        message = say("problem.method")
        return Problem(405, "method_not_allowed", message, say("error.method"), headers=allowed)
    if status >= 500:
        heading, text = say("error.server"), say("error.server_text")
        return Problem(status, "server_error", say("problem.server"), heading, text)
    return Problem(status, "bad_request", say("problem.malformed"), say("error.bad_request"))


def _answer(problem: Problem) -> Response:
    if request.path.startswith("/api/"):
        told = {
            "code": problem.code,
            "message": problem.message,
            "parameter": problem.parameter,
        }
        response = jsonify(error=told)
    else:
        response = make_response(render_template("error.html", problem=problem))
    response.status_code = problem.status
    response.headers.extend(problem.headers)
    return response


def register_error_pages(app: Flask) -> None:
    """Tell every error that leaves a view, in one place."""

    @app.errorhandler(Exception)
    def _told(error: Exception) -> Response:
        if not isinstance(error, JarshyError | HTTPException):
            log.exception("%s failed", request.path)
        elif isinstance(error, JarshyError) and not isinstance(error, READERS_OWN):
            log.warning("%s: %s", request.path, error)
        return _answer(problem_of(error, getattr(g, "wording", None) or wording(DEFAULT)))
