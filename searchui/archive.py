"""The index and the store of a data folder, opened at the first need and kept open."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TypeVar

from crawler.errors import StoreError
from crawler.store.place import has_store
from crawler.store.store import Store
from indexer.errors import SearchError
from indexer.search import Searcher

TRY_AGAIN_AFTER = 1.0
Opened = TypeVar("Opened", Searcher, Store)


class Archive:
    """One searcher and one store for all threads of the server."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._locks = {"index": Lock(), "store": Lock()}
        self._searcher: Searcher | None = None
        self._store: Store | None = None
        self._refused: dict[str, tuple[float, SearchError | StoreError]] = {}

    @property
    def searcher(self) -> Searcher:
        """The searcher; IndexMissingError or IndexOutdatedError until there is a fit index."""
        if self._searcher is not None:
            return self._searcher
        with self._alone("index"):
            if self._searcher is None:
                self._searcher = self._open("index", Searcher.open)
            return self._searcher

    @contextmanager
    def _alone(self, what: str) -> Iterator[None]:
        """For one thread at a time; while it looks again the others are refused as before."""
        lock = self._locks[what]
        _, refusal = self._refused.get(what, (0.0, None))
        if not lock.acquire(blocking=refusal is None):
            assert refusal is not None
            raise refusal
        try:
            yield
        finally:
            lock.release()

    def _open(self, what: str, opened: Callable[[Path], Opened]) -> Opened:
        """Open index or store; a refusal holds for a second, for looking again costs much."""
        when, refusal = self._refused.get(what, (0.0, None))
        if refusal and time.monotonic() - when < TRY_AGAIN_AFTER:
            raise refusal
        try:
            return opened(self._data)
        except (SearchError, StoreError) as error:
            self._refused[what] = (time.monotonic(), error)
            raise

    @property
    def store(self) -> Store | None:
        """The store; None where none has been made yet (opening one would make it)."""
        if self._store is not None:
            return self._store
        with self._alone("store"):
            if self._store is None and has_store(self._data):
                self._store = self._open("store", Store.open)
            return self._store

    def close(self) -> None:
        """Give index and store back."""
        with self._locks["index"], self._locks["store"]:
            if self._searcher is not None:
                self._searcher.close()
            if self._store is not None:
                self._store.close()
            self._searcher = self._store = None
