"""Which site is crawled next: out of a list, or out of what all crawling machines share.

A shared site is taken with a lease on itself and on its hosts, so that each host is asked by one
crawl only, on however many machines: what its own manners promise holds for all of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crawler.errors import StoreError
from crawler.scheduling import due_sites, is_due
from crawler.sites import Site
from crawler.store.heartbeat import Heartbeat
from crawler.store.leases import Lease
from crawler.store.store import Store


@dataclass(frozen=True, slots=True)
class Assignment:
    """A site to crawl: into which store, as part of which run, and under which lease."""

    site: Site
    store: Store
    run_id: int
    lease: Lease | None = None

    @property
    def is_lost(self) -> bool:
        """Whether the site has gone to another worker."""
        return self.lease is not None and not self.lease.is_alive


class Sites(Protocol):
    """Gives out sites one at a time."""

    def next(self) -> Assignment | None:
        """The next site; None when there is none at present."""

    def done(self, assignment: Assignment) -> None:
        """A site's crawl has ended."""

    def end(self) -> None:
        """Give out no more."""

    def close(self) -> None:
        """Free what was given out, at the very end."""


class Listed:
    """The sites of a list, each once."""

    def __init__(self, sites: Iterable[Site], store: Store, run_id: int) -> None:
        self._waiting = deque(sites)
        self._store = store
        self._run_id = run_id

    def next(self) -> Assignment | None:
        """The next of the list."""
        if not self._waiting:
            return None
        return Assignment(self._waiting.popleft(), self._store, self._run_id)

    def done(self, assignment: Assignment) -> None:
        """Nothing to give back."""

    def end(self) -> None:
        """Forget the rest."""
        self._waiting.clear()

    def close(self) -> None:
        """Nothing was taken from others."""


@dataclass(frozen=True, slots=True)
class Share:
    """How a crawl shares sites with others.

    `worker` names it, `seconds` is the length of a lease; with `only_due` a site is crawled if
    it is due at the moment it is taken, else in any case.
    """

    worker: str
    seconds: float
    only_due: bool = True


class Shared:
    """Sites that other machines crawl as well; each is given out once."""

    def __init__(
        self,
        sites: Sequence[Site],
        store: Store,
        run_id: int,
        share: Share,
        now: Callable[[], datetime],
    ) -> None:
        self._sites = {site.id: site for site in sites}
        self._names = {site.id: lease_names(site) for site in sites}
        self._store = store
        self._run_id = run_id
        self._share = share
        self._now = now
        self._held: list[Assignment] = []
        store.leases.name({name for names in self._names.values() for name in names})
        self._heartbeat = Heartbeat(store.leases, share.seconds)
        self._heartbeat.__enter__()
        self._waiting = due_sites(sites, store, now()) if share.only_due else list(sites)

    def next(self) -> Assignment | None:
        """The first site that nobody holds, of a host that nobody asks."""
        self._store.leases.free_the_dead()
        taken = {one.name for one in self._store.leases.held()}
        for site in list(self._waiting):
            if taken.isdisjoint(self._names[site.id]):
                found = self._take(site)
                if found is not None:
                    return found
        return None

    def _take(self, site: Site) -> Assignment | None:
        leases, share = self._store.leases, self._share
        lease = leases.take(self._names[site.id], share.worker, share.seconds)
        if lease is None:
            return None
        self._waiting.remove(site)
        try:
            is_wanted = not share.only_due or is_due(site, self._store, self._now())
        except BaseException:
            with suppress(StoreError):
                leases.give_back(lease)
            raise
        if not is_wanted:
            # Another worker was done with it since the list was made.
            leases.give_back(lease)
            return None
        self._heartbeat.keep(lease)
        assignment = Assignment(site, self._store.fenced(lease), self._run_id, lease)
        self._held.append(assignment)
        return assignment

    def done(self, assignment: Assignment) -> None:
        """Free the site for others."""
        self._held.remove(assignment)
        if assignment.lease is not None:
            self._heartbeat.drop(assignment.lease)
            self._store.leases.give_back(assignment.lease)

    def end(self) -> None:
        """Take no more; what is under way stays held."""
        self._waiting.clear()

    def close(self) -> None:
        """Give everything back."""
        # Where the database is away, the leases end by themselves.
        with suppress(StoreError):
            for assignment in list(self._held):
                self.done(assignment)
        self._heartbeat.__exit__(None, None, None)


def free_sites(sites: Sequence[Site], store: Store, now: datetime) -> list[Site]:
    """The sites that are due and that nobody crawls now, on any machine."""
    store.leases.free_the_dead()
    taken = {one.name for one in store.leases.held()}
    return [site for site in due_sites(sites, store, now) if taken.isdisjoint(lease_names(site))]


def lease_names(site: Site) -> tuple[str, ...]:
    """What must be held to crawl a site: itself, and every host that its crawl may ask."""
    hosts = {host.removeprefix("www.") for host in site.allowed_hosts}
    return (f"site:{site.id}", *(f"host:{host}" for host in sorted(hosts)))
