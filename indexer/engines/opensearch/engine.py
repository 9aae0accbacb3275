"""The engine: an index on a cluster, made visible state by state.

A document carries the generation in which it was `born` and, once replaced or deleted, that in
which it `died`. Readers of generation g see what was born by then and has not died by then. So a
commit may take as long as it likes: until the pointer of its generation is written nobody sees
anything of it, and readers of the state before go on seeing that. What a commit that did not end
has left behind is removed by the next one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from indexer.engines.opensearch.ailing import ailments
from indexer.engines.opensearch.cluster import Json, cluster
from indexer.engines.opensearch.committing import KEPT, Committing
from indexer.engines.opensearch.copies import give_copies
from indexer.engines.opensearch.dictionary import Counting, file_name, write_dictionary
from indexer.engines.opensearch.encoding import NEVER, encoded
from indexer.engines.opensearch.indices import forget_unused, make_index, point_alias
from indexer.engines.opensearch.joining import tidied
from indexer.engines.opensearch.leftovers import leftovers
from indexer.engines.opensearch.mapping import LAYOUT
from indexer.engines.opensearch.owner import own
from indexer.engines.opensearch.pointer import (
    Pointer,
    latest_generation,
    read_pointer,
    set_pointer,
)
from indexer.engines.opensearch.reader import OpenSearchReader
from indexer.engines.opensearch.uploading import upload
from indexer.engines.opensearch.writer import conclude, take_over, writer_of, writing
from indexer.engines.protocol import Capabilities, EngineReader, Part, Seal
from indexer.engines.syncing import sync
from indexer.ranking import ranking
from indexer.rows import Row

COMFORTABLE = 10_000_000
COUNTED = 10_000  # documents whose terms are counted in memory before they are written


class OpenSearchEngine:
    """An index on the cluster that the environment names; the folder says which."""

    capabilities = Capabilities("opensearch", f"layout{LAYOUT}", COMFORTABLE, remote=True)

    def create(self, folder: Path, seal: Seal) -> None:
        """Make an empty index; those of folders that are gone are dropped.

        In a copied folder it is that of an installation of its own; the other's is left alone.
        """
        own(folder)
        forget_unused(cluster(), folder)
        set_pointer(folder, Pointer(make_index(cluster(), folder), 0, 0), seal)

    def prepare(self, folder: Path, rows: Iterable[Row]) -> Part | None:
        """Send documents that no state knows yet, and write their dictionary."""
        writer = writer_of(cluster(), folder)
        name = secrets.token_hex(8)
        counting = Counting()
        ids: list[int] = []
        zones = ranking().zones

        def documents() -> Iterator[tuple[str, int, Json]]:
            for row in rows:
                made = encoded(row, zones)
                counting.add(made.terms)
                ids.append(row.id)
                state = {"born": writer.next, "died": NEVER, "part": name}
                yield f"{row.id}-{writer.next}", row.sequence, {**made.source, **state}

        with writing(cluster(), writer):
            upload(cluster(), writer.name, documents())
        if not ids:
            return None
        _written(folder, name, counting)
        return Part(name, tuple(ids))

    def commit(
        self, folder: Path, parts: Sequence[Part], deleted: Iterable[int], seal: Seal
    ) -> int:
        """Make parts visible in one step; raises ClusterError if the cluster has lost some.

        WriterLostError when another process has taken the index over: it changes nothing then.
        """
        writer, old = writer_of(cluster(), folder), read_pointer(folder)
        work = Committing(cluster(), writer, old)
        with writing(cluster(), writer):
            made = work.prepared(parts, set(deleted))
            if not old.generation:
                give_copies(cluster(), old.index)
            files = tuple(file_name(one.name) for one in parts)
            if made.left < old.documents:
                files = (*old.dictionaries, *files, *_leaving(folder, work, made.left))
        before = (*old.before, old.generation)[-KEPT:]
        files = tidied(folder, files)
        new = Pointer(old.index, writer.next, made.documents, files, before, made.lost)
        set_pointer(folder, new, seal, lambda: conclude(cluster(), writer))
        work.tidy(before[0] if len(before) == KEPT else 0)
        point_alias(cluster(), folder, old.index)
        forget_unused(cluster(), folder)
        return writer.next

    def take_over(self, folder: Path, prove: Callable[[], None]) -> None:
        """Have the cluster refuse what a writer before this one still sends."""
        take_over(cluster(), folder, prove)

    def generation(self, folder: Path) -> int:
        """The number of the latest state; FileNotFoundError when there is no index."""
        return latest_generation(folder)

    def open(self, folder: Path, before: EngineReader | None = None) -> OpenSearchReader:
        """A reader of the latest state; IndexOutdatedError if the cluster doesn't have it."""
        pointer = read_pointer(folder)
        if isinstance(before, OpenSearchReader) and before.pointer == pointer:
            return before
        return OpenSearchReader(cluster(), folder, pointer)

    def ailments(self, folder: Path | None) -> list[str]:
        """Copies that are missing and why, disks that are full, nodes that don't answer."""
        settings = cluster().settings
        index = read_pointer(folder).index if folder else f"{settings.prefix}-none"
        return ailments(settings, index)

    def leftovers(self, root: Path) -> list[str]:
        """Indices on the cluster of other installations, or of a folder that was lost."""
        return leftovers(cluster(), root)


def _written(folder: Path, name: str, counting: Counting) -> str:
    """Write a dictionary of that name; the name of its file."""
    path = folder / file_name(name)
    write_dictionary(path, counting.counts)
    sync(path)
    return path.name


def _leaving(folder: Path, work: Committing, count: int) -> Iterator[str]:
    """Dictionaries that take the `count` documents off which a state is without, so many each."""
    found = work.terms_leaving() if count else iter(())
    for _ in range(0, count, COUNTED):
        counting = Counting()
        for terms in islice(found, COUNTED):
            counting.take(terms)
        yield _written(folder, secrets.token_hex(8), counting)
