"""The index and the store of a data folder, opened at the first need and kept open."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from crawler.store.database import DATABASE
from crawler.store.store import Store
from indexer.search import Searcher


class Archive:
    """One searcher and one store for all threads of the server."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._lock = Lock()
        self._searcher: Searcher | None = None
        self._store: Store | None = None

    @property
    def searcher(self) -> Searcher:
        """The searcher; IndexMissingError or IndexOutdatedError until there is a fit index."""
        with self._lock:
            if self._searcher is None:
                self._searcher = Searcher.open(self._data)
            return self._searcher

    @property
    def store(self) -> Store | None:
        """The store; None where none has been made yet (opening one would make it)."""
        with self._lock:
            if self._store is None and (self._data / DATABASE).is_file():
                self._store = Store.open(self._data)
            return self._store

    def close(self) -> None:
        """Give index and store back."""
        with self._lock:
            if self._searcher is not None:
                self._searcher.close()
            if self._store is not None:
                self._store.close()
            self._searcher = self._store = None
