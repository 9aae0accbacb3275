"""Keeping leases while the work goes on: a thread renews them, three times in their length."""

from __future__ import annotations

import _thread
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self

from crawler.errors import LeaseLostError, LockedError, StoreError
from crawler.store.leases import Lease, LeaseTable
from crawler.store.store import Store

BEATS = 3
LEASE_SECONDS = 300.0


class Heartbeat:
    """Renews what it is given while the `with` block runs; `lost` is called once for a lease."""

    def __init__(
        self, table: LeaseTable, seconds: float, lost: Callable[[Lease], None] = lambda _: None
    ) -> None:
        self._table = table
        self._seconds = seconds
        self._lost = lost
        self._held: list[Lease] = []
        self._changing = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        self._over.set()
        # A database that does not answer must not keep the program from ending.
        self._thread.join(self._seconds)

    def keep(self, lease: Lease) -> None:
        """Renew a lease from now on."""
        with self._changing:
            self._held.append(lease)

    def drop(self, lease: Lease) -> None:
        """Renew it no more."""
        with self._changing:
            if lease in self._held:
                self._held.remove(lease)

    def _beat(self) -> None:
        while not self._over.wait(self._seconds / BEATS):
            with self._changing:
                held = list(self._held)
            # Tried again soon; a lease that can't be renewed in time ends by its clock.
            with suppress(StoreError):
                self._table.renew(held)
            for lease in held:
                if not lease.is_alive:
                    self.drop(lease)
                    self._lost(lease)


def own_name() -> str:
    """How this process calls itself among the workers: its machine and number."""
    return f"{socket.gethostname()}-{os.getpid()}"


@contextmanager
def alone(store: Store, name: str, seconds: float = LEASE_SECONDS) -> Iterator[Store]:
    """Do something that one machine at a time may do; gives the store to do it with.

    With a store in a file this is the store itself: the lock of the folder is enough. Raises
    LockedError when another machine is at it, LeaseLostError when it was lost on the way.
    """
    if not store.is_shared:
        yield store
        return
    store.leases.name([name])
    lease = store.leases.take([name], own_name(), seconds)
    if lease is None:
        raise LockedError(*_at_work(store, name))
    try:
        with Heartbeat(store.leases, seconds, lambda _: _thread.interrupt_main()) as heartbeat:
            heartbeat.keep(lease)
            yield store.fenced(lease)
    except KeyboardInterrupt:
        if lease.is_alive:
            raise
        message = f"The lease of {name} was lost on the way"
        raise LeaseLostError(message, "Run the command again.") from None
    finally:
        if lease.is_alive:
            store.leases.give_back(lease)


def _at_work(store: Store, name: str) -> tuple[str, str]:
    holder = next((one.holder for one in store.leases.held() if one.name == name), "another")
    return f"{holder} is at work on the {name}", "Wait for it to end, or look at `jarshy status`."
