"""Proof of death: a file of the data folder for each lease, locked while its process lives.

The kernel lets go of such a lock (flock(2)) whatever ends the process, and of none whose process
merely sleeps. Host and number of a process would prove nothing: numbers are used again, are 1 in
every container, say nothing to another container, and containers may share the name of a host.

An unlocked file proves nothing where the lock never was: in a copy of the folder, a clone of the
disk, on another machine. So each notes the kernel that holds its lock and the file that it is
there; elsewhere, and after the machine was started anew, a lease ends by its time.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = "leases"
MOST_BYTES = 1_000_000
# A number that Linux draws when it starts (random(4)), the same in all its containers.
BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a process took: under which name of its own, and the numbers of the names taken."""

    holder: str
    tokens: Mapping[str, int]


class Lifeline:
    """Shows whoever has the same data folder that the process which took a lease lives."""

    def __init__(self, data: Path, taken: Taken) -> None:
        """Raises OSError when the folder does not take the file."""
        folder = data / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        self._path = folder / f"{secrets.token_hex(8)}.json"
        fresh = self._path.with_suffix(".new")
        handle = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        self._handles = [handle]
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            os.write(handle, json.dumps({**asdict(taken), "file": _mark(handle)}).encode())
            # Whoever finds it by its name finds it locked and whole.
            fresh.rename(self._path)
        except OSError:
            fresh.unlink(missing_ok=True)
            self.cut()
            raise

    def cut(self) -> None:
        """Take the file away, as the lease was given back or lost."""
        with suppress(IndexError):
            # Before the lock is let go, and once only, whatever thread comes first.
            handle = self._handles.pop()
            self._path.unlink(missing_ok=True)
            os.close(handle)


def the_dead(data: Path) -> Iterator[Taken]:
    """What processes had taken that ended without giving it back.

    Each is forgotten when the next one is asked for, unless something was raised meanwhile.
    """
    for path in sorted((data / FOLDER).glob("*.json")):
        with suppress(OSError):
            handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # One that was cut between the two lines above has no name any more.
                if os.fstat(handle).st_nlink:
                    yield from _told(os.read(handle, MOST_BYTES), _mark(handle))
                    path.unlink(missing_ok=True)
            finally:
                os.close(handle)


def _mark(handle: int) -> str:
    """Which file this is, on which kernel: a copy has another number, a clone another kernel."""
    boot = ""
    with suppress(OSError):
        boot = BOOT.read_text("ascii").strip()
    file = os.fstat(handle)
    return f"{boot} {file.st_dev} {file.st_ino}"


def _told(raw: bytes, mark: str) -> Iterator[Taken]:
    # Empty or half of it after a power cut: then the lease ends by its time.
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        told = json.loads(raw)
        tokens = {str(name): int(token) for name, token in told["tokens"].items()}
        if told["file"] == mark:
            yield Taken(str(told["holder"]), tokens)
