"""What ails that which keeps the index: a cluster may answer and yet be in danger."""

from __future__ import annotations

from pathlib import Path

from indexer.engines.choice import engine_named
from indexer.errors import SearchError
from indexer.place import current_folder


def ailments_of(data: Path) -> list[str]:
    """Sentences with remedies; none when all is well, or when there is no index to look at."""
    try:
        return engine_named().ailments(current_folder(data))
    except (SearchError, FileNotFoundError):
        return []
