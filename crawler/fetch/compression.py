"""Compressed answers, unpacked with a limit and only when complete.

Scrapy's own middleware takes a gzip that is cut off for a whole page
(its gunzip returns what it has), which would lose the end of an article unnoticed.
"""

from __future__ import annotations

import zlib
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.fetch.reasons import Refused

ACCEPTED = b"gzip, deflate"
PIECE = 256 * 1024


class CompressionMiddleware:
    """Asks for gzip or deflate and refuses what is damaged, cut off or too large."""

    def __init__(self, limit: int) -> None:
        self._limit = limit

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """With the limit of the settings."""
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: Request) -> None:
        """Say what can be unpacked."""
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:
        """The answer with a plain body; its headers stay as they were."""
        told = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        names = [name.strip().lower() for name in told.split(",") if name.strip()]
        body = response.body
        if response.status in (204, 304) or not body:
            return response
        for name in reversed(names):
            body = unpack(body, name, self._limit)
        return response.replace(body=body) if names else response


def unpack(body: bytes, encoding: str, limit: int) -> bytes:
    """The plain bytes of a body in `gzip`, `deflate` or `identity`; raises Refused."""
    if encoding == "identity":
        return body
    if encoding in ("gzip", "x-gzip"):
        return _inflate(body, 31, limit)
    if encoding == "deflate":
        # Some servers send the bare stream without the zlib frame that RFC 9110 asks for.
        return _inflate(body, 15 if _has_zlib_frame(body) else -15, limit)
    raise Refused(f"the answer is packed as {encoding[:20]!r}, which was not asked for")


def _has_zlib_frame(body: bytes) -> bool:
    return len(body) > 1 and body[0] & 15 == 8 and (body[0] * 256 + body[1]) % 31 == 0


def _inflate(body: bytes, wbits: int, limit: int) -> bytes:
    plain = bytearray()
    while body:
        reader = zlib.decompressobj(wbits)
        try:
            while not reader.eof:
                piece = reader.decompress(body, PIECE)
                body = reader.unconsumed_tail
                if not piece and not body:
                    break
                plain += piece
                if len(plain) > limit:
                    # The error keeps this frame alive: it must not keep ten megabytes.
                    plain.clear()
                    raise Refused(f"the page is larger than {limit >> 20} MiB when unpacked")
        except zlib.error:
            if plain and wbits == 31:
                return bytes(plain)  # rubbish after the last complete member
            raise Refused("the packed answer is damaged") from None
        if not reader.eof:
            raise Refused("the packed answer was cut off")
        body = reader.unused_data if wbits == 31 else b""
    return bytes(plain)
