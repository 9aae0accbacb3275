"""Requests as this crawler makes them, and what came back as a capture."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.fetch.politeness import SLOT
from crawler.model import Capture

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,*/*;q=0.5"


def request_for(
    url: str,
    callback: Callable[..., Any],
    errback: Callable[..., Any],
    validators: tuple[str | None, str | None] = (None, None),
    priority: int = 0,
    **told: Any,
) -> Request:
    """A GET request; `validators` are the ETag and Last-Modified of the last answer.

    `told` goes to the callback, and to the errback as `failure.request.cb_kwargs`.
    """
    headers = {"Accept": ACCEPT}
    etag, modified = validators
    if etag:
        headers["If-None-Match"] = etag
    if modified:
        headers["If-Modified-Since"] = modified
    if etag or modified:
        # `no-cache` would make shared caches ignore the validators; this makes them ask.
        headers["Cache-Control"] = "max-age=0"
    return Request(
        url,
        callback=callback,
        errback=errback,
        headers=headers,
        meta={"download_slot": SLOT, "handle_httpstatus_all": True},
        cb_kwargs=told,
        priority=priority,
        dont_filter=False,
    )


def capture_from(response: Response, url: str, fetched_at: datetime) -> Capture:
    """The capture of an answer, under the page's canonical address."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Capture(url, fetched_at, response.status, headers, response.body)


def headers_sent(response: Response) -> tuple[tuple[str, str], ...]:
    """The headers of the request that was answered."""
    if response.request is None:
        return ()
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.request.headers.items()
        for value in values
    )
