"""The engine: committing segments through Whoosh's writer, and readers of one state."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import numpy as np
from whoosh import fields
from whoosh.index import TOC, EmptyIndexError, FileIndex
from whoosh.writing import SegmentWriter

from indexer.engines.arrays import Array, write_arrays
from indexer.engines.building import SegmentBuilder
from indexer.engines.collecting import collect, count_values
from indexer.engines.joining import merge
from indexer.engines.layout import Made
from indexer.engines.matching import Matcher
from indexer.engines.protocol import (
    TEXT_FIELDS,
    Capabilities,
    EngineQuery,
    EngineReader,
    Found,
    Part,
    Prefix,
    Seal,
    Term,
)
from indexer.engines.segment import Segment
from indexer.engines.state import State
from indexer.engines.syncing import sync
from indexer.engines.whoosh.codec import EXTENSION, ArraySegment
from indexer.engines.whoosh.merging import to_merge
from indexer.engines.whoosh.storage import SealingStorage
from indexer.ranking import ranking
from indexer.rows import Row

NAME = "MAIN"
COMFORTABLE = 200_000


def _schema() -> fields.Schema:
    """Terms come analysed: for Whoosh every field holds keywords."""
    return fields.Schema(
        id=fields.STORED(), **{name: fields.KEYWORD(scorable=True) for name in TEXT_FIELDS}
    )


class WhooshEngine:
    """Whoosh's index with array segments, in one folder."""

    capabilities = Capabilities("whoosh", version("whoosh-reloaded") + "+arrays1", COMFORTABLE)

    def create(self, folder: Path, seal: Seal) -> None:
        """Make an empty index in a folder."""
        FileIndex.create(SealingStorage(folder, _sealing(folder, [], seal)), _schema(), NAME)

    def prepare(self, folder: Path, rows: Iterable[Row]) -> Part | None:
        """Write a segment that no state of the index knows yet."""
        builder = SegmentBuilder(ranking().zones)
        for row in rows:
            builder.add(row)
        return _write(folder, builder.finish()) if len(builder) else None

    def commit(
        self, folder: Path, parts: Sequence[Part], deleted: Iterable[int], seal: Seal
    ) -> int:
        """Make parts visible, replacing and deleting documents, in one step."""
        final: list[ArraySegment] = []
        storage = SealingStorage(folder, _sealing(folder, final, seal))
        index = FileIndex(storage, _schema(), NAME)
        writer = SegmentWriter(index, timeout=60.0)
        try:
            final.extend(_segments_after(folder, writer.segments, parts, set(deleted)))
            writer.commit(mergetype=lambda _writer, _segments: list(final))
        except BaseException:
            if not writer.is_closed:
                writer.cancel()
            raise
        return int(writer.generation)

    def take_over(self, folder: Path, prove: Callable[[], None]) -> None:
        """Nothing to do: the lock of the folder is what others are kept off by."""
        prove()

    def generation(self, folder: Path) -> int:
        """The number of the latest state; FileNotFoundError when there is no index."""
        found = int(TOC._latest_generation(SealingStorage(folder), NAME))
        if found < 0:
            raise FileNotFoundError(folder)
        return found

    def open(self, folder: Path, before: EngineReader | None = None) -> WhooshReader:
        """A reader of the latest state; unchanged segments are shared with `before`."""
        same = before if isinstance(before, WhooshReader) else None
        try:
            contents = FileIndex(SealingStorage(folder), _schema(), NAME)._read_toc()
        except EmptyIndexError:
            raise FileNotFoundError(folder) from None
        return WhooshReader(folder, int(contents.generation), contents.segments, same)

    def ailments(self, folder: Path | None) -> list[str]:
        """Nothing: files are there or they aren't."""
        return []

    def leftovers(self, root: Path) -> list[str]:
        """Nothing: all of an index is in its root."""
        return []


def _path(folder: Path, segment: ArraySegment) -> Path:
    return folder / str(segment.make_filename(EXTENSION))


def _write(folder: Path, made: Made) -> Part:
    ids = made.arrays["ids"].tolist()
    segment = ArraySegment(NAME, len(ids))
    path = _path(folder, segment)
    write_arrays(path, made.arrays, made.told)
    sync(path)
    return Part(segment.segid, tuple(ids))


