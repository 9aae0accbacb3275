"""Whether a collection has become too large for its engine, and what to do then."""

from __future__ import annotations

from pathlib import Path

from indexer.engines.choice import engine_named
from indexer.errors import SearchError
from indexer.manifest import read_manifest
from indexer.place import current_folder

REMEDY = (
    'Answers become slower. Set engine = "opensearch" in jarshy.toml and run '
    "`jarshy index --rebuild` (docs/scale.md)."
)


def outgrown(engine: str, documents: int) -> str | None:
    """What to tell when an engine has more documents than it answers quickly; else None."""
    most = engine_named(engine).capabilities.comfortable
    if documents <= most:
        return None
    held, told = f"{documents:,} articles", f"more than the {most:,} that {engine} is made for"
    return f"the index holds {held}, {told}. {REMEDY}"


def outgrown_in(data: Path) -> str | None:
    """The same for the index of a data folder; None for one that cannot be read."""
    try:
        folder = current_folder(data)
        manifest = read_manifest(folder, engine_named().generation(folder))
    except (SearchError, FileNotFoundError):
        return None
    return outgrown(manifest.engine, manifest.documents)
