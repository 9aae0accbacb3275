"""Raw pages as WARC files (ISO 28500): request and response, fsynced before they are named."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.errors import StoreError
from crawler.model import Capture

ROTATE_BYTES = 1_000_000_000
SOFTWARE = "Jarshy"
SAFE = "everything stored before is safe."
FULL = f"Free some disk space; {SAFE}"
CLOSED = f"Let this user write there, or name another folder: warc in jarshy.toml; {SAFE}"
LOST = "Does this machine see the WARC files of the others (warc in jarshy.toml)? Else restore it."
# About as large as a page, so that the last bytes of a disk don't count as room.
TRIED = bytes(1 << 16)


class LostFileError(StoreError):
    """A WARC file that the store names is not there."""


@dataclass(frozen=True, slots=True)
class WarcLocation:
    """Where a response record stands: file name inside the WARC folder, byte offset."""

    file: str
    offset: int


class WarcArchive:
    """The WARC files of a data folder; appends to one file at a time, opened when needed."""

    def __init__(self, folder: Path, rotate_bytes: int = ROTATE_BYTES, writer: str = "") -> None:
        self.folder = folder
        self.rotate_bytes = rotate_bytes
        self._writer = writer
        self._stream: BinaryIO | None = None
        self._path: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file being written; the next write opens a new one."""
        if self._stream is not None:
            self._stream.close()
        self._stream = None

    def files(self) -> list[Path]:
        """The WARC files of the folder, by name."""
        return sorted(self.folder.glob("*.warc.gz"))

    def try_out(self) -> None:
        """Raise StoreError where a page could not be kept; what is written for it goes again."""
        path = self.folder / f"{new_name('try')}.tmp"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                with path.open("xb") as stream:
                    stream.write(TRIED)
                    stream.flush()
                    os.fsync(stream.fileno())
            finally:
                path.unlink(missing_ok=True)
        except OSError as error:
            message = f"{self.folder}: raw pages cannot be written there ({error.strerror})"
            raise StoreError(message, _remedy(error)) from error

    def write(self, capture: Capture, request_headers: tuple[tuple[str, str], ...]) -> WarcLocation:
        """Append request and response, flush them to the disk and say where they stand.

        Raises StoreError when the disk can't take them; a half-written record is cut off.
        """
        stream, path = self._open()
        start = stream.tell()
        try:
            offset = write_records(stream, capture, request_headers)
            stream.flush()
            os.fsync(stream.fileno())
        except OSError as error:
            self._cut(stream, start)
            message = f"{path}: cannot be written ({error.strerror})"
            raise StoreError(message, _remedy(error)) from error
        if stream.tell() >= self.rotate_bytes:
            self.close()
        return WarcLocation(path.name, offset)

    def read(self, location: WarcLocation) -> Capture:
        """The capture at a location; StoreError when it is not there or damaged."""
        path = self.folder / Path(location.file).name
        return read_record(lambda: path.open("rb"), location.offset, str(path))

    def _open(self) -> tuple[BinaryIO, Path]:
        if self._stream is None or self._path is None:
            self._path = self.folder / f"{new_name(self._writer)}.warc.gz"
            try:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._stream = _made(self._path)
                _sync_folder(self.folder)
                write_head(self._stream, self._path.name)
            except OSError as error:
                if self._stream is not None:
                    self._cut(self._stream, 0)
                self._path.unlink(missing_ok=True)
                message = f"{self._path}: cannot be made ({error.strerror})"
                raise StoreError(message, _remedy(error)) from error
        return self._stream, self._path

    def _cut(self, stream: BinaryIO, length: int) -> None:
        """Drop what a failed write left, so that the file stays readable."""
        self._stream = None
        try:
            os.ftruncate(stream.fileno(), length)
        finally:
            # What is still buffered would follow when the stream is closed, if there is room then.
            with Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), stream.fileno())
            stream.close()


def _remedy(error: OSError) -> str:
    return FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else CLOSED


def new_name(writer: str) -> str:
    """A name for a new file: when, and by whom it was begun."""
    stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")
    return f"jarshy-{stamp}-{writer}-{os.getpid()}" if writer else f"jarshy-{stamp}-{os.getpid()}"


