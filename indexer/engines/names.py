"""The names of the engines, for those who need no engine itself: loading one takes time."""

from __future__ import annotations

VARIABLE = "JARSHY_ENGINE"
USUAL, CLUSTER = "whoosh", "opensearch"
ENGINES = (USUAL, CLUSTER)
KNOWN = f"Known: {', '.join(ENGINES)} (`engine` in jarshy.toml, or {VARIABLE})."
