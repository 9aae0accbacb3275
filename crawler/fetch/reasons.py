"""Why a page could not be fetched, in words for a log that a librarian may read."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.internet.error import ConnectError, ConnectionLost


class Refused(IgnoreRequest):
    """A request that must not be made, or an answer that must not be used; says why."""


class RobotsDenied(Refused):
    """robots.txt forbids the address, or could not be read (RFC 9309, section 2.3.1.4)."""


WORDS: tuple[tuple[type[Exception], str], ...] = (
    (
        CannotResolveHostError,
        "the host name is not known, or leads to an address that is not public",
    ),
    (DownloadConnectionRefusedError, "the server refuses connections"),
    (DownloadTimeoutError, "no complete answer in time"),
    (ResponseDataLossError, "the answer was cut off"),
    (DownloadCancelledError, "the page is larger than allowed"),
    (UnsupportedURLSchemeError, "not a web address"),
)


def reason_of(error: BaseException) -> str:
    """One sentence without a full stop."""
    if isinstance(error, Refused):
        return str(error)
    for kind, words in WORDS:
        if isinstance(error, kind):
            return words
    told = f"{type(error).__name__} {error}"
    if "certificate" in told.lower() or "SSL" in told:
        return "the certificate is not valid, or the encrypted connection failed"
    if isinstance(error, DownloadFailedError | ConnectionLost | ConnectError):
        return "the connection broke off or the answer is no HTTP"
    return " ".join(told.split())[:200]
