"""What was fetched: captures with their place in the WARC files, failures to read them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from crawler.model import Capture
from crawler.store.archive import Archive
from crawler.store.mending import mend_folder
from crawler.store.place import warc_address
from crawler.store.putting import put
from crawler.store.resources import Resource, ResourceTable, put_resource
from crawler.store.schema import captures, failures
from crawler.store.warc import WarcLocation

__all__ = ["CaptureTable", "Failure", "Resource", "digest"]
FEW = 400  # names that one query may have


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


class CaptureTable(ResourceTable):
    """Reads and writes captures; a capture is named here only once its WARC record is safe."""

    def __init__(self, engine: sa.Engine, archive: Archive) -> None:
        super().__init__(engine)
        self._archive = archive

    def add(
        self,
        capture: Capture,
        site: str,
        request_headers: tuple[tuple[str, str], ...],
        resource: Resource | None = None,
    ) -> int:
        """Append a capture to the WARC files, then to the store; returns its id.

        With a `resource`, what the answer said of its URL is kept in the same commit.
        """
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
            key = connection.execute(captures.insert().values(**values)).inserted_primary_key
            if resource is not None:
                put_resource(connection, resource)
        assert key is not None
        return int(key[0])

    @property
    def own_folder(self) -> Path | None:
        """The folder of raw pages, where nothing says that it is another than the data folder's."""
        return None if warc_address() else self._archive.folder

    def try_out(self) -> None:
        """Raise StoreError where a page could not be kept, before anybody is asked for one."""
        self._archive.try_out()

    def mend_tail(self) -> int:
        """Cut off what a killed run left half-written in the WARC files; bytes that went.

        Nothing that the store names is touched, nor a file that a process of any machine writes.
        Files that were found whole, and have not changed since, are not looked at again.
        """
        folder = self._archive.folder
        return mend_folder(folder, self._archive.files(), self._last_named) if folder else 0

    def _last_named(self, files: Sequence[str]) -> dict[str, int]:
        """The offset of the last record of each of these files that the store names."""
        last = sa.func.max(captures.c.warc_offset)
        query = sa.select(captures.c.warc_file, last).group_by(captures.c.warc_file)
        if len(files) <= FEW:
            query = query.where(captures.c.warc_file.in_(files))
        with self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def read(self, capture_id: int) -> tuple[str, Capture] | None:
        """The site and the capture of an id, out of the WARC files; None for an unknown id."""
        query = sa.select(captures).where(captures.c.id == capture_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return row.site, self._archive.read(WarcLocation(row.warc_file, row.warc_offset))

    def latest_ids(self, site: str | None = None) -> Iterator[int]:
        """The id of the newest capture of every URL (of one site, or of all), oldest first."""
        newest = sa.func.max(captures.c.id).label("id")
        query = sa.select(newest).where(captures.c.status == 200).group_by(captures.c.url)
        if site is not None:
            query = query.where(captures.c.site == site)
        with self._engine.connect() as connection:
            found = sorted(connection.scalars(query))
        # Outside of the transaction: what is done with each may take long.
        yield from found

    def url_of(self, capture_id: int) -> str | None:
        """The address of a capture; None for an unknown id."""
        query = sa.select(captures.c.url).where(captures.c.id == capture_id)
        with self._engine.connect() as connection:
            return connection.scalar(query)

    def digests(self) -> Iterator[tuple[int, str]]:
        """Every capture's id with the SHA-256 its body should have, in hex."""
        query = sa.select(captures.c.id, captures.c.digest).order_by(captures.c.id)
        with self._engine.connect() as connection:
            found = connection.execute(query).all()
        for row in found:
            yield row.id, row.digest

    def unread_ids(self, site: str) -> list[int]:
        """Captures that a run kept but did not come to read, because it was killed."""
        query = sa.select(captures.c.id).where(
            captures.c.site == site, captures.c.outcome.is_(None)
        )
        with self._engine.connect() as connection:
            return list(connection.scalars(query.order_by(captures.c.id)))

    def settle(self, capture_id: int, outcome: str) -> None:
        """Note what became of a capture (`filtered`, `failed`, ...)."""
        with self._engine.begin() as connection:
            here = captures.c.id == capture_id
            connection.execute(captures.update().where(here).values(outcome=outcome))

    def fail(
        self, url: str, site: str, reason: str, when: datetime, capture_id: int | None = None
    ) -> None:
        """Note that a page could not be fetched or read."""
        now = {"reason": reason, "last_failed": when, "capture_id": capture_id}
        first = {"url": url, "site": site, "first_failed": when, "attempts": 1}
        again = {**now, "attempts": failures.c.attempts + 1}
        with self._engine.begin() as connection:
            put(connection, failures, {**first, **now}, again)
            if capture_id is not None:
                mine = captures.c.id == capture_id
                connection.execute(captures.update().where(mine).values(outcome="failed"))

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
