"""One door to everything kept: `Store.open(data)` gives articles, captures and runs."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from crawler.store.archive import Archive, archive_at
from crawler.store.articles import ArticleTable
from crawler.store.captures import CaptureTable
from crawler.store.damages import damages
from crawler.store.database import open_engine
from crawler.store.groups import GroupTable
from crawler.store.leases import Lease, LeaseTable
from crawler.store.place import told_place
from crawler.store.postgres import cut_off_after
from crawler.store.runs import RunTable


class Store:
    """The truth: a database and the WARC files of one data folder.

    Use it as a context manager; every method of its parts commits before it returns.
    """

    def __init__(self, engine: sa.Engine, archive: Archive, data: Path) -> None:
        self.data = data
        self._engine = engine
        self._archive = archive
        self.articles = ArticleTable(engine)
        self.captures = CaptureTable(engine, archive)
        self.runs = RunTable(engine)
        self.groups = GroupTable(engine)
        self.leases = LeaseTable(engine, data)

    @classmethod
    def open(cls, data: Path, url: sa.URL | None = None, writer: str = "") -> Self:
        """The store of a data folder, made when missing; raises StoreError.

        Its database is at `url`, else where the environment says, else a file in the folder; so
        are its WARC files. `writer` goes into their names, where several machines write them.
        """
        return cls(open_engine(data, url), archive_at(data, writer), data)

    @property
    def is_shared(self) -> bool:
        """Whether several machines may use it at once: its database is a server."""
        return self._engine.dialect.name == "postgresql"

    def fenced(self, lease: Lease) -> Self:
        """The same store for who holds a lease; nothing is committed once that has ended.

        Its methods raise LeaseLostError then. What it has open is closed with the store itself.
        """
        engine = self._engine.execution_options()
        sa.event.listen(engine, "commit", lease.prove)
        return type(self)(engine, self._archive, self.data)

    def prove(self) -> None:
        """Raise LeaseLostError when the lease that this store is fenced by has ended."""
        with self._engine.begin():
            pass  # the commit proves it

    @property
    def place(self) -> str:
        """The database as people are told of it: the file, or user, host and name."""
        return told_place(self._engine.url)

    def cut_off_after(self, seconds: float) -> None:
        """Have the server end a transaction in which this process is silent for so long.

        Where nobody says it, that is 300 seconds. In a file nothing is to be ended.
        """
        if self.is_shared:
            cut_off_after(self._engine, seconds)

    def damages(self) -> list[str]:
        """What is wrong with the database, a sentence each; none when all is sound."""
        return list(damages(self._engine))

    def close(self) -> None:
        """Give the database and the WARC file back."""
        self._archive.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        self.close()