def _made(path: Path) -> BinaryIO:
    """A new file, locked for as long as it is open: who mends torn files leaves it alone."""
    while True:
        stream = path.open("xb")
        with suppress(OSError):  # a folder of another machine may know no locks
            fcntl.flock(stream, fcntl.LOCK_EX)
        if os.fstat(stream.fileno()).st_nlink:
            return stream
        stream.close()  # it was taken away, empty, before it was locked


def write_head(stream: BinaryIO, name: str) -> None:
    """Begin a WARC file with the record that tells what it is."""
    writer = WARCWriter(stream, gzip=True)
    info = {"software": SOFTWARE, "format": "WARC File Format 1.0"}
    writer.write_record(writer.create_warcinfo_record(name, info))


def write_records(
    stream: BinaryIO,
    capture: Capture,
    request_headers: tuple[tuple[str, str], ...],
) -> int:
    """Append request and response; the offset of the response."""
    writer = WARCWriter(stream, gzip=True)
    offset = stream.tell()
    response = writer.create_warc_record(
        capture.url,
        "response",
        payload=io.BytesIO(capture.body),
        length=len(capture.body),
        warc_headers_dict={"WARC-Date": _warc_date(capture.fetched_at)},
        http_headers=StatusAndHeaders(
            f"{capture.status} -", _decoded(capture), protocol="HTTP/1.1"
        ),
    )
    request = writer.create_warc_record(
        capture.url,
        "request",
        warc_headers_dict={
            "WARC-Date": _warc_date(capture.fetched_at),
            "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID"),
        },
        http_headers=_request_head(capture.url, request_headers),
    )
    writer.write_record(response)
    writer.write_record(request)
    return offset


def _sync_folder(folder: Path) -> None:
    """Make a new file's name survive a power cut, not its bytes alone."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_record(open_file: Callable[[], BinaryIO], offset: int, place: str) -> Capture:
    """The response at an offset of a file; StoreError, naming the place, when there is none."""
    try:
        with open_file() as stream:
            stream.seek(offset)
            record = next(iter(ArchiveIterator(stream, check_digests=True)))
            return _capture(record, place)
    except FileNotFoundError as error:
        raise LostFileError(f"{place}: is not there", LOST) from error
    except (
        OSError,
        StopIteration,
        ArchiveLoadFailed,
        EOFError,
        ValueError,
        AttributeError,  # warcio's own, where a record breaks off inside its head
        zlib.error,
    ) as error:
        message = f"{place}: no readable record at byte {offset} ({error})"
        raise StoreError(message, "Restore the file from a back-up.") from error


def _request_head(url: str, headers: tuple[tuple[str, str], ...]) -> StatusAndHeaders:
    parts = urlsplit(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    told = [(key, _one_line(value)) for key, value in headers if key.lower() != "host"]
    line = f"GET {target} HTTP/1.1"
    return StatusAndHeaders(line, [("Host", parts.netloc), *told], is_http_request=True)


def _warc_date(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _decoded(capture: Capture) -> list[tuple[str, str]]:
    """Response headers true to the decoded body: encoding and length are renamed, kept."""
    changed = {"content-encoding", "content-length", "transfer-encoding"}
    renamed = [
        (f"X-Crawler-{key}" if key.lower() in changed else key, _one_line(value))
        for key, value in capture.headers
    ]
    return [*renamed, ("Content-Length", str(len(capture.body)))]


def _one_line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")


def _capture(record: ArcWarcRecord, path: str) -> Capture:
    headers = record.http_headers
    if record.rec_type != "response" or headers is None:
        raise StoreError(f"{path}: the record found is no response")
    body = record.content_stream().read()
    checker = getattr(record, "digest_checker", None)
    if checker is not None and checker.passed is False:
        raise StoreError(f"{path}: a record's digest is wrong", "Restore it from a back-up.")
    return Capture(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
        status=int(headers.get_statuscode()),
        headers=tuple((key, value) for key, value in headers.headers),
        body=body,
    )
