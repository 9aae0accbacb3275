"""One site on one port: requests in, replies out with validators and a log."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.errors import JarshyError
from demoweb.shelf import Edition
from demoweb.systems.exchange import Ask, Reply


class PortTakenError(JarshyError):
    """Another program listens on a port of the demo sites."""


@dataclass(frozen=True, slots=True)
class Served:
    """A request as it was answered; `bytes` counts the body sent."""

    method: str
    path: str
    status: int
    bytes: int


class SiteServer(ThreadingHTTPServer):
    """A listening socket for one site; `log` grows by one entry a request."""

    daemon_threads = True

    def __init__(self, host: str, port: int) -> None:
        self.log: list[Served] = []
        self.answer: Callable[[Ask], Reply] = _not_ready
        self.edition: Callable[[], Edition]
        try:
            super().__init__((host, port), _Handler)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            message = f"Port {port} is taken, so the demo sites cannot start"
            remedy = "Stop what uses it, or choose another first port with --sites-port."
            raise PortTakenError(message, remedy) from None

    @property
    def root(self) -> str:
        """The site's address, without a slash at its end."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"


class _Handler(BaseHTTPRequestHandler):
    """Speaks HTTP for a SiteServer; everything a site says is in the Reply."""

    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    timeout = 20
    server: SiteServer

    def do_GET(self) -> None:
        """Answer a request for a page."""
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        path = unquote(parts.path, errors="replace")
        reply = self.server.answer(Ask(path, query, self.server.edition()))
        self._send(_conditional(_validated(reply), self.headers))

    do_HEAD = do_GET

    def do_POST(self) -> None:
        """Refuse: the forms of the demo sites take nothing."""
        self.close_connection = True
        self._send(Reply(b"", "text/plain", 405, (("Allow", "GET, HEAD"),)))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.status != 304:
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
        body = b"" if self.command == "HEAD" else reply.body
        # Before the client can know of it, so that whoever has the answer finds it logged.
        self.server.log.append(Served(self.command, self.path, reply.status, len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing to the terminal: `SiteServer.log` has it."""


def _not_ready(_ask: Ask) -> Reply:
    return Reply(b"", "text/plain", 503)


def _validated(reply: Reply) -> Reply:
    """The reply with ETag and Last-Modified, if its system sends them for this address."""
    if reply.last_modified is None or reply.status != 200:
        return reply
    tag = hashlib.sha256(reply.body).hexdigest()[:20]
    moment = format_datetime(reply.last_modified.astimezone(UTC), usegmt=True)
    validators = (("ETag", f'"{tag}"'), ("Last-Modified", moment))
    return replace(reply, headers=(*reply.headers, *validators))


def _conditional(reply: Reply, headers: Any) -> Reply:
    """304 where the client's validators hold (RFC 9110, section 13: If-None-Match comes first)."""
    sent = dict(reply.headers)
    if "ETag" not in sent:
        return reply
    tags = headers.get("If-None-Match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        fresh = "*" in known or sent["ETag"] in known
    else:
        since = _date(headers.get("If-Modified-Since"))
        fresh = since is not None and parsedate_to_datetime(sent["Last-Modified"]) <= since
    return replace(reply, status=304, body=b"") if fresh else reply


def _date(told: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(told or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
