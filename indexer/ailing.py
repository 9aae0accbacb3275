"""What ails that which keeps the index: a cluster may answer and yet be in danger."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from indexer.engines.choice import engine_named
from indexer.errors import IndexMissingError, SearchError
from indexer.manifest import read_manifest
from indexer.place import current_folder

PATIENCE = timedelta(days=1)


def ailments_of(data: Path) -> list[str]:
    """Sentences with remedies; none when all is well, or when there is no index to look at.

    Where none was made yet, what would keep it is looked at.
    """
    if not has_index(data):
        try:
            return engine_named().ailments(None)
        except SearchError as error:
            return [str(error)]
    try:
        return engine_named().ailments(current_folder(data))
    except (SearchError, FileNotFoundError):
        return []


def has_index(data: Path) -> bool:
    """Whether an index was made in a data folder, whatever became of it."""
    try:
        current_folder(data)
    except IndexMissingError:
        return False
    return True


def behind(data: Path, sequence: int) -> int:
    """How many of the store's changes (it has come to `sequence`) the index has not seen."""
    try:
        folder = current_folder(data)
        manifest = read_manifest(folder, engine_named().generation(folder))
    except (SearchError, FileNotFoundError):
        return 0
    return max(sequence - manifest.sequence, 0)


def is_left_behind(data: Path, crawled: datetime | None) -> bool:
    """Whether the index is a day older than the end of the last crawl (UTC)."""
    try:
        folder = current_folder(data)
        built = read_manifest(folder, engine_named().generation(folder)).built_at
    except (SearchError, FileNotFoundError):
        return False
    return crawled is not None and crawled - built > PATIENCE
