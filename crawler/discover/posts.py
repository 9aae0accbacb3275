"""The lists of a WordPress in one run: which to ask, what they say of vanished or moved posts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crawler.discover import wordpress
from crawler.discover.found import Found
from crawler.discover.judge import Judge
from crawler.discover.memory import Memory, SourceState
from crawler.discover.steps import SourceAsk
from crawler.sites import Site, Source


class Posts:
    """The WordPress sources of a site: one, or one for each language."""

    def __init__(self, site: Site, memory: Memory, judge: Judge, history: bool) -> None:
        self._memory = memory
        self._judge = judge
        self._history = history
        self._sources = [source for source in site.sources if source.kind == "wordpress"]
        self._listed: dict[str, set[str]] = {}
        self._broken: set[str] = set()

    def opening(self, source: Source) -> list[SourceAsk]:
        """The whole list the first time; later what is newest and what was modified."""
        url = wordpress.newest_posts(source.url)
        state = self._memory.states.get(url)
        newest = SourceAsk(url, source, part="newest")
        if self._history:
            return [SourceAsk(wordpress.all_posts(source.url), source), newest]
        if state is None or state.since is None:
            return [newest]
        changed = wordpress.modified_posts(source.url, state.since)
        return [newest, SourceAsk(changed, source, part="modified")]

    def onward(self, ask: SourceAsk, found: Found, old: SourceState) -> Iterator[SourceAsk]:
        """The next page of a list, or the whole list when the newest posts don't explain it."""
        if ask.part == "all":
            listed = self._listed.setdefault(ask.source.url, set())
            for one in found.mentions:
                listed |= {one.link.url, self._judge.stored_as(one) or one.link.url}
        if ask.part != "newest":
            yield from (SourceAsk(url, ask.source, ask.page + 1, ask.part) for url in found.more)
        elif not self._history and (self._moved(found) or not _explained(found, old)):
            # Also when the list answers for the first time: what it has is not known then.
            yield SourceAsk(wordpress.all_posts(ask.source.url), ask.source)

    def lost(self, ask: SourceAsk) -> None:
        """A page of a list could not be had: nothing follows from what is not on the others."""
        if ask.part == "all":
            self._broken.add(ask.source.url)

    def vanished(self) -> list[str]:
        """Stored pages that a full list of the posts no longer has."""
        gone = self._memory.gone
        return [url for url in self._memory.stored if url not in gone and self._is_missed(url)]

    def _is_missed(self, url: str) -> bool:
        owner = max(self._owners(url), key=lambda source: len(source.url), default=None)
        if owner is None or owner.url in self._broken:
            return False
        listed = self._listed.get(owner.url)
        return listed is not None and url not in listed

    def _owners(self, url: str) -> Iterable[Source]:
        return (one for one in self._sources if url.startswith(wordpress.home_of(one.url)))

    def _moved(self, found: Found) -> bool:
        """Whether a stored post has an address that was not known before."""
        known = self._memory.stored.keys() | self._memory.kept_as.keys()
        return any(
            one.link.url not in known and self._judge.stored_as(one) for one in found.mentions
        )


def _explained(found: Found, old: SourceState) -> bool:
    """Whether the total is the old one and the posts with higher numbers than were known."""
    if old.since is None or old.total is None or found.total is None:
        return old.since is not None
    fresh = sum(wordpress.number_in(one.alias) > old.newest for one in found.mentions)
    return found.total == old.total + fresh and fresh < len(found.mentions)
