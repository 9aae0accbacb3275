"""What is known of a URL from the last time it was asked for: the conditional-GET store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crawler.store.putting import put
from crawler.store.schema import resources


@dataclass(frozen=True, slots=True)
class Resource:
    """What the latest answer for a URL said.

    `role` is `page` or `source`; `digest` the SHA-256 of its body, in hex; `state` (of a source)
    is JSON that crawler.discover reads and writes.
    """

    url: str
    site: str
    role: str
    status: int
    checked_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    state: str | None = None


class ResourceTable:
    """Reads and writes resources."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def resource(self, url: str) -> Resource | None:
        """What is known of a URL, for a conditional request."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(resources).where(resources.c.url == url)).first()
        return None if row is None else Resource(**row._mapping)

    def resources(self, site: str, role: str) -> dict[str, Resource]:
        """What is known of a site's pages or sources, by URL."""
        query = sa.select(resources).where(resources.c.site == site, resources.c.role == role)
        with self._engine.connect() as connection:
            return {row.url: Resource(**row._mapping) for row in connection.execute(query)}

    def note(self, resource: Resource) -> None:
        """Keep what the latest answer for a URL said of it."""
        with self._engine.begin() as connection:
            put_resource(connection, resource)


def put_resource(connection: sa.Connection, resource: Resource) -> None:
    """Insert or replace a resource inside a transaction."""
    values = {field: getattr(resource, field) for field in Resource.__dataclass_fields__}
    put(connection, resources, values)
