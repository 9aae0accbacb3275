"""Indices on the cluster that are not of this installation: others', or of a lost data folder."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.owner import OWNER, mark_of

MOST = 10  # marks that are told
_ABOUT = "*.mappings._meta.jarshy,*.settings.index.creation_date"
_SIZE = "indices.*.total.store.size_in_bytes"


def leftovers(cluster: Cluster, root: Path) -> list[str]:
    """A sentence for each mark of an owner that has indices here and is not that of `root`.

    Nobody but their administrator can know whether they are in use. Raises SearchError.
    """
    every = f"/{cluster.settings.prefix}-*"
    told = cluster.ask("GET", every, allow_no_indices="true", filter_path=_ABOUT)
    sizes = cluster.ask("GET", f"{every}/_stats/store", filter_path=_SIZE).get("indices", {})
    found: dict[str, list[str]] = defaultdict(list)
    for name, about in sorted(told.items()):
        owner = about.get("mappings", {}).get("_meta", {}).get("jarshy", {}).get("owner")
        if owner and owner != mark_of(root):
            size = sizes.get(name, {}).get("total", {}).get("store", {}).get("size_in_bytes", 0)
            made = int(about["settings"]["index"]["creation_date"]) / 1000
            day = datetime.fromtimestamp(made, UTC).date()
            found[owner].append(f"{name} ({size / 1e6:.1f} MB, made on {day})")
    lines = [_told(cluster, owner, names) for owner, names in found.items()]
    more = f"of {len(lines) - MOST} more marks there are indices on the cluster."
    return lines if len(lines) <= MOST else [*lines[:MOST], more]


def _told(cluster: Cluster, owner: str, names: list[str]) -> str:
    where = f"{cluster.settings.urls[0]}/{cluster.settings.prefix}-{owner}-*"
    return (
        f"not of this installation: {', '.join(names)}. If no other one has the mark {owner} in "
        f"its data/index/{OWNER}, a data folder that was lost, or copied, has left it: "
        f"curl -X DELETE '{where}'"
    )
