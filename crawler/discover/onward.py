"""Where a source leads on to: the parts of an index, the next page of a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from crawler.discover.found import Found
from crawler.discover.judge import ASKED, Decision
from crawler.discover.memory import Memory, SourceState
from crawler.discover.pages import page_address_of, patience
from crawler.discover.steps import SourceAsk

MAX_NESTING = 3


def parts_of(ask: SourceAsk, found: Found, old: SourceState, history: bool) -> Iterator[SourceAsk]:
    """The sitemaps of an index that may have something new."""
    if ask.depth >= MAX_NESTING:
        return
    for url, mark in found.parts:
        if history or not (mark and mark == old.marks.get(url)):
            yield SourceAsk(url, ask.source, depth=ask.depth + 1, conditional=not history)


def split_unmarked(
    parts: Sequence[SourceAsk], found: Found, memory: Memory, most: int
) -> tuple[list[SourceAsk], list[SourceAsk]]:
    """The parts to ask now, and those to leave unless there is news.

    Of the parts whose index does not say when they changed, `most` take their turn each run.
    """
    marked = {url for url, mark in found.parts if mark}
    silent = [ask for ask in parts if ask.url not in marked]
    silent.sort(key=lambda ask: memory.checked(ask.url))
    later = silent[most:]
    return [ask for ask in parts if ask not in later], later


class Lists:
    """Follows listings page by page; remembers what each showed in this run."""

    def __init__(self, history: bool, now: datetime) -> None:
        self._history = history
        self._now = now
        self._listed: dict[str, set[str]] = {}

    def following(
        self, ask: SourceAsk, found: Found, decisions: Sequence[Decision]
    ) -> Iterable[SourceAsk]:
        """The next page of a listing: in history while pages bring pages, later while news."""
        here = {one.link.url for one in found.mentions}
        listed = self._listed.setdefault(ask.source.url, set())
        fresh = bool(here - listed)
        listed |= here
        news = any(one.action in ASKED for one in decisions)
        idle = 0 if (fresh if self._history else news) else ask.idle + 1
        if idle > patience(ask.source):
            return
        told = page_address_of(ask.source, ask.page + 1, self._now.date())
        url = told or next(iter(found.more), None)
        if url is not None and url != ask.url:
            yield SourceAsk(url, ask.source, ask.page + 1, idle=idle)


def with_parts(state: SourceState, found: Found) -> SourceState:
    """A state that remembers the marks of an index's parts as well."""
    return replace(state, marks={**state.marks, **dict(found.parts)}) if found.parts else state
