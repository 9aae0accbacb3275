"""What a lost index may have left where the engine keeps it."""

from __future__ import annotations

from pathlib import Path

from indexer.engines.choice import engine_named
from indexer.errors import SearchError
from indexer.place import index_root


def leftovers_of(data: Path) -> list[str]:
    """Sentences that name it, with sizes and how to drop it; none when it can't be looked up."""
    try:
        return engine_named().leftovers(index_root(data))
    except SearchError:
        return []  # told as an ailment
