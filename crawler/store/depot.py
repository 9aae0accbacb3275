"""WARC records in a storage of other machines (S3-compatible or any that fsspec knows).

Objects can't be appended to, and what the store names must be safe: each capture becomes a file of
its own, in a folder a day. Joined in the order of their names (`cat`), a day's files are one valid
WARC file again, as every record is a gzip member of its own (ISO 28500, annex D).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from crawler.errors import ConfigError, StoreError
from crawler.model import Capture
from crawler.store.warc import WarcLocation, new_name, read_record, write_head, write_records

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

MISSING = ".venv/bin/pip install --require-hashes --no-deps -r requirements-postgres.lock"
ABOUT = "Is it there, and may this user read and write it (docs/scale.md)?"
# How much is read at once: a page with its headers mostly fits.
BLOCK = 1 << 17
# Written before a crawl, always over itself: to delete it would need one right more.
TRIED = "jarshy-can-write.txt"


class WarcDepot:
    """WARC files behind an address such as `s3://bucket/prefix`; like WarcArchive, but remote."""

    def __init__(self, address: str, writer: str = "") -> None:
        self._address = address
        self._writer = writer
        self._numbers = count(1)
        self._files, root = _file_system(address)
        self._root = root.rstrip("/")
        self.folder: Path | None = None

    def close(self) -> None:
        """Nothing is open between two records."""

    def files(self) -> list[Path]:
        """No file can be half-written here, so there is none to mend."""
        return []

    def try_out(self) -> None:
        """Raise StoreError where a page could not be kept; leaves a file of a few bytes."""
        with _plainly(f"{self._address}: raw pages cannot be written there"):
            self._files.pipe_file(f"{self._root}/{TRIED}", b"Jarshy can write here.\n")

    def write(self, capture: Capture, request_headers: tuple[tuple[str, str], ...]) -> WarcLocation:
        """Store request and response and say where they are; StoreError when that fails."""
        day = datetime.now(UTC).strftime("%Y/%m/%d")
        name = f"{day}/{new_name(self._writer)}-{next(self._numbers):06}.warc.gz"
        packed = io.BytesIO()
        write_head(packed, name.rpartition("/")[2])
        offset = write_records(packed, capture, request_headers)
        place = f"{self._root}/{name}"
        with _plainly(f"{self._address}/{name}: cannot be written"):
            self._files.pipe_file(place, packed.getvalue())
        return WarcLocation(name, offset)

    def read(self, location: WarcLocation) -> Capture:
        """The capture at a location; StoreError when it is not there or damaged."""
        place = f"{self._root}/{_inside(location.file)}"
        told = f"{self._address}/{location.file}"
        with _plainly(f"{told}: cannot be read"):
            return read_record(self._opener(place), location.offset, told)

    def _opener(self, place: str) -> Callable[[], BinaryIO]:
        def opened() -> BinaryIO:
            file: Any = self._files.open(place, "rb", block_size=BLOCK, cache_type="readahead")
            return file  # type: ignore[no-any-return]

        return opened


def _inside(file: str) -> str:
    """The place of a file below the prefix, whatever the store says."""
    return "/".join(part for part in file.split("/") if part not in ("", ".", ".."))


def _file_system(address: str) -> tuple[AbstractFileSystem, str]:
    try:
        from fsspec.core import url_to_fs
    except ModuleNotFoundError:
        raise StoreError("warc: fsspec is not installed", f"Install it: {MISSING}") from None
    try:
        # A bucket that is not there is a mistake; a folder of a day is made.
        folders = {"auto_mkdir": True} if address.startswith("local:") else {}
        files, root = url_to_fs(address, **folders)
    except (ValueError, ImportError) as error:
        message = f"warc (JARSHY_WARC or jarshy.toml): {address}: {error}"
        raise ConfigError(message, "Install the package it names, or mend the address.") from None
    return files, str(root)


@contextmanager
def _plainly(what: str) -> Iterator[None]:
    """Tell what a storage says in one line: each library has errors of its own."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        said = " ".join(str(error).split())[:300] or type(error).__name__
        raise StoreError(f"{what} ({said})", ABOUT) from error
