"""Where raw pages are kept: the data folder, a folder that machines share, or a storage."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from crawler.errors import ConfigError
from crawler.model import Capture
from crawler.store.depot import WarcDepot
from crawler.store.place import warc_address
from crawler.store.warc import WarcArchive, WarcLocation

FORM = "Write it as s3://bucket/prefix or file:///folder, or leave it out for the data folder."


class Archive(Protocol):
    """Keeps raw pages; what it has taken is safe."""

    @property
    def folder(self) -> Path | None:
        """The folder of the files, where they are files of this machine."""

    def files(self) -> list[Path]:
        """The files of that folder, by name."""

    def try_out(self) -> None:
        """Raise StoreError where a page could not be kept."""

    def write(self, capture: Capture, request_headers: tuple[tuple[str, str], ...]) -> WarcLocation:
        """Keep a page; where it is."""

    def read(self, location: WarcLocation) -> Capture:
        """A page that was kept."""

    def close(self) -> None:
        """Finish what is open."""


def archive_at(data: Path, writer: str = "") -> Archive:
    """The archive that the environment names (JARSHY_WARC), else the data folder's own.

    `writer` goes into the names of files. Raises ConfigError for an address that can't be used,
    StoreError where the package that reads it is not installed.
    """
    told = warc_address()
    if not told:
        return WarcArchive(data / "warc", writer=writer)
    parts = urlsplit(told)
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return WarcArchive(Path(unquote(parts.path)), writer=writer)
    if parts.scheme in ("", "file") or "://" not in told or "@" in parts.netloc:
        raise ConfigError(f"warc (JARSHY_WARC or jarshy.toml): {parts.path}: no address", FORM)
    return WarcDepot(told.rstrip("/"), writer)
