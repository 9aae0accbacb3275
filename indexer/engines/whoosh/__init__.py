"""The Whoosh engine: Whoosh keeps segments, generations, deletions and the writer's lock.

Whoosh's own posting files are read one posting at a time in Python: 40 ms and more for the slower
questions on 10,000 articles. So this engine brings a codec (`whoosh.codec.base`, Whoosh's way to
change how a segment is stored) whose segments are arrays, and answers questions on whole arrays.
Whoosh's own searcher reads such an index as well.

Guards against Whoosh-Reloaded 2.7.5, each against a fault that was measured: `schema=` is given
whenever an index is opened (else the one pickled in the index is unpickled), no BufferedWriter,
no TimeLimitCollector, files are fsynced here because Whoosh never does, and a writer that failed
is thrown away together with its index object.
"""

from indexer.engines.whoosh.engine import WhooshEngine

__all__ = ["WhooshEngine"]
