"""The plan of one site's run: which source documents to ask for, and when to stop.

The first run goes through the whole history, by the first kind of source in the site's order
that works; later runs ask for what is fresh and stop at the known. A feed is never the history
of a site, so the first run asks for it besides. `docs/crawling.md` tells the same in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from crawler.discover import wordpress
from crawler.discover.found import Found, Mention
from crawler.discover.judge import Action, Decision, Judge
from crawler.discover.memory import Memory, SourceState
from crawler.discover.onward import Lists, parts_of, split_unmarked, with_parts
from crawler.discover.posts import Posts
from crawler.discover.steps import SourceAsk, Step
from crawler.model import Link
from crawler.sites import Site, Source

FRESH_SOURCES = 2
# With robots.txt and the index itself, an unchanged site costs three requests.
FRESH_PARTS = 1
# A kind of source that gave nothing is asked again after this time.
SILENCE = timedelta(days=7)
NO_LINK = "no source of the site gave a link"


@dataclass(slots=True)
class _Group:
    """The sources of one kind while they are asked; `later` are asks made only if there is news."""

    kind: str
    waiting: tuple[Source, ...] = ()
    later: tuple[SourceAsk, ...] = ()
    open: int = 0
    read: int = 0
    mentions: int = 0
    news: int = 0
    lost: int = 0


class Plan:
    """Steers the run of one site; the shell fetches what it asks for and tells it the answers.

    `notes` say in words what went wrong, `states` what to remember of the source documents,
    `whole` whether the history is known to its end, `silent` which kinds of source gave nothing.
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
        self.silent = {k: when for k, when in memory.silent.items() if now - when < SILENCE}
        self._kinds = [kind for kind in kinds if kind not in self.silent] or kinds
        self._group = _Group("")
        self._posts = Posts(site, memory, self.judge, self.history)
        self._lists = Lists(self.history, now)
        self._asked: set[str] = set()
        self._fed = self._exhausted = False

    @property
    def history(self) -> bool:
        """Whether this run goes through the whole history."""
        return not self.memory.whole

    def may_be_article(self, url: str) -> bool:
        """Whether a redirect to this canonical address may have led to an article."""
        return self.judge.may_be_article(url)

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
        else:
            self._fed |= bool(found.mentions)
        step = self._closed(Step(decisions, asks), ask)
        self._settle_for_feeds()
        return step

    def _settle_for_feeds(self) -> None:
        """Where nothing else answers, the feeds are all the history that can be had."""
        if self._fed and self._exhausted:
            self.whole = True
            self.notes = [note for note in self.notes if note != NO_LINK]

    def _as_before(self, ask: SourceAsk, old: SourceState) -> Found:
        """What a document that is not modified said the last time it was read."""
        self.states[ask.url] = old
        known = (Mention(Link(url, ask.url), mark) for url, mark in old.marks.items())
        return Found(tuple(known), total=old.total, newest=old.newest)

    def _said(self, ask: SourceAsk, found: Found, bytes_: int, validated: bool) -> SourceState:
        told = () if ask.source.kind == "wordpress" else found.mentions
        marks = {one.link.url: one.mark for one in told}
        rest = (found.total, found.newest, self.now, bytes_, validated)
        return with_parts(SourceState(self.now, marks, *rest), found)

    def lost(self, ask: SourceAsk, reason: str, missing: bool = False) -> Step:
        """What follows from a document that could not be had; `missing` means 404 or 410."""
        self._posts.lost(ask)
        if not self._counts(ask):
            self.notes.append(f"{ask.url}: {reason}")
            return Step()
        asks: tuple[SourceAsk, ...] = ()
        if missing and ask.page > 1:
            asks = self._unasked(self._lists.following(ask, Found(), ()))
        else:
            # What is not there is no part of the history; what did not come may be.
            self._group.lost += not missing
            self.notes.append(f"{ask.url}: {reason}")
        self._group.open += len(asks) - 1
        return self._closed(Step(asks=asks), ask)

    def vanished(self) -> list[str]:
        """Stored pages that a full list of the posts no longer has."""
        return self._posts.vanished()

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
            sources.sort(key=lambda source: self.memory.checked(_first_url(source)))
        else:
            many = len(sources)
        self._group = _Group(kind, tuple(sources[many:]))
        return self._open(sources[:many])

    def _open(self, sources: Iterable[Source]) -> tuple[SourceAsk, ...]:
        asks = self._unasked(chain.from_iterable(self._opening(source) for source in sources))
        self._group.open += len(asks)
        return asks

    def _opening(self, source: Source) -> list[SourceAsk]:
        return self._posts.opening(source) if source.kind == "wordpress" else [self._ask(source)]

    def _onward(
        self, ask: SourceAsk, found: Found, decisions: Sequence[Decision]
    ) -> Iterable[SourceAsk]:
        kind = ask.source.kind
        if kind == "sitemap":
            return self._parts(ask, found)
        if kind == "listing":
            return self._lists.following(ask, found, decisions)
        if kind == "wordpress":
            return self._posts.onward(ask, found, self._state(ask.url))
        return ()

    def _parts(self, ask: SourceAsk, found: Found) -> Iterable[SourceAsk]:
        parts = list(parts_of(ask, found, self._state(ask.url), self.history))
        if self.history or self._group.news:
            return parts
        now, later = split_unmarked(parts, found, self.memory, FRESH_PARTS)
        self._group.later += tuple(later)
        return now

    def _closed(self, step: Step, ask: SourceAsk) -> Step:
        """When a group is through: is that enough, or does the next kind of source have to help?"""
        group = self._group
        if not self._counts(ask) or group.open:
            return step
        if group.news and (group.waiting or group.later):
            sources, later = group.waiting, self._unasked(group.later)
            group.waiting, group.later, group.open = (), (), len(later)
            asks = (*later, *self._open(sources))
            if asks:
                return Step(step.decisions, (*step.asks, *asks))
        failed = not group.mentions
        gap = group.kind == "feed" and group.news == group.mentions and bool(self.memory.stored)
        if failed:
            self.silent[group.kind] = self.now
        if (failed or gap) and self._kinds:
            return Step(step.decisions, (*step.asks, *self._next_group()))
        if failed:
            self.notes.append(NO_LINK)
            self._exhausted = True
            self._settle_for_feeds()
        elif not group.lost:
            self.whole = True
        return step


def _first_url(source: Source) -> str:
    return wordpress.newest_posts(source.url) if source.kind == "wordpress" else source.url
