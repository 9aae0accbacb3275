"""Sending documents: in chunks, one ahead of the one being made, slower when the cluster is busy.

Every document has an id of its own (article and generation) and its store sequence as version.
So what is sent again because no answer came replaces itself: nothing is doubled.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from indexer.engines.opensearch.cluster import FIRST_WAIT, LONGEST_WAIT, Cluster, Json
from indexer.engines.opensearch.errors import BusyError, refusal

CHUNK_BYTES = 4 << 20
CHUNK_DOCUMENTS = 500
PATIENCE = 300.0
TIMEOUT = 120.0
_BUSY = frozenset((429, 502, 503, 504))
_NEWER = 409  # a later version is there already


def upload(cluster: Cluster, writer: str, documents: Iterable[tuple[str, int, Json]]) -> int:
    """Store documents (id, version, source) through a writer's alias; how many there were.

    They are on the disks of all copies when this returns, though not yet found by searches.
    Raises ClusterError when the cluster refuses one, or is busy for longer than PATIENCE.
    """
    count = 0
    with ThreadPoolExecutor(1) as pool:
        sending: Future[None] | None = None
        for chunk in _chunks(documents):
            if sending is not None:
                sending.result()
            count += len(chunk)
            sending = pool.submit(_send, cluster, writer, chunk)
        if sending is not None:
            sending.result()
    return count


def _chunks(documents: Iterable[tuple[str, int, Json]]) -> Iterator[list[str]]:
    chunk: list[str] = []
    size = 0
    for name, version, source in documents:
        told = {"_id": name, "version": version, "version_type": "external_gte"}
        line = f"{json.dumps({'index': told})}\n{json.dumps(source, ensure_ascii=False)}\n"
        chunk.append(line)
        size += len(line)
        if size >= CHUNK_BYTES or len(chunk) >= CHUNK_DOCUMENTS:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _send(cluster: Cluster, writer: str, chunk: list[str]) -> None:
    """Send a chunk, and again what the cluster was too busy for."""
    until = time.monotonic() + PATIENCE
    wait = FIRST_WAIT
    while chunk:
        left = max(until - time.monotonic(), 0.0)
        told = cluster.ask(
            "POST",
            f"/{writer}/_bulk",
            "".join(chunk),
            patience=left,
            timeout=TIMEOUT,
            require_alias="true",  # else an index would be made by the name of one that is gone
        )
        if not told["errors"]:
            return
        results: list[Any] = [one["index"] for one in told["items"]]
        again = []
        for line, one in zip(chunk, results, strict=True):
            if one["status"] in _BUSY:
                error = refusal(cluster.settings.urls, one["status"], one)
                if not isinstance(error, BusyError) or time.monotonic() > until:
                    raise error
                again.append(line)
            elif one["status"] >= 300 and one["status"] != _NEWER:
                raise refusal(cluster.settings.urls, one["status"], one)
        chunk = again
        if chunk:
            time.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
