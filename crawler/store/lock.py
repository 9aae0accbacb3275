"""One run at a time in a data folder; the kernel frees the lock whatever ends the run."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.errors import LockedError
from crawler.store.folder import usable_folder

# A run that was killed takes its crawling process along, but not in the same instant.
DYING_SECONDS = 0.4
_held: list[int] = []


@contextmanager
def run_lock(data: Path) -> Iterator[None]:
    """Hold the folder's lock; raises LockedError at once when another process has it.

    Processes that are started with `held_locks()` hold it as well, to their own end. Raises
    StoreError when the folder can't be used.
    """
    usable_folder(data)
    handle = os.open(data / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(handle, data)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        _held.append(handle)
        yield
    finally:
        if handle in _held:
            _held.remove(handle)
        os.close(handle)


def held_locks() -> tuple[int, ...]:
    """The file descriptors of the locks that this process holds, for a child to inherit."""
    return tuple(_held)


def _take(handle: int, data: Path) -> None:
    deadline = time.monotonic() + DYING_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
            if lives(holder) or time.monotonic() > deadline:
                message = f"Another run (process {holder}) is at work in {data}"
                remedy = "Wait for it to end, or look at `jarshy status`."
                raise LockedError(message, remedy) from None
            time.sleep(0.02)


def lives(holder: str) -> bool:
    """Whether a process of that number runs; a number that says nothing counts as one."""
    if not holder.isdigit():
        return True
    try:
        os.kill(int(holder), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True
