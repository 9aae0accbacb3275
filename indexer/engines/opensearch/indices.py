"""The indices of an installation: making one, pointing the alias to it, dropping old ones.

Administrators and other programs find the index in use by its alias, `jarshy-<owner>`. Jarshy
goes by the pointer: index, lexicon and manifest must change in the same instant.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.errors import ClusterError
from indexer.engines.opensearch.mapping import index_body
from indexer.engines.opensearch.owner import owner_of
from indexer.engines.opensearch.writer import FIRST, hold, is_in_force, new_writer
from indexer.errors import IndexOutdatedError

_MAKING = 60.0
_MADE = "resource_already_exists"


def make_index(cluster: Cluster, folder: Path) -> str:
    """A new empty index for a folder; its name."""
    name = f"{alias_of(cluster, folder)}-{secrets.token_hex(4)}"
    writer = new_writer(name)
    body = index_body(cluster.settings, owner_of(folder), folder.name)
    told = {**body, "aliases": {writer.name: {}}}
    try:
        cluster.ask("PUT", f"/{name}", told, timeout=_MAKING, patience=2 * _MAKING)
    except ClusterError as error:
        # A first try whose answer was lost has made it: nobody else knows the writer's name.
        if _MADE not in error.message or not is_in_force(cluster, writer):
            raise
    hold(writer)
    (folder / FIRST).write_text(writer.name, "utf-8")
    return name


def alias_of(cluster: Cluster, folder: Path) -> str:
    """The name under which the index in use can be found on the cluster."""
    return f"{cluster.settings.prefix}-{owner_of(folder)}"


def point_alias(cluster: Cluster, folder: Path, index: str) -> None:
    """Have the alias name this index alone, in one step."""
    alias = alias_of(cluster, folder)
    actions = [
        {"remove": {"index": f"{alias}-*", "alias": alias, "must_exist": False}},
        {"add": {"index": index, "alias": alias}},
    ]
    told = cluster.ask("GET", f"/{index}/_alias")
    if alias not in told[index]["aliases"]:
        cluster.ask("POST", "/_aliases", {"actions": actions})


def forget_unused(cluster: Cluster, folder: Path) -> None:
    """Drop the indices of this installation whose folders are gone.

    The one that the alias names is left: it may be in use by another machine, with another folder.
    """
    for name in list(_unused(cluster, folder)):
        try:
            cluster.ask("DELETE", f"/{name}", ignore_unavailable="true")
        except IndexOutdatedError:
            continue  # gone already


def _unused(cluster: Cluster, folder: Path) -> Iterator[str]:
    owner, alias = owner_of(folder), alias_of(cluster, folder)
    wanted = "*.mappings._meta,*.aliases"
    told = cluster.ask("GET", f"/{alias}-*", allow_no_indices="true", filter_path=wanted)
    for name, about in told.items():
        mark = about.get("mappings", {}).get("_meta", {}).get("jarshy", {})
        is_ours = mark.get("owner") == owner and alias not in about.get("aliases", {})
        if is_ours and not (folder.parent / mark["folder"]).is_dir():
            yield name
