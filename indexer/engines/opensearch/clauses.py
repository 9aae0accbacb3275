"""How many clauses Lucene counts in a query: of more than 1,024 in one it answers none (500).

It counts what looks something up (a term, a beginning, a range), wherever it stands. `terms` and
`match` with many terms at one place are one each, whatever their number. Filters in functions and
in aggregations, named ones beside a filter and `post_filter` are counted apart, each by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

BUDGET = 900  # of Lucene's 1,024; the rest is for the state and for what is counted otherwise here
_OCCURRENCES = ("must", "should", "filter", "must_not")
_INNER = {"constant_score": "filter", "function_score": "query", "script_score": "query"}


def clauses(query: Mapping[str, Any]) -> int:
    """The clauses that Lucene counts in a query as `finding.py` and `scoring.py` make them."""
    ((kind, told),) = query.items()
    if kind == "bool":
        return _all(one for name in _OCCURRENCES for one in told.get(name, ()))
    if kind == "dis_max":
        return _all(told["queries"])
    if kind in _INNER:
        return clauses(told[_INNER[kind]])
    if kind == "intervals":
        ((_, rule),) = told.items()
        return _words(rule)
    if kind == "span_near" or kind == "span_or":
        return _all(told["clauses"])
    if kind == "span_containing":
        return clauses(told["big"]) + clauses(told["little"])
    return 1


def _all(queries: Iterable[Mapping[str, Any]]) -> int:
    return sum(clauses(one) for one in queries)


def _words(rule: Mapping[str, Any]) -> int:
    """The terms in a rule of an interval, those of its filter too."""
    ((_, told),) = rule.items()
    beside = sum(_words(one) for one in told.get("filter", {}).values())
    return beside + (sum(map(_words, told["intervals"])) if "intervals" in told else 1)
