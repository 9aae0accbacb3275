"""The pointer: which state of which index of the cluster a folder stands for.

`pointer-<generation>.json` is written beside the name and then renamed: the highest number is the
state in use. The manifest has its SHA-256, as of all files.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from indexer.engines.protocol import Seal
from indexer.engines.syncing import sync
from indexer.errors import IndexOutdatedError
from indexer.manifest import REMEDY

OWNER = "opensearch.owner"
_NAME = re.compile(r"pointer-(\d+)\.json")


@dataclass(frozen=True, slots=True)
class Pointer:
    """A state: the index's name, its generation, how many documents, its dictionaries' files."""

    index: str
    generation: int
    documents: int
    dictionaries: tuple[str, ...] = ()


def latest_generation(folder: Path) -> int:
    """The number of the state in use; FileNotFoundError when there is none."""
    names = (_NAME.fullmatch(path.name) for path in folder.glob("pointer-*.json"))
    found = [int(name[1]) for name in names if name]
    if not found:
        raise FileNotFoundError(folder)
    return max(found)


def read_pointer(folder: Path) -> Pointer:
    """The state in use; FileNotFoundError without one, IndexOutdatedError when damaged."""
    path = folder / f"pointer-{latest_generation(folder)}.json"
    try:
        told = json.loads(path.read_text("utf-8"))
        return Pointer(**{**told, "dictionaries": tuple(told["dictionaries"])})
    except (ValueError, KeyError, TypeError) as error:
        raise IndexOutdatedError(f"{path}: cannot be read ({error})", REMEDY) from None


def set_pointer(folder: Path, pointer: Pointer, seal: Seal) -> None:
    """Make a state the one in use, in one step, after `seal` has told of its files."""
    path = folder / f"pointer-{pointer.generation}.json"
    fresh = path.with_suffix(".new")
    write_synced(fresh, json.dumps(asdict(pointer)))
    try:
        files = {path.name: fresh} | {name: folder / name for name in pointer.dictionaries}
        seal(pointer.generation, files)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    sync(folder)
    for old in folder.glob("pointer-*.json"):
        if old != path:
            old.unlink(missing_ok=True)
    for old in folder.glob("terms-*"):
        if old.name not in pointer.dictionaries:
            old.unlink(missing_ok=True)


def owner_of(folder: Path) -> str:
    """The mark of the index root that a folder is in: whose indices of the cluster are ours."""
    path = folder.parent / OWNER
    try:
        return path.read_text("utf-8").strip()
    except FileNotFoundError:
        write_synced(path, secrets.token_hex(4))
        return path.read_text("utf-8").strip()


def write_synced(path: Path, text: str) -> None:
    """Write a small file; it is on the disk afterwards."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
