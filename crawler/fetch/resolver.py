"""Names are resolved here, and private addresses refused: nothing inside is ever asked.

Every host passes through it, literal addresses too, and what it answers is what is connected,
so that a name can't change its address between check and use.
"""

from __future__ import annotations

import ipaddress
from typing import Any, Self

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred

from crawler.fetch.reasons import Refused

PRIVATE_HOSTS = "JARSHY_PRIVATE_HOSTS"


class BlockedAddressError(Refused, OSError):
    """A host with an address of this machine or its network.

    Twisted hands it on as a name that could not be resolved.
    """


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    try:
        place = ipaddress.ip_address(address)
    except ValueError:
        return False
    return place.is_global and not place.is_multicast


class GuardResolver(CachingThreadedResolver):
    """Resolves like Scrapy's own, but refuses addresses that are not public.

    The hosts of sites with `allow_private_addresses` are named in the process's settings.
    """

    private_hosts: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        """Made once a process, with the process's settings."""
        made = super().from_crawler(crawler, reactor)
        made.private_hosts = frozenset(crawler.settings.getlist(PRIVATE_HOSTS))
        return made

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:
        """The IPv4 address of a host; fails with BlockedAddressError."""
        found = super().getHostByName(name, timeout)
        if name.lower().rstrip(".") not in self.private_hosts:
            found.addCallback(_checked, name)
        return found


def _checked(address: str, name: str) -> str:
    if not is_public(address):
        raise BlockedAddressError(f"{name} has the address {address}, which is not public")
    return address
