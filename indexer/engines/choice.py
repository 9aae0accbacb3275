"""Which engine an index is made with."""

from __future__ import annotations

from indexer.engines.protocol import Engine
from indexer.engines.whoosh import WhooshEngine


def engine_named(name: str = "whoosh") -> Engine:
    """The engine of that name; ValueError when there is none."""
    if name != "whoosh":
        raise ValueError(f"there is no search engine {name!r}; known: whoosh")
    return WhooshEngine()
