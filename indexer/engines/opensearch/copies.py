"""Copies of an index's shards: none while it is made, those wished before it is used.

With a copy every document is analysed and merged on two nodes. Made afterwards, a copy is its
files sent once, for half of the nodes' work. An index that loses a node while it is made is in
nobody's use; the run fails and the next one makes it anew.
"""

from __future__ import annotations

import time
from typing import Any

from indexer.engines.opensearch.cluster import FIRST_WAIT, LONGEST_WAIT, Cluster
from indexer.engines.opensearch.settings import ClusterSettings

NONE = {"number_of_replicas": 0}
PATIENCE = 3_600.0  # seconds; 40 MB/s, a node's usual limit, send 140 GB
FLUSHING = 300.0
QUIET = 10.0  # seconds without a copy on its way: there is no room, or no node, for those missing


def wished(settings: ClusterSettings) -> dict[str, Any]:
    """The setting of an index in use: so many copies as are told, else one on a second node."""
    if settings.replicas is None:
        return {"auto_expand_replicas": "0-1"}
    return {"number_of_replicas": settings.replicas}


def give_copies(cluster: Cluster, index: str) -> bool:
    """Have the copies made that are wished, and wait for them; whether all are there.

    Those for which the cluster has no node or no room are not waited for: it makes them when it
    can.
    """
    # What is not on the disk yet would be analysed again for each copy.
    cluster.ask("POST", f"/{index}/_flush", patience=FLUSHING, timeout=FLUSHING)
    cluster.ask("PUT", f"/{index}/_settings", {"index": wished(cluster.settings)})
    until = time.monotonic() + PATIENCE
    quiet, wait = time.monotonic() + QUIET, FIRST_WAIT
    while time.monotonic() < min(until, quiet):
        told = cluster.ask("GET", f"/_cluster/health/{index}")
        if told["status"] == "green":
            return True
        if told["initializing_shards"]:
            quiet = time.monotonic() + QUIET
        time.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)
    return False
