"""The nodes of the cluster as this process knows them: which is asked next, which are there."""

from __future__ import annotations

import json
import logging
import random
import ssl
import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import SerializationError, TransportError

from crawler.errors import ConfigError
from indexer.engines.opensearch.errors import no_search_engine, refusal, unreachable
from indexer.engines.opensearch.settings import ENVIRONMENT, ClusterSettings

CONNECTIONS = 16
LOOK = 0.7  # seconds for a node to say that it is there: it only tells its name
REST = 30.0  # seconds after which a node that failed is looked at again
AWAY = (502, 503, 504)  # answers of a node, or of a proxy before it, that can't answer

# The client logs every failed try with its traceback; what counts is told when all have failed.
logging.getLogger("opensearch").setLevel(logging.ERROR)


@dataclass(eq=False, slots=True)
class Node:
    """One address of `urls`; `failed` is when it gave no answer, 0 while it is well."""

    url: str
    urls: tuple[str, ...]
    client: OpenSearch
    failed: float = 0.0

    def ask(self, method: str, path: str, body: Any, params: dict[str, Any], seconds: float) -> Any:
        """The answer of this node, asked once; raises SearchError."""
        asked = {**params, "request_timeout": seconds}
        try:
            told = self.client.transport.perform_request(method, path, params=asked, body=body)
        except NoConnection as error:
            self.failed = time.monotonic()
            raise unreachable(self.urls, str(error.error)[:200]) from None
        except TransportError as error:
            status = error.status_code if isinstance(error.status_code, int) else 500
            self.failed = time.monotonic() if status in AWAY else 0.0
            raise refusal((self.url,), status, error.info or error.error) from None
        except (SerializationError, json.JSONDecodeError):
            raise no_search_engine(self.url) from None
        self.failed = 0.0
        return told

    def is_there(self, seconds: float = LOOK) -> bool:
        """Whether it answers at all, be it with a refusal."""
        try:
            self.client.transport.perform_request("GET", "/", params={"request_timeout": seconds})
        except NoConnection:
            self.failed = time.monotonic()
            return False
        except (TransportError, SerializationError, json.JSONDecodeError):
            return True
        self.failed = 0.0
        return True


@dataclass(slots=True)
class Nodes:
    """All addresses of the cluster."""

    nodes: list[Node]
    _turn: count[int] = field(default_factory=count)

    @classmethod
    def of(cls, settings: ClusterSettings) -> Nodes:
        """Connections to all nodes, in an order of chance: not all processes begin with one."""
        nodes = [Node(url, settings.urls, _connected(settings, url)) for url in settings.urls]
        random.shuffle(nodes)
        return cls(nodes)

    def next(self) -> Node:
        """The node to ask: the well ones in turn; when none is, the one that failed first."""
        self._look_at_rested()
        well = [one for one in self.nodes if not one.failed]
        if well:
            return well[next(self._turn) % len(well)]
        return min(self.nodes, key=lambda one: one.failed)

    def _look_at_rested(self) -> None:
        """Look at nodes that failed a while ago, which may be back; each by one thread only."""
        now = time.monotonic()
        if all(one.failed for one in self.nodes):
            return  # the next question is put to one of them in any case
        for one in self.nodes:
            if one.failed and now - one.failed > REST:
                one.failed = now
                one.is_there()

    def any_there(self, seconds: float = LOOK) -> bool:
        """Look at all nodes at once; whether one answers in time.

        Those that are silent for `LOOK` while another answers count as failed.
        """
        pool = ThreadPoolExecutor(len(self.nodes))
        looks = {pool.submit(one.is_there, seconds): one for one in self.nodes}
        pool.shutdown(wait=False)
        done, late = wait(looks, timeout=LOOK)
        if not any(look.result() for look in done):
            return any(look.result() for look in late)
        for look in late:
            looks[look].failed = time.monotonic()
        return True


def _connected(settings: ClusterSettings, url: str) -> OpenSearch:
    return OpenSearch(
        [url],
        http_auth=(settings.user, settings.password) if settings.user else None,
        timeout=settings.timeout,
        max_retries=0,  # another node is asked, or this one a little later: see `cluster.py`
        pool_maxsize=CONNECTIONS,
        ssl_context=_trusting(settings.ca) if url.startswith("https:") else None,
    )


@cache
def _trusting(ca: str) -> ssl.SSLContext:
    """Trusts the authorities in a file, else the system's; the client alone would take its own."""
    try:
        return ssl.create_default_context(cafile=ca or None)
    except ssl.SSLError as error:
        remedy = "Name the PEM file of the authority that signed the cluster's certificates."
        raise ConfigError(f"{ENVIRONMENT}CA: {ca} has no certificate ({error})", remedy) from None
