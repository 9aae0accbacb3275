"""Several processes behind one port: started, watched, started again, ended together.

One Python process answers one question at a time, however many threads it has; so the server
forks, and every process accepts connections from the same listening socket.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

END_WITHIN = 4.0  # seconds a process may take for the answers it is at
RESTART_AFTER = 1.0  # seconds, where a process died as soon as it was started
GIVE_WAY = 0.003  # seconds, to a process with fewer connections
_M_ARENA_MAX = -8  # malloc.h of glibc
_TOLD = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}


def save_memory() -> None:
    """Let threads share one heap (glibc), before there are any: each else keeps what it frees.

    Only one thread of a process works at a time, so they don't wait for each other. With eight
    threads and 50,000 articles a process takes 180 MB instead of 280.
    """
    with suppress(OSError, AttributeError, ValueError):  # another system, another library
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def can_fork() -> bool:
    """Whether this system can serve with more than one process."""
    return hasattr(os, "fork")


class Connections:
    """How many connections each process has open, in memory that all of them share."""

    def __init__(self, processes: int) -> None:
        self._counts = memoryview(mmap.mmap(-1, 4 * processes)).cast("I")

    def note(self, number: int, count: int) -> None:
        """A process has that many open."""
        self._counts[number] = count

    def is_busier(self, number: int) -> bool:
        """Whether another process has fewer connections than this one."""
        return self._counts[number] > min(self._counts)


class FairListener(socket.socket):
    """A listening socket, shared with other processes, of which the least busy accepts first.

    It takes over `listener`. `count` tells how many connections this process has open.
    """

    def __init__(self, listener: socket.socket, connections: Connections, number: int) -> None:
        super().__init__(fileno=listener.detach())
        self._connections = connections
        self._number = number
        self.count: Callable[[], int] = lambda: 0
        connections.note(number, 0)

    def accept(self) -> tuple[socket.socket, object]:
        """A new connection; BlockingIOError when another process took it."""
        self._connections.note(self._number, self.count())
        if self._connections.is_busier(self._number):
            time.sleep(GIVE_WAY)
        found = super().accept()
        self._connections.note(self._number, self.count() + 1)
        return found


class Processes:
    """Runs `work(number)` in processes 0, 1, ...; one that dies is started again."""

    def __init__(self, count: int, work: Callable[[int], None]) -> None:
        self._count = count
        self._work = work
        self._children: dict[int, tuple[int, float]] = {}  # number and start, by process id
        self._before: set[signal.Signals] = set()
        self._ours, self._theirs = -1, -1

    def run(self) -> None:
        """Until SIGTERM or SIGINT (Ctrl-C); then all processes are ended. For the main thread."""
        self._theirs, self._ours = os.pipe()
        before = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        self._before = set(map(signal.Signals, signal.pthread_sigmask(signal.SIG_BLOCK, _TOLD)))
        try:
            for number in range(self._count):
                self._start(number)
            while signal.sigwait(_TOLD) == signal.SIGCHLD:
                self._start_again()
        finally:
            self._end()
            os.close(self._ours)
            os.close(self._theirs)
            signal.pthread_sigmask(signal.SIG_SETMASK, self._before)
            signal.signal(signal.SIGCHLD, before)

    def _start(self, number: int) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        process = os.fork()
        if process:
            self._children[process] = number, time.monotonic()
        else:
            self._be_child(number)

    def _be_child(self, number: int) -> NoReturn:
        code = 1
        try:
            os.close(self._ours)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; one tells the others
            signal.signal(signal.SIGTERM, _leave)
            signal.pthread_sigmask(signal.SIG_SETMASK, self._before)
            threading.Thread(target=self._end_with_parent, daemon=True).start()
            self._work(number)
            code = 0
        except SystemExit:
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _end_with_parent(self) -> None:
        """The other end of the pipe closes when the first process dies, however it does."""
        os.read(self._theirs, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    def _start_again(self) -> None:
        for number, started in self._ended():
            time.sleep(RESTART_AFTER if time.monotonic() - started < RESTART_AFTER else 0)
            self._start(number)

    def _ended(self) -> list[tuple[int, float]]:
        """Numbers and starts of the processes that have ended since the last look."""
        gone = [one for one in self._children if os.waitpid(one, os.WNOHANG)[0]]
        return [self._children.pop(one) for one in gone]

    def _end(self) -> None:
        for process in self._children:
            os.kill(process, signal.SIGTERM)
        last = time.monotonic() + END_WITHIN
        while self._children and time.monotonic() < last:
            if not self._ended():
                time.sleep(0.02)
        for process in self._children:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _leave(_number: int, _frame: object) -> NoReturn:
    raise SystemExit
