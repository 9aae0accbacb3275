"""The OpenSearch engine: an index on a cluster, for collections that outgrow one machine.

The analysis, the weights and the tree of a question are the ones of the embedded engine. The
cluster stores terms as they are with their weighted counts, and evaluates the same formulas;
everything that depends on the whole collection (how rare a word is, the mean length) is worked out
here and sent along, so that answers do not depend on how documents are spread over shards.
docs/scale.md tells why each thing is done as it is.
"""

from indexer.engines.opensearch.engine import OpenSearchEngine

__all__ = ["OpenSearchEngine"]
