"""One run at a time in a data folder; the kernel frees the lock whatever ends the run."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.errors import LockedError
from crawler.store.folder import usable_folder


@contextmanager
def run_lock(data: Path) -> Iterator[None]:
    """Hold the folder's lock; raises LockedError at once when another process has it.

    Raises StoreError when the folder can't be used.
    """
    usable_folder(data)
    handle = os.open(data / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 32).decode("ascii", "replace").strip() or "unknown"
            message = f"Another run (process {holder}) is at work in {data}"
            raise LockedError(message, "Wait for it to end, or look at `jarshy status`.") from None
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)
