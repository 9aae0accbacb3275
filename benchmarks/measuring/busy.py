"""Processor time, which says what something costs whatever else the machine does meanwhile."""

from __future__ import annotations

import os
import time
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def of_cluster() -> float:
    """Seconds of all nodes of the cluster that `tests/opensearch/nodes.py` has started; else 0."""
    folder = os.environ.get("JARSHY_TEST_CLUSTER")
    return sum(map(_seconds, Path(folder).glob("*.pid"))) if folder else 0.0


def _seconds(path: Path) -> float:
    told = Path(f"/proc/{path.read_text().strip()}/stat").read_text("ascii")
    user, system = told.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / _TICK


def load() -> str:
    """The hour and how many processes want the processors."""
    return f"{time.strftime('%H:%M', time.gmtime())}, load {os.getloadavg()[0]:.1f}"
