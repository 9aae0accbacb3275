"""The pointer: which state of which index of the cluster a folder stands for.

`pointer-<generation>.json` is written beside the name (`.new`) and then renamed: the highest number
is the state in use. The manifest has its SHA-256, as of all files. What is beside a name waits for
the cluster's word; who takes the index over renames it if the cluster has the state, or removes it,
so that a process which was stopped before it could rename its file finds none.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from indexer.engines.opensearch.errors import WriterLostError
from indexer.engines.protocol import Seal
from indexer.engines.syncing import sync
from indexer.errors import IndexOutdatedError
from indexer.manifest import REMEDY

_NAME = re.compile(r"pointer-(\d+)\.json")


@dataclass(frozen=True, slots=True)
class Pointer:
    """A state: the index's name, its generation, how many documents, its dictionaries' files.

    `before` are the numbers of the last states before it, oldest first; `lost` are numbers that
    were given to writers whose states never came to be.
    """

    index: str
    generation: int
    documents: int
    dictionaries: tuple[str, ...] = ()
    before: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()


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
        lists = {key: tuple(told.get(key, ())) for key in ("dictionaries", "before", "lost")}
        return Pointer(**{**told, **lists})
    except (ValueError, KeyError, TypeError) as error:
        raise IndexOutdatedError(f"{path}: cannot be read ({error})", REMEDY) from None


def set_pointer(
    folder: Path, pointer: Pointer, seal: Seal, conclude: Callable[[], None] = lambda: None
) -> None:
    """Make a state the one in use, in one step, after `seal` has told of its files.

    `conclude` has the cluster take it as committed, or raises.
    """
    path = folder / f"pointer-{pointer.generation}.json"
    fresh = path.with_suffix(".new")
    # Listed before: afterwards there may be files of who takes over from here.
    old = [one for one in folder.glob("terms-*") if one.name not in pointer.dictionaries]
    old += folder.glob("pointer-*.json")
    # Without empty lists: a version before there were such can read it.
    told = {name: value for name, value in asdict(pointer).items() if value != ()}
    write_synced(fresh, json.dumps(told))
    try:
        seal(pointer.generation, {path.name: fresh} | {n: folder / n for n in pointer.dictionaries})
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    conclude()
    try:
        fresh.rename(path)
    except FileNotFoundError:
        message = f"{pointer.index}: another process has taken the index over"
        raise WriterLostError(message, "Run `jarshy index` again.") from None
    sync(folder)
    for one in old:
        if one != path:
            one.unlink(missing_ok=True)


def settle(folder: Path, state: int) -> int:
    """Finish the state that the cluster has, forget others begun; the number of the one in use."""
    for fresh in folder.glob("pointer-*.new"):
        with suppress(FileNotFoundError):
            if fresh.stem == f"pointer-{state}":
                fresh.rename(fresh.with_suffix(".json"))
            else:
                fresh.unlink()
    return latest_generation(folder)


def write_synced(path: Path, text: str) -> None:
    """Write a small file; it is on the disk afterwards."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
