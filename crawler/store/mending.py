"""Mending the files that killed writers left torn in a WARC folder, without reading all anew.

A note in the folder says when it was looked at last, by the clock of its file system, and which
files were being written then. All others that have not changed since are whole: a file's time of
change (st_ctime) is set by the system alone, and a copy of a file gets one of its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from crawler.store.tail import cut_torn_tail, is_being_written

NOTE = ".mended"
# How coarse the times of a file system may be, in nanoseconds.
COARSE = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Looked:
    """When a folder was looked at (ns of its file system's clock), which files were written."""

    at: int = 0
    writing: frozenset[str] = frozenset()


def mend_folder(
    folder: Path, files: Sequence[Path], named: Callable[[Sequence[str]], Mapping[str, int]]
) -> int:
    """Cut off what is half-written at the end of files that nobody writes; bytes that went.

    `named` gives the offset of the last record that the store names, for files that have one.
    """
    if not files:
        return 0
    began = _clock_of(folder)
    doubtful = in_doubt(files, looked_at(folder))
    writing = [path.name for path in doubtful if is_being_written(path)]
    torn = [path for path in doubtful if path.name not in writing]
    ends = named([path.name for path in torn]) if torn else {}
    gone = sum(cut_torn_tail(path, ends.get(path.name)) for path in torn)
    with suppress(OSError):  # a folder that takes no note is looked at wholly the next time
        fresh = _fresh(folder)
        fresh.write_text(json.dumps({"at": began, "writing": writing}), "utf-8")
        fresh.replace(folder / NOTE)
    return gone


def _clock_of(folder: Path) -> int:
    """What time it is where the files are, which may be another machine; 0 when it won't say."""
    with suppress(OSError):
        fresh = _fresh(folder)
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        return fresh.stat().st_ctime_ns
    return 0


def _fresh(folder: Path) -> Path:
    return folder / f"{NOTE}-{os.getpid()}.new"


def in_doubt(files: Sequence[Path], looked: Looked) -> list[Path]:
    """The files that may be torn: changed since they were looked at, or being written then."""
    found = []
    for path in files:
        with suppress(FileNotFoundError):
            if path.name in looked.writing or path.stat().st_ctime_ns > looked.at - COARSE:
                found.append(path)
    return found


def looked_at(folder: Path) -> Looked:
    """What the note of a folder says; without one, or with half of one, all is in doubt."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        told = json.loads((folder / NOTE).read_text("utf-8"))
        return Looked(int(told["at"]), frozenset(map(str, told["writing"])))
    return Looked()
