"""How full the nodes' disks are, beside the marks from which the cluster does less with them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from indexer.engines.opensearch.cluster import Cluster, Json

_SIZE = re.compile(r"(\d+(?:\.\d+)?)(b|kb|mb|gb|tb|pb)")
_POWERS = {"b": 0, "kb": 1, "mb": 2, "gb": 3, "tb": 4, "pb": 5}
LEVELS = ("defaults", "persistent", "transient")  # the later one holds
MARKS = ("low", "high", "flood_stage")
PLACE = ("cluster", "routing", "allocation", "disk")


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk of a node, in bytes."""

    node: str
    total: int
    free: int

    @property
    def used(self) -> float:
        """Which part of it is used, from 0 to 1."""
        return 1 - self.free / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Disks:
    """The disks of the data nodes and the cluster's marks by name, as it tells them."""

    disks: Sequence[Disk]
    marks: Mapping[str, str] = field(default_factory=dict)

    def over(self, name: str) -> list[Disk]:
        """The disks that are beyond a mark; none where the cluster minds no marks."""
        mark = self.marks.get(name, "")
        return [one for one in self.disks if _is_over(one, mark)]

    def mark(self, name: str) -> str:
        """A mark in words: `85% used`, or `50gb free`."""
        mark = self.marks.get(name, "?")
        return f"{mark} free" if _SIZE.fullmatch(mark) else f"{mark} used"

    def told(self, disks: Sequence[Disk]) -> str:
        """Nodes with how full they are."""
        return ", ".join(f"{one.node} ({100 * one.used:.0f}% used)" for one in disks)


def disks_of(cluster: Cluster) -> Disks:
    """What the cluster tells of its disks."""
    free, wanted = "available_in_bytes", "nodes.*.name,nodes.*.roles,nodes.*.fs.total"
    nodes = cluster.ask("GET", "/_nodes/stats/fs", filter_path=wanted).get("nodes", {})
    found = [
        Disk(one["name"], one["fs"]["total"]["total_in_bytes"], one["fs"]["total"][free])
        for one in nodes.values()
        if "data" in one.get("roles", ()) and one.get("fs", {}).get("total")
    ]
    wanted = ".".join(("*", *PLACE))
    told = cluster.ask("GET", "/_cluster/settings", include_defaults="true", filter_path=wanted)
    return Disks(sorted(found, key=lambda one: one.node), _marks(told))


def _marks(told: Json) -> dict[str, str]:
    marks: dict[str, str] = {}
    enabled = "true"
    for level in LEVELS:
        about = told.get(level, {})
        for part in PLACE:
            about = about.get(part, {})
        enabled = about.get("threshold_enabled", enabled)
        marks |= {one: mark for one, mark in about.get("watermark", {}).items() if one in MARKS}
    return marks if enabled == "true" else {}


def _is_over(disk: Disk, mark: str) -> bool:
    """Marks are `85%` or `0.85` of the disk used, or `50gb` that must be free."""
    if size := _SIZE.fullmatch(mark.lower()):
        return disk.free < float(size[1]) * (1 << 10 * _POWERS[size[2]])
    try:
        part = float(mark[:-1]) / 100 if mark.endswith("%") else float(mark)
    except ValueError:
        return False
    return disk.used >= part
