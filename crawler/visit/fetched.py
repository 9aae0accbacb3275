"""A page on its way from the server to the store."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.model import Capture
from crawler.reading import Reading

Headers = tuple[tuple[str, str], ...]
GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page that the server answered.

    `asked` is the address that was asked for, `page` the one that its article is stored under
    (empty until that is known); both may differ from the capture's after a redirect.
    """

    asked: str
    capture: Capture
    request_headers: Headers
    capture_id: int | None = None
    page: str = ""
    readings: tuple[Reading, ...] = ()
