"""Files of named arrays: a JSON head, then the arrays, 64-byte aligned, read through mmap."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

MAGIC = b"JARSHY01"
ALIGNMENT = 64

Array = NDArray[Any]


def write_arrays(path: Path, arrays: Mapping[str, Array], told: Mapping[str, Any]) -> None:
    """Write a new file; `told` is JSON data that comes back with the arrays."""
    with path.open("xb") as stream:
        _begin(stream, {name: (one.dtype, one.size) for name, one in arrays.items()}, told)
        for array in arrays.values():
            stream.write(np.ascontiguousarray(array).tobytes())
            _pad(stream)


def write_streams(
    path: Path, streams: Mapping[str, tuple[np.dtype[Any], BinaryIO]], told: Any = None
) -> None:
    """Write a new file of arrays that stand in files, each all of its file, with their types."""
    sizes = {name: (kind, one.tell() // kind.itemsize) for name, (kind, one) in streams.items()}
    with path.open("xb") as stream:
        _begin(stream, sizes, told or {})
        for _, one in streams.values():
            one.seek(0)
            shutil.copyfileobj(one, stream)
            _pad(stream)


def _begin(
    stream: BinaryIO, sizes: Mapping[str, tuple[np.dtype[Any], int]], told: Mapping[str, Any]
) -> None:
    places: dict[str, tuple[str, int, int]] = {}
    at = 0
    for name, (kind, count) in sizes.items():
        places[name] = (kind.str, at, count)
        at = _aligned(at + count * kind.itemsize)
    head = json.dumps({"told": told, "arrays": places}, ensure_ascii=False).encode()
    stream.write(MAGIC + len(head).to_bytes(8, "little") + head)
    _pad(stream)


def read_arrays(path: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    """The arrays, as read-only views of the file, and what was told; ValueError if damaged."""
    with path.open("rb") as stream:
        start = stream.read(len(MAGIC) + 8)
        if start[: len(MAGIC)] != MAGIC:
            raise ValueError(f"{path.name}: no file of arrays")
        size = int.from_bytes(start[len(MAGIC) :], "little")
        head = json.loads(stream.read(size))
    base = _aligned(len(start) + size)
    whole = np.memmap(path, dtype=np.uint8, mode="r")
    arrays: dict[str, Array] = {}
    for name, (dtype, at, count) in head["arrays"].items():
        length = np.dtype(dtype).itemsize * count
        arrays[name] = np.asarray(whole[base + at : base + at + length]).view(dtype)
    return arrays, head["told"]


def common(few: Array, many: Array) -> Array:
    """The numbers that stand in both of two rising arrays; quick when the first is short."""
    if not len(many):
        return many
    at = np.searchsorted(many, few)
    at[at == len(many)] = 0
    found: Array = few[many[at] == few]
    return found


def united(parts: Sequence[Array]) -> Array:
    """The numbers of several rising arrays of int64 as one, each once."""
    if len(parts) == 1:
        return parts[0]
    found = np.concatenate(parts) if parts else np.zeros(0, np.int64)
    found.sort(kind="stable")  # merges what is in order already
    new = np.ones(len(found), bool)
    np.not_equal(found[1:], found[:-1], out=new[1:])
    once: Array = found[new]
    return once


def _aligned(at: int) -> int:
    return -(-at // ALIGNMENT) * ALIGNMENT


def _pad(stream: Any) -> None:
    stream.write(b"\0" * (_aligned(stream.tell()) - stream.tell()))
