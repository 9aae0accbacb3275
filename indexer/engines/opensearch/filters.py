"""Filters of the cluster's query language for terms, and for several filters at once."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.engines.opensearch.encoding import safe
from indexer.engines.opensearch.statistics import Filter
from indexer.engines.protocol import Prefix, Term

EVERY: Filter = {"match_all": {}}
NONE: Filter = {"match_none": {}}


def term_filter(term: Term | Prefix) -> Filter:
    """The documents of a term or a beginning."""
    if isinstance(term, Prefix):
        return {"prefix": {term.field: {"value": safe(term.text)}}}
    return {"term": {term.field: safe(term.text)}}


def terms_filter(terms: Sequence[Term | Prefix]) -> Filter:
    """The documents of any of the terms; those of one field are one clause."""
    fields: dict[str, list[str]] = {}
    for term in terms:
        if isinstance(term, Term):
            fields.setdefault(term.field, []).append(safe(term.text))
    filters: list[Filter] = [
        {"terms": {name: texts}} if len(texts) > 1 else {"term": {name: texts[0]}}
        for name, texts in fields.items()
    ]
    return one_of([*filters, *(term_filter(one) for one in terms if isinstance(one, Prefix))])


def one_of(filters: Sequence[Filter]) -> Filter:
    """What any of the filters finds."""
    if not filters:
        return NONE
    return filters[0] if len(filters) == 1 else {"bool": {"should": list(filters)}}


def all_of(filters: Sequence[Filter]) -> Filter:
    """What all of the filters find."""
    if not filters:
        return EVERY
    return filters[0] if len(filters) == 1 else {"bool": {"filter": list(filters)}}


def apart(one: Filter, among: Filter) -> Filter:
    """What a filter finds, all of it `among` others, in as many clauses as those have.

    Lucene counts the clauses of a function's filter by themselves (`clauses.py`).
    """
    told = {"functions": [{"filter": one, "weight": 2}], "boost_mode": "replace"}
    return {"function_score": {"query": among, **told, "min_score": 1.5}}  # 1 without a function
