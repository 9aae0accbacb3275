"""Settings and mappings of an index: terms come ready, the cluster only takes them apart."""

from __future__ import annotations

from typing import Any

from indexer.engines.opensearch.copies import NONE
from indexer.engines.opensearch.encoding import HOLE
from indexer.engines.opensearch.settings import ClusterSettings
from indexer.engines.protocol import TEXT_FIELDS, VALUE_FIELDS

LAYOUT = "2"  # raise it when documents of old and new code don't go together
LONGEST_TOKEN = 100_000  # a place where very many stems stand is still one token

_ANALYSIS = {
    "tokenizer": {"blanks": {"type": "whitespace", "max_token_length": LONGEST_TOKEN}},
    "filter": {
        "counted": {"type": "delimited_term_freq", "delimiter": "|"},
        "alternatives": {
            "type": "pattern_capture",
            "preserve_original": False,
            "patterns": ["([^|]+)"],
        },
        "holes": {"type": "stop", "stopwords": [HOLE]},
    },
    "analyzer": {
        "counts": {"tokenizer": "blanks", "filter": ["counted"]},
        "places": {"tokenizer": "blanks", "filter": ["alternatives", "holes"]},
    },
}

# The score of a term is its bare count; formulas of `scoring.py` make BM25 of it.
_SIMILARITY = {"count": {"type": "scripted", "script": {"source": "return doc.freq;"}}}

_COUNTED = {
    "type": "text",
    "analyzer": "counts",
    "search_analyzer": "keyword",
    "index_options": "freqs",
    "norms": False,
    "similarity": "count",
}
_PLACED = {
    "type": "text",
    "analyzer": "places",
    "search_analyzer": "keyword",
    "index_options": "positions",
    "norms": False,
}
_FACET = {"type": "keyword", "eager_global_ordinals": True}


def index_body(settings: ClusterSettings, owner: str, folder: str) -> dict[str, Any]:
    """The body that makes an index; whose it is and for which folder stands in its `_meta`."""
    return {
        "settings": {
            "number_of_shards": settings.shards,
            **NONE,  # until it is complete
            "refresh_interval": -1,  # a commit makes documents visible, nothing else
            "codec": "best_compression",
            "analysis": _ANALYSIS,
            "similarity": _SIMILARITY,
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"jarshy": {"owner": owner, "folder": folder, "layout": LAYOUT}},
            "properties": {
                "id": {"type": "long"},
                "sequence": {"type": "long", "index": False},
                "born": {"type": "integer"},
                "died": {"type": "integer"},
                "part": {"type": "keyword"},
                "length": {"type": "float", "index": False},
                "first_day": {"type": "integer"},
                "last_day": {"type": "integer"},
                "title": {"type": "keyword", "doc_values": False},
                **dict.fromkeys((*VALUE_FIELDS, "year", "month"), _FACET),
                **dict.fromkeys(TEXT_FIELDS, _COUNTED),
                "places": _PLACED,
            },
        },
    }
