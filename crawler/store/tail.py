"""The end of a WARC file after a crash: what was half-written is cut off.

Every record is a gzip member of its own (ISO 28500, annex D), so a file can be cut after any
complete one. Readers of WARC files stumble over half a member; a killed writer leaves one.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

PIECE = 1 << 16


def cut_torn_tail(path: Path, named: int | None) -> int:
    """Cut a file after its last complete record; returns how many bytes went.

    `named` is the offset of the last record that the store names, which stays whatever is found
    there (None when it names none); a file that holds no complete record at all is taken away.
    """
    if not path.exists():
        return 0
    with path.open("r+b") as stream:
        if _is_locked(stream):
            return 0
        size = stream.seek(0, os.SEEK_END)
        whole = _end_of_whole(stream, named or 0)
        if named is not None and whole <= named:
            return 0
        if whole == size > 0:
            return 0  # nor is its time of change touched
        stream.truncate(whole)
        os.fsync(stream.fileno())
        if whole == 0:
            path.unlink()
    return size - whole


def is_being_written(path: Path) -> bool:
    """Whether another process, of any machine that shares the folder, has a file open."""
    with suppress(FileNotFoundError), path.open("r+b") as stream:
        return _is_locked(stream)
    return False


def _is_locked(stream: BinaryIO) -> bool:
    """Whether another process, of any machine that shares the folder, has the file open."""
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # no locks in this folder: whoever holds the run's lock is alone
        return False
    return False


def _end_of_whole(stream: BinaryIO, start: int) -> int:
    """Where the last complete gzip member ends, looked for from the beginning of one."""
    end = start
    while True:
        length = _member_at(stream, end)
        if length is None:
            return end
        end += length


def _member_at(stream: BinaryIO, offset: int) -> int | None:
    """The length of the complete gzip member at an offset; None when there is none."""
    stream.seek(offset)
    reader, raw, taken = zlib.decompressobj(31), b"", 0
    while not reader.eof:
        if not raw:
            raw = stream.read(PIECE)
            taken += len(raw)
        try:
            # What it unpacks to is not looked at: let it go piece by piece.
            plain = reader.decompress(raw, PIECE)
        except zlib.error:
            return None
        if not raw and not plain and not reader.eof:
            return None
        raw = reader.unconsumed_tail
    return taken - len(reader.unused_data)
