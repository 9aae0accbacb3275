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


# What the libraries below say of encryption that failed, the first that fits.
ENCRYPTION = (
    ("DNSMismatch", "the certificate of the site belongs to another site"),
    ("IPAddressMismatch", "the certificate of the site belongs to another site"),
    ("VerificationError", "the certificate of the site belongs to another site"),
    (
        "certificate verify failed",
        "the certificate of the site is not valid: it has expired, or nobody known issued it",
    ),
    ("SSL", "the encrypted connection could not be made"),
)


def reason_of(error: BaseException, encrypted: bool = False) -> str:
    """One sentence without a full stop; `encrypted`: it happened on the way to an https answer."""
    if isinstance(error, Refused):
        return str(error)
    for kind, words in WORDS:
        if isinstance(error, kind):
            return words
    told = f"{type(error).__name__} {error}"
    for sign, words in ENCRYPTION:
        if sign in told:
            return words
    if isinstance(error, DownloadFailedError | ConnectionLost | ConnectError):
        if encrypted:
            return "the encrypted connection could not be made"
        return "the connection broke off or the answer is no HTTP"
    return " ".join(told.split())[:200]
