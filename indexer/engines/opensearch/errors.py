"""What can go wrong with the cluster, each with what to do about it."""

from __future__ import annotations

import json
from typing import Any

from indexer.errors import IndexAwayError, IndexOutdatedError, SearchError
from indexer.manifest import REMEDY

# A node that dies while it answers for others is told with status 500; another one can answer.
NODE_LOST = (
    "node_disconnected_exception",
    "node_not_connected_exception",
    "node_closed_exception",
    "connect_transport_exception",
    "receive_timeout_transport_exception",
    "no_shard_available_action_exception",
)
FULL = ("flood-stage", "read-only", "read_only", "create-index blocked")


class ClusterError(IndexAwayError):
    """The cluster cannot do what was asked."""


class BusyError(ClusterError):
    """The cluster cannot do it just now: a node is away, or it has too much to do."""


class SilentError(BusyError):
    """No answer came, or none in time."""


class WriterLostError(SearchError):
    """Another process has become the one who writes the index."""

    exit_code = 75


def unreachable(urls: tuple[str, ...], reason: str) -> ClusterError:
    """No node answers."""
    if "wrong version number" in reason.lower().replace("_", " "):
        remedy = "Write http:// in JARSHY_OPENSEARCH_URL, or have the cluster speak TLS."
        return ClusterError(f"{urls[0]}: the node does not speak TLS ({reason})", remedy)
    if "certificate" in reason.lower() or "ssl" in reason.lower():
        remedy = "Set JARSHY_OPENSEARCH_CA to the PEM file of the authority that signed them."
        return ClusterError(f"{urls[0]}: its certificate is not trusted ({reason})", remedy)
    remedy = "Start the cluster, or set JARSHY_OPENSEARCH_URL to where it is."
    if urls[0].startswith("http:") and "RemoteDisconnected" in reason:
        remedy += " A node that hangs up may want https://."
    return SilentError(f"{', '.join(urls)}: no OpenSearch node answers ({reason})", remedy)


def no_search_engine(url: str) -> ClusterError:
    """Something else answers, with what is no JSON."""
    remedy = "Set JARSHY_OPENSEARCH_URL to where the cluster is."
    return ClusterError(f"{url}: this is no OpenSearch node, or a proxy answers for it", remedy)


def refusal(urls: tuple[str, ...], status: int, told: Any) -> SearchError:
    """The error of an answer with that HTTP status; `told` is its body."""
    reason = _reason(told)
    where = urls[0]
    if status == 401:
        remedy = "Set JARSHY_OPENSEARCH_USER and JARSHY_OPENSEARCH_PASSWORD."
        return ClusterError(f"{where}: the cluster refuses the user ({reason})", remedy)
    if status == 403 and "security" in reason:
        remedy = "Give the user the role in deploy/opensearch/security/roles.yml (docs/scale.md)."
        return ClusterError(f"{where}: the user may not do this ({reason})", remedy)
    if any(word in reason for word in FULL):
        remedy = (
            "Free disk space or add a node, then lift both blocks: PUT /_all/_settings "
            '{"index.blocks.read_only_allow_delete": null} and PUT /_cluster/settings '
            '{"persistent": {"cluster.blocks.create_index": null}}. '
            "What is indexed can be searched."
        )
        return ClusterError(f"{where}: the cluster is full ({reason})", remedy)
    if status == 404 and "index_not_found" in reason:
        return IndexOutdatedError(f"{where}: the cluster has lost the index ({reason})", REMEDY)
    if status in (429, 502, 503, 504) or reason.startswith(NODE_LOST):
        remedy = "See GET /_cluster/health: start the nodes that are away, or wait a while."
        return BusyError(f"{where}: the cluster is red or overloaded ({reason})", remedy)
    remedy = "See the log of the cluster; if it was changed, run `jarshy index --rebuild`."
    return ClusterError(f"{where}: the cluster refuses ({status}: {reason})", remedy)


def _reason(told: Any) -> str:
    """The cause that an answer names, its kind first, shortened."""
    error = told.get("error", told) if isinstance(told, dict) else told
    if isinstance(error, dict):
        causes = error.get("root_cause") or [error]
        cause = {**error, **causes[0]} if isinstance(causes[0], dict) else error
        return f"{cause.get('type')}: {cause.get('reason')}"[:400]
    if isinstance(error, str):
        return "a web page" if error.lstrip().startswith("<") else error[:400]
    return json.dumps(error, ensure_ascii=False)[:400]
