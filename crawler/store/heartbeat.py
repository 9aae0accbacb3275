"""Keeping leases while the work goes on: a thread renews them, three times in their length."""

from __future__ import annotations

import _thread
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from crawler.errors import LeaseLostError, LockedError, StoreError
from crawler.store.leases import Lease, LeaseTable
from crawler.store.store import Store

BEATS = 3
LEASE_SECONDS = 300.0
SOON = 1.0  # seconds until what failed is tried again
STEP = 0.2  # seconds from one try to the next
SITE = "site:"
AGAIN = "Run the command again."
log = logging.getLogger(__name__)
ELSE = "Wait for it to end, or look at `jarshy status`."


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
        pause = self._seconds / BEATS
        while not self._over.wait(pause):
            with self._changing:
                held = list(self._held)
            well = [self._renew(lease) for lease in held]
            # A lease that can't be renewed in time ends by its clock.
            pause = self._seconds / BEATS
            pause = pause if all(well) else min(SOON, pause)
            for lease in held:
                if not lease.is_alive:
                    self.drop(lease)
                    self._lost(lease)

    def _renew(self, lease: Lease) -> bool:
        """Whether that went well. Whatever it was that did not: the thread must not die of it."""
        try:
            self._table.renew([lease])
        except Exception as error:
            names = ", ".join(sorted(lease.tokens))
            log.warning("The lease of %s could not be renewed: %s", names, error)
            return False
        return True


def own_name() -> str:
    """How this process calls itself among the workers: its machine and number."""
    return f"{socket.gethostname()}-{os.getpid()}"


@contextmanager
def alone(
    store: Store,
    names: Collection[str],
    seconds: float = LEASE_SECONDS,
    patience: float = 0.0,
    told: Callable[[str], None] = lambda _: None,
) -> Iterator[Store]:
    """Do something that one machine at a time may do; gives the store to do it with.

    `names` are what is held, all or none: `index`, `site:<id>`. Others get `patience` seconds to
    end; `told` hears whom is waited for. With a store in a file this is the store itself: the
    lock of the folder is enough. Raises LockedError when another machine is at it, LeaseLostError
    when it was lost on the way.
    """
    if not store.is_shared:
        yield store
        return
    store.cut_off_after(seconds)
    lease = _taken(store, names, seconds, patience, told)
    lost = LeaseLostError(f"The lease of {_in_words(names)} was lost on the way", AGAIN)
    try:
        with Heartbeat(store.leases, seconds, lambda _: _thread.interrupt_main()) as heartbeat:
            heartbeat.keep(lease)
            yield store.fenced(lease)
    except LeaseLostError:
        raise lost from None
    except (KeyboardInterrupt, StoreError):
        # Interrupted in a query, the driver may complain of its connection instead.
        if lease.is_alive:
            raise
        raise lost from None
    finally:
        if lease.is_alive:
            store.leases.give_back(lease)


def _taken(
    store: Store,
    names: Collection[str],
    seconds: float,
    patience: float,
    told: Callable[[str], None],
) -> Lease:
    store.leases.name(names)
    until = time.monotonic() + patience
    is_told = False
    while True:
        store.leases.free_the_dead()
        lease = store.leases.take(names, own_name(), seconds)
        if lease is not None:
            return lease
        message = _at_work(store, names)
        left = until - time.monotonic()
        if left <= 0:
            raise LockedError(message, ELSE)
        if not is_told:
            told(f"{message}; waiting up to {patience:g} s.")
            is_told = True
        time.sleep(min(STEP, left))


def _at_work(store: Store, names: Collection[str]) -> str:
    held = {one.name: one.holder for one in store.leases.held() if one.name in names}
    # None is held any more where the other one has ended just now.
    return f"{', '.join(sorted(set(held.values()))) or 'another'} is at work on {_in_words(held)}"


def _in_words(names: Collection[str]) -> str:
    sites = sorted(name.removeprefix(SITE) for name in names if name.startswith(SITE))
    if sites:
        return f"the site {sites[0]}" if len(sites) == 1 else f"the sites {', '.join(sites)}"
    return "the index" if "index" in names else "the same"
