"""What is asked of the index and what it answers; frozen records, no engine's type among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from crawler.model import Document

Sort = Literal["relevance", "newest", "oldest", "added"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest", "added")
FACETS = ("site", "region", "kind", "year", "month", "language")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question: words, chosen facet values, dates, order and page.

    Values of one facet are alternatives, facets narrow each other. `sites`, `regions`, `kinds`
    and `languages` are ids; `date_from` and `date_to` are inclusive days of the event (of the
    publication where no event day is known). `page` counts from 1, `size` is hits a
    page. `newest` and `oldest` go by the days of the events, `added` by when articles were
    first seen, latest first.
    """

    q: str = ""
    sites: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    date_from: date | None = None
    date_to: date | None = None
    sort: Sort = "relevance"
    page: int = 1
    size: int = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer. `title` and `snippet` are HTML, safe to show, with `<mark>` as only tag."""

    document: Document
    score: float
    snippet: str
    title: str


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many of the found documents have a facet's value, were that facet not filtered."""

    value: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Hint:
    """A remark on the question. `code` names it, `parts` are the words that belong in it.

    Codes and parts: `unknown_value` (operator, value), `unclosed_quote`, `unclosed_bracket`,
    `empty_operator` (operator), `unknown_words` (word, ...),
    `without_filter` (facet, values with commas or empty, hits without it, question without its
    operators), `without_word` (words left out, hits without them, question without them),
    `corrected` (word, word searched as well), `switched` (question as typed, the one searched
    instead, on another keyboard layout), `some_words` (answers with all words, answers in all).
    """

    code: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion of what is being typed; `what` is title, kind, library, place or
    topic.

    For a kind or a region `value` is its id, for a title the document's id.
    """

    text: str
    what: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of answers.

    `facets` has the keys site, region, kind, year, month, language: values by falling count,
    years and months (`2024-03`) in order of time. Of the `total` answers `complete` have every
    word of the question, the others most of it. `suggestion` is a question that has hits, or
    None. `took_ms` milliseconds.
    """

    request: SearchRequest
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]]
    complete: int = 0
    suggestion: str | None = None
    hints: tuple[Hint, ...] = field(default=())
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """The state of the index; `behind` counts the store's changes it has not seen yet.

    `outgrown` is true when the collection is larger than its engine was made for.
    """

    engine: str
    version: str
    documents: int
    bytes: int
    built_at: datetime
    sequence: int
    behind: int
    outgrown: bool = False


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What an update of the index did; `documents` is how many it holds now."""

    added: int
    deleted: int
    documents: int
    seconds: float
    rebuilt: bool
