"""Under which address a page is stored, when the site has moved it since.

The store knows an article by the address it first had. A site that changes how its addresses
are made would double every article: so the other addresses of a stored page are kept beside it,
and for WordPress its number, which its pages tell as `rel=shortlink` and which never changes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from crawler.discover.memory import MOVED, NUMBER
from crawler.discover.urls import canonical_url
from crawler.model import Capture
from crawler.sites import Site
from crawler.store.captures import Resource
from crawler.store.store import Store

HEAD_BYTES = 128 * 1024
LINK = re.compile(rb"<link\b[^<>]{0,500}>", re.IGNORECASE)
SHORT = re.compile(rb"rel\s*=\s*[\"']?shortlink\b", re.IGNORECASE)
HREF = re.compile(rb"href\s*=\s*[\"']?([^\"'<>\s]{1,500})", re.IGNORECASE)
NUMBERED = re.compile(r"[?&]p(?:age_id)?=\d+")


def number_address(capture: Capture, site: Site) -> str | None:
    """The address by number that a WordPress page tells of itself; None when it tells none."""
    for found in LINK.finditer(capture.body[:HEAD_BYTES]):
        href = HREF.search(found.group()) if SHORT.search(found.group()) else None
        if href is not None and NUMBERED.search(told := href.group(1).decode("latin-1")):
            try:
                return canonical_url(told.replace("&amp;", "&"), site)
            except ValueError:
                return None
    return None


class AddressBook:
    """The other addresses of a site's stored pages."""

    def __init__(self, site: Site, store: Store, known: Mapping[str, str]) -> None:
        self._site = site
        self._store = store
        self._known = dict(known)

    def page_of(self, address: str | None) -> str | None:
        """The stored page that an address or number address stands for."""
        return self._known.get(address or "")

    def number(self, address: str, page: str, when: datetime) -> None:
        """Keep a stored page's address by number."""
        self._keep(NUMBER, address, page, when)

    def moved(self, address: str, page: str, when: datetime) -> None:
        """Keep where a stored page stands now."""
        self._keep(MOVED, address, page, when)

    def _keep(self, sort: str, address: str, page: str, when: datetime) -> None:
        if address != page and self._known.get(address) != page:
            self._known[address] = page
            row = Resource(f"{sort}{address}", self._site.id, "alias", 301, when, state=page)
            self._store.captures.note(row)
