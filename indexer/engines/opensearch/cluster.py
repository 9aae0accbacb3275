"""Talking to the cluster: requests that are retried on other nodes, errors that say what to do."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any, TypeAlias, TypeVar

from indexer.engines.hurry import is_hurried
from indexer.engines.opensearch.errors import BusyError, ClusterError, refusal
from indexer.engines.opensearch.hurrying import Hurrying
from indexer.engines.opensearch.nodes import Node, Nodes
from indexer.engines.opensearch.settings import ClusterSettings, settings_from

Json: TypeAlias = dict[str, Any]
Answer = TypeVar("Answer")
OLDEST = (2, 10)  # the first with the token filter delimited_term_freq
FIRST_WAIT, LONGEST_WAIT = 0.1, 3.0
FIRST_PATIENCE = 10.0  # until somebody has answered at all
LEAST = 1.0  # seconds for a try, however little patience is left
_WHOLE = json.dumps({"allow_partial_search_results": False})


class Cluster:
    """A connection to the cluster for all threads of a process; one that forks has another.

    Every request must be one that may be made twice: whatever gets no answer is asked again, of
    another node, until `patience` (seconds) is over. Pages have less of it (`hurrying.py`).
    """

    def __init__(self, settings: ClusterSettings) -> None:
        self.settings = settings
        self._mine: dict[int, Hurrying] = {}  # by process
        self._checked = False

    @property
    def _hurrying(self) -> Hurrying:
        """The nodes as this process knows them.

        On a connection from before a fork it would read others' answers.
        """
        process = os.getpid()
        if process not in self._mine:
            self._mine.setdefault(process, Hurrying(self.settings, Nodes.of(self.settings)))
        return self._mine[process]

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
        return self._asked(_request(method, path, body, params), patience, timeout)

    def many(self, index: str, searches: Iterable[Json]) -> list[Json]:
        """The answers to several searches of one index, in one request; whole ones or none."""
        self._check_version()
        lines = [line for one in searches for line in (_WHOLE, json.dumps(one))]
        request = _request("POST", f"/{index}/_msearch", "\n".join([*lines, ""]), {})
        return self._asked(partial(_answers, request))

    def _asked(
        self,
        ask: Callable[[Node, float], Answer],
        patience: float | None = None,
        timeout: float | None = None,
    ) -> Answer:
        """The answer, with the patience that is told, else a page's or that of a run."""
        if patience is None and timeout is None and is_hurried():
            return self._hurrying.asked(ask)
        return self._patiently(ask, patience, timeout)

    def _patiently(
        self,
        ask: Callable[[Node, float], Answer],
        patience: float | None = None,
        timeout: float | None = None,
    ) -> Answer:
        """The answer, asked for again while the cluster is busy and patience lasts.

        `ask` gets the node, another one each time, those that failed last, and the seconds that
        it may take.
        """
        nodes = self._hurrying.nodes
        patience = self.settings.patience if patience is None else patience
        share = max(patience / len(self.settings.urls), LEAST)
        longest = timeout or min(self.settings.timeout, share)
        until = time.monotonic() + patience
        wait = FIRST_WAIT
        while True:
            try:
                return ask(nodes.next(), min(longest, max(until - time.monotonic(), LEAST)))
            except BusyError:
                if time.monotonic() + wait > until:
                    raise
            time.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)

    def _check_version(self) -> None:
        """Refuse what is no OpenSearch, or too old a one; asked until it is known."""
        if self._checked:
            return
        patience = None if is_hurried() else min(self.settings.patience, FIRST_PATIENCE)
        _check(self.settings.urls[0], self._asked(_request("GET", "/", None, {}), patience))
        self._checked = True


def _request(
    method: str, path: str, body: Json | str | None, params: Json
) -> Callable[[Node, float], Any]:
    return lambda node, seconds: node.ask(method, path, body, params, seconds)


def _answers(request: Callable[[Node, float], Any], node: Node, seconds: float) -> list[Json]:
    answers: list[Json] = request(node, seconds)["responses"]
    for one in answers:
        if one.get("error"):
            raise refusal((node.url,), one.get("status", 500), one)
    return answers


def _check(url: str, told: Any) -> None:
    """Raise ClusterError for what is no OpenSearch, or too old a one."""
    version = told.get("version") if isinstance(told, dict) else None
    about = version if isinstance(version, dict) else {}
    name, number = about.get("distribution", "another server"), str(about.get("number", "?"))
    parts = [int(part) for part in number.split(".")[:2] if part.isdigit()]
    if name != "opensearch" or tuple(parts) < OLDEST:
        raise ClusterError(
            f"{url}: this is {name} {number}", "Jarshy needs OpenSearch 2.10 or newer."
        )


@cache
def _cluster(settings: ClusterSettings) -> Cluster:
    return Cluster(settings)


def cluster() -> Cluster:
    """The connection to the cluster that the environment names, one a process."""
    return _cluster(settings_from())
