"""What the plan of a run says to its shell: documents to ask for, pages decided on."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.discover.judge import Decision
from crawler.sites import Source


@dataclass(frozen=True, slots=True)
class SourceAsk:
    """A source document to fetch: the `page`-th of its source.

    `part` is `all`, `newest` or `modified` for WordPress; `depth` is how deep a sitemap stands
    in indexes, `idle` how many pages of a date archive in a row brought nothing. `conditional`
    asks to send validators.
    """

    url: str
    source: Source
    page: int = 1
    part: str = "all"
    depth: int = 0
    idle: int = 0
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from an answer: pages decided on, and source documents to ask for."""

    decisions: tuple[Decision, ...] = ()
    asks: tuple[SourceAsk, ...] = ()
