"""Talking to the cluster: requests that are retried on other nodes, errors that say what to do."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeAlias, TypeVar

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import TransportError

from indexer.engines.opensearch.errors import BusyError, ClusterError, refusal, unreachable
from indexer.engines.opensearch.settings import ClusterSettings, settings_from

Json: TypeAlias = dict[str, Any]
Answer = TypeVar("Answer")
OLDEST = (2, 10)  # the first with the token filter delimited_term_freq
CONNECTIONS = 16
FIRST_WAIT, LONGEST_WAIT = 0.1, 3.0
FIRST_PATIENCE = 10.0  # until somebody has answered at all
LEAST = 1.0  # seconds for a try, however little patience is left
_WHOLE = json.dumps({"allow_partial_search_results": False})

# The client logs every failed try with its traceback; what counts is told when all have failed.
logging.getLogger("opensearch").setLevel(logging.ERROR)


class Cluster:
    """A connection to the cluster for all threads of a process; one that forks has another.

    Every request must be one that may be made twice: whatever gets no answer is asked again, of
    another node, until `patience` (seconds) is over.
    """

    def __init__(self, settings: ClusterSettings) -> None:
        self.settings = settings
        self._clients: dict[int, OpenSearch] = {}  # by process
        self._checked = False

    def _client(self) -> OpenSearch:
        """The client of this process; on one from before a fork it would read others' answers."""
        process = os.getpid()
        if process not in self._clients:
            self._clients.setdefault(process, _connected(self.settings))
        return self._clients[process]

    def ask(
        self,
        method: str,
        path: str,
        body: Json | str | None = None,
        *,
        patience: float | None = None,
        timeout: float | None = None,
        **params: Any,
    ) -> Any:
        """The answer to a request; ClusterError, or IndexOutdatedError when the index is gone.

        `timeout` is what each try may take; without it every node gets its turn in time.
        """
        self._check_version()
        return self._patiently(
            lambda seconds: self._once(method, path, body, params, seconds), patience, timeout
        )

    def many(self, index: str, searches: Iterable[Json]) -> list[Json]:
        """The answers to several searches of one index, in one request; whole ones or none."""
        self._check_version()
        lines = [line for one in searches for line in (_WHOLE, json.dumps(one))]
        asked = "\n".join([*lines, ""])
        return self._patiently(lambda seconds: self._answers(f"/{index}/_msearch", asked, seconds))

    def _answers(self, path: str, asked: str, seconds: float) -> list[Json]:
        answers: list[Json] = self._once("POST", path, asked, {}, seconds)["responses"]
        for one in answers:
            if one.get("error"):
                raise refusal(self.settings.urls, one.get("status", 500), one)
        return answers

    def _patiently(
        self,
        ask: Callable[[float], Answer],
        patience: float | None = None,
        timeout: float | None = None,
    ) -> Answer:
        """The answer, asked for again while the cluster is busy and patience lasts.

        `ask` gets the seconds that it may take. The client never asks again by itself, but takes
        another node each time, those that failed last.
        """
        patience = self.settings.patience if patience is None else patience
        share = max(patience / len(self.settings.urls), LEAST)
        longest = timeout or min(self.settings.timeout, share)
        until = time.monotonic() + patience
        wait = FIRST_WAIT
        while True:
            try:
                return ask(min(longest, max(until - time.monotonic(), LEAST)))
            except BusyError:
                if time.monotonic() + wait > until:
                    raise
            time.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    def _once(self, method: str, path: str, body: Any, params: Json, seconds: float) -> Any:
        asked = {**params, "request_timeout": seconds}
        try:
            return self._client().transport.perform_request(method, path, params=asked, body=body)
        except NoConnection as error:
            raise unreachable(self.settings.urls, _cause(error)) from None
        except TransportError as error:
            status = error.status_code if isinstance(error.status_code, int) else 500
            raise refusal(self.settings.urls, status, error.info or error.error) from None

    def _check_version(self) -> None:
        """Refuse what is no OpenSearch, or too old a one; asked until it is known."""
        if self._checked:
            return
        told: Json = self._patiently(
            lambda seconds: self._once("GET", "/", None, {}, seconds),
            min(self.settings.patience, FIRST_PATIENCE),
        )
        version = told.get("version", {})
        name, number = version.get("distribution", "another server"), version.get("number", "?")
        parts = [int(part) for part in number.split(".")[:2] if part.isdigit()]
        if name != "opensearch" or tuple(parts) < OLDEST:
            message = f"{self.settings.urls[0]}: this is {name} {number}"
            raise ClusterError(message, "Jarshy needs OpenSearch 2.10 or newer.")
        self._checked = True


def _connected(settings: ClusterSettings) -> OpenSearch:
    return OpenSearch(
        list(settings.urls),
        http_auth=(settings.user, settings.password) if settings.user else None,
        timeout=settings.timeout,
        max_retries=0,  # `_patiently` does that; the rest tells which failures put a node last
        retry_on_timeout=True,
        retry_on_status=(502, 503, 504),
        pool_maxsize=CONNECTIONS,
        ca_certs=settings.ca or None,
    )


def _cause(error: TransportError) -> str:
    return str(error.error)[:200]


@cache
def _cluster(settings: ClusterSettings) -> Cluster:
    return Cluster(settings)


def cluster() -> Cluster:
    """The connection to the cluster that the environment names, one a process."""
    return _cluster(settings_from())
