"""What an index is made of: versions, the store's sequence, and the SHA-256 of every file."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from indexer.engines.syncing import sync
from indexer.errors import IndexOutdatedError

REMEDY = "Run `jarshy index --rebuild`; it makes the index anew from the store."
CHUNK = 1 << 20
REMEMBERED = 4_096  # files


@dataclass(frozen=True, slots=True)
class Manifest:
    """The facts of one state of an index; `files` maps names to (SHA-256 in hex, bytes)."""

    schema: str
    analysis: str
    engine: str
    engine_version: str
    sequence: int
    documents: int
    built_at: datetime
    files: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """The size of all files together."""
        return sum(size for _, size in self.files.values())


def _name(generation: int) -> str:
    return f"manifest-{generation}.json"


def write_manifest(folder: Path, generation: int, manifest: Manifest) -> None:
    """Write the manifest of a state that is about to become visible; atomic and on the disk.

    So are the names of all files in the folder then.
    """
    told: dict[str, Any] = {**asdict(manifest), "built_at": manifest.built_at.isoformat()}
    body = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
    check = hashlib.sha256(body.encode()).hexdigest()
    path = folder / _name(generation)
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as stream:
        stream.write(f"{check}\n{body}\n")
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
    sync(folder)


def read_manifest(folder: Path, generation: int) -> Manifest:
    """The manifest of a state; IndexOutdatedError when it is missing or damaged."""
    path = folder / _name(generation)
    try:
        check, _, body = path.read_text("utf-8").partition("\n")
        if hashlib.sha256(body.rstrip("\n").encode()).hexdigest() != check:
            raise ValueError("its own checksum is wrong")
        told = json.loads(body)
        files = {name: (digest, size) for name, (digest, size) in told.pop("files").items()}
        built_at = datetime.fromisoformat(told.pop("built_at"))
        return Manifest(**told, built_at=built_at, files=files)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexOutdatedError(f"{path}: cannot be read ({error})", REMEDY) from None


def forget_manifests(folder: Path, but: int) -> None:
    """Remove the manifests of the states before; a later one is another writer's."""
    for path in folder.glob("manifest-*.json"):
        number = path.stem.removeprefix("manifest-")
        if number.isdigit() and int(number) < but:
            path.unlink(missing_ok=True)


def digest_of(path: Path) -> tuple[str, int]:
    """SHA-256 in hex and size of a file."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def digest_once(path: Path) -> tuple[str, int]:
    """SHA-256 in hex and size of a file, which is read again only if it was written since.

    As a writer's process asks: files of an index are never changed, so what differs has another
    time or size.
    """
    told = path.stat()
    return _digest_once(path, (told.st_ino, told.st_size, told.st_mtime_ns))


@lru_cache(REMEMBERED)
def _digest_once(path: Path, _: tuple[int, int, int]) -> tuple[str, int]:
    return digest_of(path)


def check_files(
    folder: Path,
    manifest: Manifest,
    known: Mapping[str, tuple[str, int]],
    digest: Callable[[Path], tuple[str, int]] = digest_of,
) -> None:
    """Compare files with the manifest; IndexOutdatedError names one that differs.

    Files in `known` with the same digest were checked before and are not read again.
    """
    for name, expected in manifest.files.items():
        if known.get(name) == expected:
            continue
        path = folder / name
        try:
            found = digest(path)
        except OSError as error:
            message = f"{path}: cannot be read ({error.strerror})"
            raise IndexOutdatedError(message, REMEDY) from None
        if found != expected:
            raise IndexOutdatedError(f"{path}: is damaged, its checksum is wrong", REMEDY)
