"""Which engine an index is made with."""

from __future__ import annotations

import os

from crawler.errors import ConfigError
from indexer.engines.names import CLUSTER, KNOWN, USUAL, VARIABLE
from indexer.engines.protocol import Engine
from indexer.engines.whoosh import WhooshEngine


def engine_named(name: str = "") -> Engine:
    """The engine of that name; without one that of JARSHY_ENGINE, else the embedded one.

    Raises ConfigError when there is none of that name, or what it needs is not installed.
    """
    chosen = name or os.environ.get(VARIABLE, "").strip() or USUAL
    if chosen == USUAL:
        return WhooshEngine()
    if chosen == CLUSTER:
        return _opensearch()
    raise ConfigError(f"there is no search engine {chosen!r}", KNOWN)


def _opensearch() -> Engine:
    try:
        from indexer.engines.opensearch import OpenSearchEngine
    except ModuleNotFoundError as error:
        if error.name != "opensearchpy":
            raise
        remedy = "Install it: pip install --no-deps -r requirements-opensearch.lock (docs/scale.md)"
        raise ConfigError("the engine opensearch needs opensearch-py", f"{remedy}.") from None
    return OpenSearchEngine()