def _segments_after(
    folder: Path, segments: list[ArraySegment], parts: Sequence[Part], deleted: set[int]
) -> list[ArraySegment]:
    """The segments of the next state: old ones less what is deleted or replaced, new, merged."""
    gone = deleted.union(*(part.ids for part in parts))
    opened = {segment: Segment(_path(folder, segment)) for segment in segments}
    for segment, content in opened.items():
        hit = np.flatnonzero(np.isin(content.ids, list(gone)))
        segment.deleted.update(hit.tolist())
    for part in parts:
        segment = ArraySegment(NAME, len(part.ids))
        segment.segid = part.name
        opened[segment] = Segment(_path(folder, segment))
    kept = {one: content for one, content in opened.items() if one.doc_count()}
    chosen = to_merge(list(kept))
    if not chosen:
        return list(kept)
    made = merge([kept[one] for one in chosen], [live_documents(one) for one in chosen])
    part = _write(folder, made)
    merged = ArraySegment(NAME, len(part.ids))
    merged.segid = part.name
    return [*(one for one in kept if one not in chosen), merged]


def live_documents(segment: ArraySegment) -> Array:
    """For each document of a segment whether it is not deleted."""
    live = np.ones(segment.size, bool)
    live[list(segment.deleted)] = False
    return live


def _sealing(folder: Path, final: list[ArraySegment], seal: Seal) -> Callable[[int, Path], None]:
    def sealed(generation: int, contents: Path) -> None:
        files = {f"_{NAME}_{generation}.toc": contents}
        files |= {path.name: path for path in (_path(folder, one) for one in final)}
        seal(generation, files)

    return sealed


class WhooshReader:
    """One state of the index."""

    def __init__(
        self,
        folder: Path,
        generation: int,
        segments: Sequence[ArraySegment],
        before: WhooshReader | None,
    ) -> None:
        self.generation = generation
        known: Mapping[str, Segment] = before.segments if before else {}
        self.segments: dict[str, Segment] = {
            one.segid: known.get(one.segid) or Segment(_path(folder, one)) for one in segments
        }
        live = [live_documents(one) for one in segments]
        self.state = State(list(self.segments.values()), live)
        self._matcher = Matcher(self.state, ranking())
        self._words_before = before.words_counted(self.segments) if before else None

    def search(self, query: EngineQuery) -> Found:
        """The documents that a question finds."""
        return collect(self._matcher, query)

    def totals(self, queries: Sequence[EngineQuery]) -> list[int]:
        """How many documents each question finds, one after the other."""
        bare = (replace(one, sort="newest", limit=0, count_facets=False) for one in queries)
        return [self.search(one).total for one in bare]

    def frequency(self, term: Term | Prefix) -> int:
        """How many postings a term or a beginning has, those of deleted documents among them."""
        return self.state.frequency(term)

    @cached_property
    def _words(self) -> Mapping[str, int]:
        words, done = self._words_before or ({}, frozenset())
        self._words_before = None
        counted = dict(words)
        for name, segment in self.segments.items():
            for word, count in segment.word_counts() if name not in done else ():
                counted[word] = counted.get(word, 0) + count
        return counted

    def words_counted(
        self, segments: Mapping[str, Segment]
    ) -> tuple[Mapping[str, int], frozenset[str]] | None:
        """The words counted so far and the segments they are of, where those are all in use."""
        words = self.__dict__.get("_words")
        if words is None or not self.segments.keys() <= segments.keys():
            return None
        return words, frozenset(self.segments)

    def words(self) -> Mapping[str, int]:
        """Every word form with the number of documents it is in."""
        return self._words

    def completions(self, begin: str, limit: int) -> Sequence[str]:
        """The words with a beginning that stand in most documents, most frequent first."""
        counted: dict[str, int] = {}
        for segment in self.segments.values():
            for word, count in segment.word_counts(begin):
                counted[word] = counted.get(word, 0) + count
        return heapq.nsmallest(limit, counted, key=lambda word: (-counted[word], word))

    def values(self, facet: str) -> Mapping[str, int]:
        """The values of a facet with the number of documents of each."""
        live = np.flatnonzero(self.state.live)
        return count_values(self.state, facet, live) if self.state.size else {}

    def documents(self) -> int:
        """How many documents there are."""
        return int(self.state.live.sum())

    def ids(self) -> Sequence[int]:
        """The ids of all documents."""
        found: list[int] = self.state.ids[self.state.live].tolist()
        return found

    def known(self, ids: Collection[int]) -> set[int]:
        """Those of the ids that have a document."""
        found = self.state.live & np.isin(self.state.ids, np.array(list(ids), np.int64))
        return set(self.state.ids[found].tolist())

    def close(self) -> None:
        """Nothing to give back: the maps close with the last reader that shares them."""
