"""What ails a cluster that answers: copies that are missing and why, full disks, silent nodes.

Asked with the right to monitor alone (`cluster_monitor`), which covers the health, the nodes'
figures, the settings and the explanation why a shard stands nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from indexer.engines.opensearch.cluster import Cluster, Json
from indexer.engines.opensearch.disks import disks_of
from indexer.engines.opensearch.settings import ENVIRONMENT, ClusterSettings
from indexer.errors import SearchError

PATIENCE = 2.0  # seconds: who asks is a person
LONGEST = 300  # letters of a reason
FREE_SPACE = "Free disk space or add a node"
FULL = "the disk of a node is full"
MADE = "They are made by themselves then."
START = "Start the nodes that are away"


def ailments(settings: ClusterSettings, index: str) -> list[str]:
    """A sentence with the remedy for each thing that ails the cluster; none when all is well.

    What the cluster refuses to tell the user is one of them.
    """
    cluster = Cluster(replace(settings, patience=min(settings.patience, PATIENCE)))
    told: list[str] = []
    for part in (_missing(cluster, index), _full(cluster), _silent(settings)):
        try:
            told.extend(part)
        except SearchError as error:
            told.append(str(error))
    # Disks that keep copies from being made are told with the copies.
    is_told = any(one.endswith(MADE) for one in told)
    return [one for one in dict.fromkeys(told) if not (is_told and one.startswith(FULL))]


def _missing(cluster: Cluster, index: str) -> Iterator[str]:
    # An index that is gone would be waited for, and is told elsewhere (408).
    path = f"/_cluster/health/{index}?level=shards&timeout=0s"
    told = cluster.ask("GET", path, ignore=408)
    about = told.get("indices", {}).get(index)
    if about is None:
        return
    nodes, copies = told["number_of_data_nodes"], about["number_of_replicas"]
    if about["unassigned_shards"]:
        lost = sum(not one["primary_active"] for one in about["shards"].values())
        what = "parts of the index themselves" if lost else "copies of the index"
        count = lost or about["unassigned_shards"]
        head = f"{count} {what} are missing ({about['status']})"
        try:
            yield f"{head}: {_why(cluster, _explained(cluster, index, about), nodes, copies)}"
        except SearchError as error:
            yield f"{head}. {error}"
    elif nodes == 1 and not copies and cluster.settings.replicas is None:
        yield (
            f"the cluster has one node and the index no copy. {START}; if there shall be one only, "
            f"set {ENVIRONMENT}REPLICAS=0."
        )


def _explained(cluster: Cluster, index: str, about: Json) -> Json:
    """The cluster's explanation for the worst of the shards that stand nowhere."""
    lacking = {number: one for number, one in about["shards"].items() if one["unassigned_shards"]}
    number, worst = min(lacking.items(), key=lambda item: bool(item[1]["primary_active"]))
    asked = {"index": index, "shard": int(number), "primary": not worst["primary_active"]}
    told: Json = cluster.ask("POST", "/_cluster/allocation/explain", asked)
    return told


def _why(cluster: Cluster, told: Json, nodes: int, copies: int) -> str:
    deciders = {one["decider"]: one["explanation"] for one in _refusals(told)}
    unassigned = told.get("unassigned_info", {})
    if "disk_threshold" in deciders:
        disks = disks_of(cluster)
        room = disks.told(disks.over("low")) or deciders["disk_threshold"]
        least = f"none are made from {disks.mark('low')} on"
        return f"no room on {room}; {least}. {FREE_SPACE}. {MADE}"
    if unassigned.get("reason") == "NODE_LEFT":
        return (
            f"a node left at {unassigned.get('at', '?')[:19]} UTC, nodes there: {nodes}. {START}."
        )
    # A copy never stands beside its original: of interest only where nothing else keeps it away.
    same = deciders.pop("same_shard", "")
    if same and not deciders:
        fewer = f"set {ENVIRONMENT}REPLICAS lower and `jarshy index --rebuild`"
        return f"nodes needed: {copies + 1}, there: {nodes}. {START}, or {fewer}."
    reasons = "; ".join(deciders.values()) or told.get("allocate_explanation", "no reason told")
    return f"{reasons[:LONGEST]}. See GET /_cluster/allocation/explain."


def _refusals(told: Json) -> Iterator[dict[str, Any]]:
    for node in told.get("node_allocation_decisions", ()):
        yield from (one for one in node.get("deciders", ()) if one["decision"] == "NO")


def _full(cluster: Cluster) -> Iterator[str]:
    """Disks beyond a mark, by the worst of them."""
    disks = disks_of(cluster)
    effects = (
        ("flood_stage", "nothing can be indexed"),
        ("high", "the cluster moves what is there to other nodes"),
        ("low", "no copies are made there"),
    )
    for name, effect in effects:
        if over := disks.over(name):
            full = f"{disks.told(over)}; from {disks.mark(name)} on {effect}"
            yield f"{FULL}: {full}. {FREE_SPACE}."
            return


def _silent(settings: ClusterSettings) -> Iterator[str]:
    """Nodes that the environment names and that do not answer."""
    for url in settings.urls if len(settings.urls) > 1 else ():
        one = replace(settings, urls=(url,), patience=0.0, timeout=min(settings.timeout, 3.0))
        try:
            Cluster(one).ask("GET", "/")
        except SearchError as error:
            yield f"{error.message}. Start the node, or take it out of {ENVIRONMENT}URL."
