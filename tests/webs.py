"""A raw web server for tests: it can say anything, true or broken, and logs what it was asked."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from crawler.sites import Site

PATIENCE = 120.0  # seconds, for a server on a busy machine to begin and to end


@dataclass(frozen=True)
class Asked:
    """One request as it came: target (path and query), headers by lower-case name."""

    target: str
    headers: Mapping[str, str]


Answer = bytes | Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


def reply(
    body: bytes | str = b"",
    status: int = 200,
    kind: str = "text/html; charset=utf-8",
    length: int | None = None,
    **headers: str,
) -> bytes:
    """A well-formed answer; `length` tells another Content-Length than the true one."""
    told = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} -", f"Content-Type: {kind}", "Connection: close"]
    lines.append(f"Content-Length: {len(told) if length is None else length}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + told


PARAGRAPH = (
    "Облыстық кітапханада оқырмандармен кездесу өтті, оған жергілікті ақындар мен жазушылар, "
    "студенттер және мектеп оқушылары қатысты. Кездесу соңында қонақтар жаңа кітаптарын сыйлады."
)


def article(title: str = "Кітапханадағы кездесу", text: str = PARAGRAPH, head: str = "") -> str:
    """An HTML page with an article long enough to be read."""
    body = "".join(f"<p>{text} ({n})</p>" for n in (1, 2, 3))
    return (
        f'<!doctype html><html lang="kk"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f'</head><body><main><article><h1 class="entry-title">{title}</h1>'
        f'<div class="entry-content">{body}</div></article></main></body></html>'
    )


def listing(links: Iterable[str], more: str = "") -> str:
    """An HTML page with links to articles."""
    rows = "".join(f'<li><a class="item" href="{link}">{link}</a></li>' for link in links)
    return f"<!doctype html><html><body><ul>{rows}</ul>{more}</body></html>"


class Web:
    """Serves `answers` by target (path with query, else path) on a free port of loopback.

    With `tls` it speaks https and calls itself localhost, as certificates can name it.
    """

    def __init__(
        self, answers: Mapping[str, Answer] | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self._tls = tls
        self.answers: dict[str, Answer] = dict(answers or {})
        self.log: list[Asked] = []
        self.port = 0

    @property
    def root(self) -> str:
        if self._tls is not None:
            return f"https://localhost:{self.port}"
        return f"http://127.0.0.1:{self.port}"

    @property
    def targets(self) -> list[str]:
        """What was asked but robots.txt."""
        return [asked.target for asked in self.log if asked.target != "/robots.txt"]

    def site(self, site_id: str = "test", links: str = "a.item", **told: object) -> Site:
        """This server as a site with a listing at `/`."""
        source = {"kind": "listing", "url": f"{self.root}/", "links": links}
        known = {
            "id": site_id,
            "name": {"kk": "Сынақ"},
            "url": f"{self.root}/",
            "delay_seconds": 0.01,
            "allow_private_addresses": True,
            "sources": [source],
        }
        return Site.model_validate({**known, **told})

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        starting = asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result(PATIENCE)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            try:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                await self._answer(_asked(head), writer)
            finally:
                writer.close()

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        self.log.append(asked)
        path = asked.target.partition("?")[0]
        answer = self.answers.get(asked.target, self.answers.get(path, reply("no", 404)))
        if isinstance(answer, bytes):
            writer.write(answer)
            await writer.drain()
        else:
            await answer(asked, writer)


def _asked(head: list[str]) -> Asked:
    target = head[0].split(" ")[1]
    pairs = (line.partition(":") for line in head[1:] if line)
    return Asked(target, {name.lower(): value.strip() for name, _, value in pairs})
