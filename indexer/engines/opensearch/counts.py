"""Queries whose score is how often terms stand in a document, weighted by zone.

The terms of a beginning are one term in many spellings: a `match` whose words all stand at one
place is a query of Lucene's for synonyms, which adds up their counts and is one clause however
many they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from indexer.engines.opensearch.dictionary import Dictionary, most_frequent
from indexer.engines.opensearch.encoding import safe
from indexer.engines.opensearch.filters import NONE, term_filter
from indexer.engines.opensearch.mapping import LONGEST_TOKEN
from indexer.engines.opensearch.trees import beginnings
from indexer.engines.protocol import Node, Prefix
from indexer.engines.segment import QUARTERS

Query = dict[str, Any]
MOST_TERMS = 2_000  # of all beginnings of a question, the most frequent ones, are counted exactly
MOST_SYNONYMS = 1_000  # Lucene's cap on those of one query is 1,024
ONCE = QUARTERS  # the count of a word that stands once, in the text itself


def counts_of_beginnings(tree: Node, dictionary: Dictionary) -> dict[Prefix, Query]:
    """The counts of all terms with each beginning in a tree."""
    begun = dict.fromkeys(beginnings(tree))
    return {one: _count(one, dictionary, MOST_TERMS // len(begun)) for one in begun}


def _count(term: Prefix, dictionary: Dictionary, most: int) -> Query:
    """The count of all terms with a beginning; those beyond the `most` frequent ones as one."""
    told = dictionary.counts(term.field, safe(term.text))
    known = {one: count for one, count in told.items() if count > 0}
    texts = most_frequent(known, most)
    counted = count_of_any(term.field, texts)
    if texts and len(texts) == len(known):
        return counted
    least = {"constant_score": {"filter": term_filter(term), "boost": ONCE}}
    return {"dis_max": {"queries": [counted, least]}} if texts else least


def count_of_any(field: str, terms: Iterable[str]) -> Query:
    """The counts of terms, as the cluster has them, added up."""
    return sum_of(list(_synonyms(field, terms))) or NONE


def sum_of(parts: list[Query]) -> Query | None:
    """The sum of the scores of queries; None of none."""
    if len(parts) > 1:
        return {"bool": {"should": parts}}
    return parts[0] if parts else None


def _synonyms(field: str, terms: Iterable[str]) -> Iterator[Query]:
    some, length = list[str](), 0
    for term in dict.fromkeys(terms):
        if len(some) == MOST_SYNONYMS or length + len(term) >= LONGEST_TOKEN:
            yield _at_one_place(field, some)
            some, length = [], 0
        some.append(term)
        length += len(term) + 1
    if some:
        yield _at_one_place(field, some)


def _at_one_place(field: str, terms: Sequence[str]) -> Query:
    return {"match": {field: {"query": "|".join(terms), "analyzer": "places"}}}
