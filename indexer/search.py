"""Search: one question in, one page of answers out."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from crawler.model import Document
from crawler.store.store import Store
from indexer.allowance import Allowance
from indexer.caps import check_request
from indexer.engines.choice import engine_named
from indexer.engines.hurry import hurried
from indexer.engines.protocol import DayFilter, Found
from indexer.errors import SearchError
from indexer.filters import Filters
from indexer.help import hints_of, suggestion_of
from indexer.marking import NO_MARKS, Marker, Marks
from indexer.model import (
    FACETS,
    FacetCount,
    Hit,
    IndexStatus,
    SearchPage,
    SearchRequest,
    Suggestion,
)
from indexer.question import question_of
from indexer.similar import similar_query
from indexer.snapshot import Snapshot, stale, take_snapshot
from indexer.snippets import marked, snippet
from indexer.suggest import Suggesting
from indexer.turns import Turns

log = logging.getLogger(__name__)
LOOK_EVERY = 0.3
# Seconds of processor time after which a question goes without extras: without counting what
# leaving out a word or filter would find, and, after so much of marking, without marks in texts.
# With an engine elsewhere what is counted takes time by the clock instead.
FOR_HINTS, FOR_HINTS_ELSEWHERE = 0.15, 1.0
FOR_MARKS = 0.25

_prepared: dict[Path, Snapshot] = {}

__all__ = ["SearchRequest", "Searcher", "prepare"]


def prepare(data: Path) -> None:
    """Read what every question needs, before this process forks: its children share the memory.

    Raises IndexMissingError or IndexOutdatedError.
    """
    with hurried():
        snapshot = take_snapshot(data)
        snapshot.warm()
    _prepared[data] = snapshot


class Searcher:
    """Answers questions from the index of a data folder; safe to use from several threads.

    A new state of the index, or a rebuilt one, is used within a second without a restart.
    """

    def __init__(self, data: Path, store: Store, snapshot: Snapshot) -> None:
        self.data = data
        self._store = store
        self._snapshot = snapshot
        self._suggesting = Suggesting()
        self._looked = time.monotonic()
        self._lock = threading.Lock()
        # Waiting for another machine's answer takes this one no time.
        self._turns = None if engine_named().capabilities.remote else Turns()

    @classmethod
    def open(cls, data: Path, store: Store | None = None) -> Self:
        """Open and check the index; raises IndexMissingError or IndexOutdatedError."""
        snapshot = _prepared.get(data)
        if snapshot is None or stale(data, snapshot):
            with hurried():
                snapshot = take_snapshot(data, snapshot)
        return cls(data, store or Store.open(data), snapshot)

    def close(self) -> None:
        """Give files and the store back."""
        self._snapshot.reader.close()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        self.close()

    def search(self, request: SearchRequest) -> SearchPage:
        """The answers to a question; QueryLimitError when it is beyond the caps."""
        started = time.perf_counter()
        check_request(request)
        with self._turn():
            page = self._answer(request)
        return replace(page, took_ms=round((time.perf_counter() - started) * 1000, 2))

    def _answer(self, request: SearchRequest) -> SearchPage:
        remote = engine_named().capabilities.remote
        allowance = Allowance.of(FOR_HINTS_ELSEWHERE if remote else FOR_HINTS, remote)
        now = self._now()
        question = question_of(now, request)
        filters = question.filters
        found = now.reader.search(question.engine_query())
        hints = hints_of(now, question, found, allowance)
        return SearchPage(
            request=request,
            total=found.total,
            hits=self._hits(now, found.hits, Marker(question.plan, now.texts)),
            facets=_facets(found, filters),
            complete=found.complete,
            suggestion=suggestion_of(now, question, found),
            hints=(*question.parsed.hints, *filters.hints, *question.slips, *hints),
        )

    def totals(self, request: SearchRequest, spans: Sequence[tuple[date, date]]) -> list[int]:
        """How many answers each span of days has, in place of the days that the request names."""
        check_request(request)
        with self._turn():
            now = self._now()
            query = question_of(now, request).engine_query()
            days = [DayFilter(first.toordinal(), last.toordinal()) for first, last in spans]
            return now.reader.totals([replace(query, days=one) for one in days])

    def before(self, request: SearchRequest) -> frozenset[int]:
        """The ids of the answers on the pages before the one that is asked for."""
        if request.page == 1:
            return frozenset()
        check_request(request)
        with self._turn():
            now = self._now()
            query = question_of(now, request).engine_query()
            before = replace(query, offset=0, limit=query.offset, count_facets=False)
            found = now.reader.search(before)
        return frozenset(one for one, _ in found.hits)

    def values(self, facet: str) -> Mapping[str, int]:
        """The values of a facet in the index with their numbers of documents."""
        with hurried():
            return self._now().reader.values(facet)

    def document(self, document_id: int) -> Document | None:
        """The current version of an article, gone ones too; None for an unknown id."""
        return self._store.articles.document(document_id)

    def suggest(self, text: str, limit: int = 8) -> list[Suggestion]:
        """Completions of what is being typed: kinds, places, topics, libraries, titles."""
        with hurried():
            return self._suggesting.suggest(self._now(), text, limit)

    def similar(self, document_id: int, limit: int = 5) -> list[Hit]:
        """The articles most like one; nothing for an unknown id."""
        document = self.document(document_id)
        if document is None:
            return []
        with self._turn():
            now = self._now()
            plan, query = similar_query(now, document, limit + 1)
            hits = [hit for hit in now.reader.search(query).hits if hit[0] != document_id]
            return list(self._hits(now, tuple(hits[:limit]), Marker(plan, now.texts)))

    def status(self) -> IndexStatus:
        """The state of the index."""
        now = self._now()
        about = engine_named().capabilities
        return IndexStatus(
            engine=about.name,
            version=about.version,
            documents=now.reader.documents(),
            bytes=now.manifest.bytes,
            built_at=now.manifest.built_at,
            sequence=now.manifest.sequence,
            behind=max(self._store.articles.last_sequence() - now.manifest.sequence, 0),
            outgrown=now.reader.documents() > about.comfortable,
        )

    def _turn(self) -> AbstractContextManager[None]:
        return hurried() if self._turns is None else self._turns

    def _now(self) -> Snapshot:
        """The latest state; looks for a newer one a few times a second, one thread at a time."""
        if time.monotonic() - self._looked < LOOK_EVERY or not self._lock.acquire(blocking=False):
            return self._snapshot
        try:
            if time.monotonic() - self._looked >= LOOK_EVERY:
                with hurried():
                    self._look()
                self._looked = time.monotonic()
        finally:
            self._lock.release()
        return self._snapshot

    def _look(self) -> None:
        try:
            if stale(self.data, self._snapshot):
                self._snapshot = take_snapshot(self.data, self._snapshot)
        except (SearchError, OSError) as error:
            log.warning("the newest state of the index is not usable: %s", error)

    def _hits(
        self, now: Snapshot, found: tuple[tuple[int, float], ...], marker: Marker
    ) -> tuple[Hit, ...]:
        """The hits; without marks from when that took too much processor time."""
        documents = now.documents(self._store, (one for one, _ in found))
        allowance = Allowance.of(FOR_MARKS, remote=False)
        return tuple(
            _hit(documents[one], score, NO_MARKS if allowance.spent else marker)
            for one, score in found
            if one in documents
        )


def _hit(document: Document, score: float, marker: Marks) -> Hit:
    article = document.article
    title = article.title or ""
    return Hit(
        document=document,
        score=score,
        snippet=snippet(article.paragraphs, marker, article.language),
        title=marked(title, marker.marks(title, article.language)),
    )


def _facets(found: Found, filters: Filters) -> Mapping[str, tuple[FacetCount, ...]]:
    """Values by falling count, years in order of time; chosen values even when none is found.

    What a minus rules out is left out: choosing it as well would find nothing.
    """
    counted: dict[str, tuple[FacetCount, ...]] = {}
    for facet in FACETS:
        without = filters.excluded(facet)
        counts = {v: n for v, n in found.facets.get(facet, {}).items() if v not in without}
        chosen = set(filters.chosen(facet))
        for value in chosen:
            counts.setdefault(value, 0)
        order = (
            sorted(counts)
            if facet in ("year", "month")
            else sorted(sorted(counts), key=counts.__getitem__, reverse=True)
        )
        counted[facet] = tuple(FacetCount(value, counts[value], value in chosen) for value in order)
    return counted
