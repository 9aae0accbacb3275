"""What was fetched: captures with their place in the WARC files, validators, failures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from crawler.model import Capture
from crawler.store.schema import captures, failures, resources
from crawler.store.warc import WarcArchive, WarcLocation


@dataclass(frozen=True, slots=True)
class Resource:
    """What is known of a URL from the last time it was asked for.

    `role` is `page` or `source`; `digest` the SHA-256 of its body, in hex.
    """

    url: str
    site: str
    role: str
    status: int
    checked_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that could not be read: why, how often, since when (UTC)."""

    url: str
    site: str
    reason: str
    attempts: int
    first_failed: datetime
    last_failed: datetime
    capture_id: int | None = None


def digest(body: bytes) -> str:
    """SHA-256 of a body, in hex."""
    return hashlib.sha256(body).hexdigest()


class CaptureTable:
    """Reads and writes captures; a capture is named here only once its WARC record is safe."""

    def __init__(self, engine: sa.Engine, archive: WarcArchive) -> None:
        self._engine = engine
        self._archive = archive

    def add(
        self, capture: Capture, site: str, request_headers: tuple[tuple[str, str], ...]
    ) -> int:
        """Append a capture to the WARC files, then to the store; returns its id."""
        location = self._archive.write(capture, request_headers)
        values = {
            "url": capture.url,
            "site": site,
            "fetched_at": capture.fetched_at,
            "status": capture.status,
            "digest": digest(capture.body),
            "warc_file": location.file,
            "warc_offset": location.offset,
        }
        with self._engine.begin() as connection:
            key = connection.execute(
                captures.insert().values(**values)
            ).inserted_primary_key
        assert key is not None
        return int(key[0])

    def read(self, capture_id: int) -> tuple[str, Capture] | None:
        """The site and the capture of an id, out of the WARC files; None for an unknown id."""
        query = sa.select(captures).where(captures.c.id == capture_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return row.site, self._archive.read(
            WarcLocation(row.warc_file, row.warc_offset)
        )

    def latest_ids(self, site: str | None = None) -> Iterator[int]:
        """The id of the newest capture of every URL (of one site, or of all), oldest first."""
        newest = sa.func.max(captures.c.id).label("id")
        query = (
            sa.select(newest).where(captures.c.status == 200).group_by(captures.c.url)
        )
        if site is not None:
            query = query.where(captures.c.site == site)
        with self._engine.connect() as connection:
            yield from sorted(connection.scalars(query))

    def resource(self, url: str) -> Resource | None:
        """What is known of a URL, for a conditional request."""
        with self._engine.connect() as connection:
            row = connection.execute(
                sa.select(resources).where(resources.c.url == url)
            ).first()
        return None if row is None else Resource(**row._mapping)

    def note(self, resource: Resource) -> None:
        """Keep what the latest answer for a URL said of it."""
        values = {
            field: getattr(resource, field) for field in Resource.__dataclass_fields__
        }
        with self._engine.begin() as connection:
            here = resources.c.url == resource.url
            if (
                connection.execute(
                    resources.update().where(here).values(**values)
                ).rowcount
                == 0
            ):
                connection.execute(resources.insert().values(**values))

    def fail(
        self,
        url: str,
        site: str,
        reason: str,
        when: datetime,
        capture_id: int | None = None,
    ) -> None:
        """Note that a page could not be fetched or read."""
        here = failures.c.url == url
        with self._engine.begin() as connection:
            again = {
                "reason": reason,
                "last_failed": when,
                "attempts": failures.c.attempts + 1,
                "capture_id": capture_id,
            }
            if (
                connection.execute(
                    failures.update().where(here).values(**again)
                ).rowcount
                == 0
            ):
                first = {"url": url, "site": site, "first_failed": when, "attempts": 1}
                values = {
                    **first,
                    "reason": reason,
                    "last_failed": when,
                    "capture_id": capture_id,
                }
                connection.execute(failures.insert().values(**values))

    def succeed(self, url: str) -> None:
        """Forget a failure: the page could be read now."""
        with self._engine.begin() as connection:
            connection.execute(failures.delete().where(failures.c.url == url))

    def failures(self, site: str | None = None) -> list[Failure]:
        """Pages that could not be read, of one site or of all, the newest first."""
        query = sa.select(failures).order_by(failures.c.last_failed.desc())
        if site is not None:
            query = query.where(failures.c.site == site)
        with self._engine.connect() as connection:
            return [Failure(**row._mapping) for row in connection.execute(query)]
