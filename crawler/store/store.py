"""One door to everything kept: `Store.open(data)` gives articles, captures and runs."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from crawler.store.articles import ArticleTable
from crawler.store.captures import CaptureTable
from crawler.store.database import open_engine
from crawler.store.groups import GroupTable
from crawler.store.runs import RunTable
from crawler.store.warc import WarcArchive


class Store:
    """The truth: a database and the WARC files of one data folder.

    Use it as a context manager; every method of its parts commits before it returns.
    """

    def __init__(self, engine: sa.Engine, archive: WarcArchive, data: Path) -> None:
        self.data = data
        self._engine = engine
        self._archive = archive
        self.articles = ArticleTable(engine)
        self.captures = CaptureTable(engine, archive)
        self.runs = RunTable(engine)
        self.groups = GroupTable(engine)

    @classmethod
    def open(cls, data: Path, url: str | None = None) -> Self:
        """The store of a data folder, made when missing; raises StoreError."""
        return cls(open_engine(data, url), WarcArchive(data / "warc"), data)

    def damages(self) -> list[str]:
        """What the database itself finds wrong with its file (SQLite only)."""
        if self._engine.dialect.name != "sqlite":
            return []
        with self._engine.connect() as connection:
            told = connection.scalars(sa.text("PRAGMA integrity_check")).all()
        return [str(line) for line in told if line != "ok"]

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
