"""The plan of one site's run: which source documents to ask for, and when to stop.

The first run goes through the whole history, by the first kind of source in the site's order
that works; later runs ask for what is fresh and stop at the known. A feed is never the history
of a site, so the first run asks for it besides. `docs/crawling.md` tells the same in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from crawler.discover import wordpress
from crawler.discover.found import Found, Mention
from crawler.discover.judge import ASKED, Action, Decision, Judge
from crawler.discover.memory import Memory, SourceState
from crawler.discover.pages import page_address_of, patience
from crawler.model import Link
from crawler.sites import Site, Source

FRESH_SOURCES = 2
MAX_NESTING = 3


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


@dataclass(slots=True)
class _Group:
    """The sources of one kind while they are asked."""

    kind: str
    waiting: tuple[Source, ...] = ()
    open: int = 0
    read: int = 0
    mentions: int = 0
    news: int = 0
    lost: int = 0


class Plan:
    """Steers the run of one site; the shell fetches what it asks for and tells it the answers.

    `notes` say in words what went wrong, `states` what to remember of the source documents,
    `whole` whether the history is known to its end.
    """

    def __init__(self, site: Site, memory: Memory, now: datetime) -> None:
        self.site = site
        self.memory = memory
        self.now = now
        self.notes: list[str] = []
        self.states: dict[str, SourceState] = {}
        self.judge = Judge(self.site, self.memory)
        self.whole = self.memory.whole
        kinds = list(dict.fromkeys(source.kind for source in self.site.sources))
        if not self.memory.whole and set(kinds) != {"feed"}:
            kinds = [kind for kind in kinds if kind != "feed"]
        self._kinds = kinds
        self._group = _Group("")
        self._posts: set[str] = set()
        self._listed: dict[str, set[str]] = {}
        self._asked: set[str] = set()

    @property
    def history(self) -> bool:
        """Whether this run goes through the whole history."""
        return not self.memory.whole

    def begin(self) -> Step:
        """The first asks."""
        extra: tuple[SourceAsk, ...] = ()
        if self.history and "feed" not in self._kinds:
            feeds = (source for source in self.site.sources if source.kind == "feed")
            extra = tuple(self._ask(source) for source in feeds)
        return Step(asks=(*extra, *self._next_group()))

    def read(self, ask: SourceAsk, found: Found | None, bytes_: int, validated: bool) -> Step:
        """What follows from a document that was read; `found` is None when it is not modified."""
        old = self._state(ask.url)
        if found is None:
            found = self._as_before(ask, old)
        else:
            self.states[ask.url] = self._said(ask, found, bytes_, validated)
        decisions = tuple(self.judge.decide(found.mentions, dict(old.marks)))
        asks = self._unasked(self._onward(ask, found, decisions))
        if self._counts(ask):
            group = self._group
            group.read += 1
            group.mentions += len(found.mentions)
            if not self.history:
                # Parts of an index that did not change are as good as links.
                group.mentions += max(0, len(found.parts) - len(asks))
            group.news += sum(one.action is Action.NEW for one in decisions)
            group.open += len(asks) - 1
        return self._closed(Step(decisions, asks), ask)

    def _as_before(self, ask: SourceAsk, old: SourceState) -> Found:
        """What a document that is not modified said the last time it was read."""
        self.states[ask.url] = old
        known = (Mention(Link(url, ask.url), mark) for url, mark in old.marks.items())
        return Found(tuple(known), total=old.total, newest=old.newest)

    def _said(self, ask: SourceAsk, found: Found, bytes_: int, validated: bool) -> SourceState:
        told = () if ask.source.kind == "wordpress" else found.mentions
        marks = {one.link.url: one.mark for one in told}
        rest = (found.total, found.newest, self.now, bytes_, validated)
        return SourceState(self.now, marks, *rest)

    def lost(self, ask: SourceAsk, reason: str, missing: bool = False) -> Step:
        """What follows from a document that could not be had; `missing` means 404 or 410."""
        if not self._counts(ask):
            self.notes.append(f"{ask.url}: {reason}")
            return Step()
        asks: tuple[SourceAsk, ...] = ()
        if missing and ask.page > 1:
            asks = self._unasked(self._following(ask, Found(), ()))
        else:
            self._group.lost += 1
            self.notes.append(f"{ask.url}: {reason}")
        self._group.open += len(asks) - 1
        return self._closed(Step(asks=asks), ask)

    def vanished(self) -> list[str]:
        """Stored pages that a full list of the posts no longer has."""
        if not self._posts:
            return []
        return [url for url in self.memory.stored if url not in self._posts]

    def _counts(self, ask: SourceAsk) -> bool:
        return ask.source.kind == self._group.kind

    def _unasked(self, asks: Iterable[SourceAsk]) -> tuple[SourceAsk, ...]:
        """Those whose document was not asked for in this run: an index may name itself."""
        found = {ask.url: ask for ask in asks if ask.url not in self._asked}
        self._asked |= found.keys()
        return tuple(found.values())

    def _state(self, url: str) -> SourceState:
        return self.memory.states.get(url) or SourceState(self.now)

    def _ask(self, source: Source) -> SourceAsk:
        return SourceAsk(source.url, source, conditional=not self.history)

    def _next_group(self) -> tuple[SourceAsk, ...]:
        if not self._kinds:
            return ()
        kind = self._kinds.pop(0)
        sources = [source for source in self.site.sources if source.kind == kind]
        many = 1 if kind == "wordpress" else FRESH_SOURCES
        if not self.history and len(sources) > many:
            sources.sort(key=lambda source: self._state(_first_url(source)).checked_at)
        else:
            many = len(sources)
        self._group = _Group(kind, tuple(sources[many:]))
        return self._open(sources[:many])

    def _open(self, sources: Iterable[Source]) -> tuple[SourceAsk, ...]:
        asks = self._unasked(chain.from_iterable(self._opening(source) for source in sources))
        self._group.open = len(asks)
        return asks

    def _opening(self, source: Source) -> list[SourceAsk]:
        if source.kind != "wordpress":
            return [self._ask(source)]
        since = self._state(wordpress.newest_posts(source.url)).since
        newest = SourceAsk(wordpress.newest_posts(source.url), source, part="newest")
        if self.history or since is None:
            return [SourceAsk(wordpress.all_posts(source.url), source), newest]
        changed = wordpress.modified_posts(source.url, since)
        return [newest, SourceAsk(changed, source, part="modified")]

    def _onward(
        self, ask: SourceAsk, found: Found, decisions: Sequence[Decision]
    ) -> Iterable[SourceAsk]:
        kind = ask.source.kind
        if kind == "sitemap":
            return self._parts(ask, found)
        if kind == "listing":
            return self._following(ask, found, decisions)
        if kind == "wordpress":
            return self._more_posts(ask, found)
        return ()

    def _parts(self, ask: SourceAsk, found: Found) -> Iterable[SourceAsk]:
        if ask.depth >= MAX_NESTING:
            return
        for url, mark in found.parts:
            old = self._state(ask.url).marks.get(url)
            self.states[ask.url] = self._with_part(ask.url, url, mark)
            if self.history or not (mark and mark == old):
                yield SourceAsk(url, ask.source, depth=ask.depth + 1, conditional=not self.history)

    def _with_part(self, index: str, url: str, mark: str) -> SourceState:
        state = self.states[index]
        return SourceState(
            state.checked_at,
            {**state.marks, url: mark},
            bytes=state.bytes,
            validated=state.validated,
        )

    def _following(
        self, ask: SourceAsk, found: Found, decisions: Sequence[Decision]
    ) -> Iterable[SourceAsk]:
        """The next page of a listing: in history while pages bring pages, later while news."""
        here = {one.link.url for one in found.mentions}
        listed = self._listed.setdefault(ask.source.url, set())
        fresh = bool(here - listed)
        listed |= here
        news = any(one.action in ASKED for one in decisions)
        idle = 0 if (fresh if self.history else news) else ask.idle + 1
        if idle > patience(ask.source):
            return
        url = page_address_of(ask.source, ask.page + 1, self.now.date()) or next(
            iter(found.more), None
        )
        if url is not None and url != ask.url:
            yield SourceAsk(url, ask.source, ask.page + 1, idle=idle)

    def _more_posts(self, ask: SourceAsk, found: Found) -> Iterable[SourceAsk]:
        if ask.part == "all":
            self._posts.update(one.link.url for one in found.mentions)
        if ask.part != "newest":
            yield from (SourceAsk(url, ask.source, ask.page + 1, ask.part) for url in found.more)
            return
        old = self._state(ask.url)
        if self.history or old.total is None or found.total is None:
            return
        # More came than the newest ids show, or some vanished: compare the whole list.
        fresh = sum(one.link.url not in self.memory.stored for one in found.mentions)
        if found.total != old.total + fresh or fresh >= len(found.mentions):
            yield SourceAsk(wordpress.all_posts(ask.source.url), ask.source)

    def _closed(self, step: Step, ask: SourceAsk) -> Step:
        """When a group is through: is that enough, or does the next kind of source have to help?"""
        group = self._group
        if not self._counts(ask) or group.open:
            return step
        if group.waiting and group.news:
            sources, group.waiting = group.waiting, ()
            return Step(step.decisions, (*step.asks, *self._open(sources)))
        failed = not group.mentions
        gap = group.kind == "feed" and group.news == group.mentions and bool(self.memory.stored)
        if (failed or gap) and self._kinds:
            return Step(step.decisions, (*step.asks, *self._next_group()))
        if failed:
            self.notes.append("no source of the site gave a link")
        elif not group.lost:
            self.whole = True
        return step


def _first_url(source: Source) -> str:
    return wordpress.newest_posts(source.url) if source.kind == "wordpress" else source.url
