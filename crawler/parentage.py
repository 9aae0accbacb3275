"""What a child process owes its parent: to end with it, and to tell how much memory it took."""

from __future__ import annotations

import ctypes
import os
import signal
from pathlib import Path


def die_with_parent() -> None:
    """Ask the kernel for SIGKILL when the parent dies (Linux; prctl(2), PR_SET_PDEATHSIG).

    Where that is not to be had, the end of the input does the same, a little later.
    """
    try:
        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        return


def stop_with_parent() -> None:
    """Wait for the end of the input, which comes when the parent dies."""
    while os.read(0, 4096):
        pass
    os._exit(1)


def peak_memory() -> int:
    """The most memory this process had, in MB; 0 where the kernel does not tell."""
    try:
        told = Path("/proc/self/status").read_text("ascii")
    except OSError:
        return 0
    return next((int(row.split()[1]) // 1024 for row in told.splitlines() if "VmHWM" in row), 0)
