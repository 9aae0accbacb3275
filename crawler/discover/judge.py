"""What to do with a page that a source names: fetch it, or say what is already known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from crawler.discover.found import OVERLAP, Mention
from crawler.discover.memory import UNSETTLED, Memory
from crawler.discover.urls import canonical_url, identity, matches, trouble_with
from crawler.model import Link
from crawler.sites import Site


class Action(StrEnum):
    """What is to be done with a page, or what became of it without asking the server."""

    NEW = "new"
    CHANGED = "changed"
    CHECK = "check"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    FILTERED = "filtered"


ASKED = frozenset((Action.NEW, Action.CHANGED, Action.CHECK))


@dataclass(frozen=True, slots=True)
class Decision:
    """One page of the site and what to do with it; `reason` for what is left aside.

    `page` is the address that its article is stored under, if the page has moved since.
    """

    link: Link
    action: Action
    reason: str = ""
    page: str = ""


class Judge:
    """Decides on each page of a site once a run."""

    def __init__(self, site: Site, memory: Memory) -> None:
        self._site = site
        self._memory = memory
        self._met: set[str] = set()
        self._due = frozenset(memory.due)
        self._places = frozenset(_places(site))
        self._stored = {identity(url, site): url for url in memory.stored}

    def decide(self, mentions: Iterable[Mention], old: dict[str, str]) -> list[Decision]:
        """Decisions on the pages not met before in this run.

        `old` are the marks that the same document gave the last time. Links to other sites and
        to files are no pages and get none.
        """
        decisions = []
        for mention in mentions:
            url = mention.link.url
            trouble = trouble_with(url)
            if not self._site.covers(url) or trouble == "a file, not a page":
                continue
            if self._is_new_here(url):
                decisions.append(self._decide(mention, old.get(url), trouble))
        return decisions

    def check(self, urls: Iterable[str]) -> list[Decision]:
        """Decisions to look again at pages that no source named, where they stand now."""
        moved, found = self._memory.moved, []
        for url in urls:
            now = moved.get(url, url)
            if self._is_new_here(url) and (now == url or self._is_new_here(now)):
                found.append(Decision(Link(now, ""), Action.CHECK))
        return found

    def may_be_article(self, url: str) -> bool:
        """Whether a canonical address may be an article's: no list, and as the site tells."""
        return url not in self._places and matches(url, self._site)

    def has_met(self, url: str) -> bool:
        """Whether a page was met in this run."""
        return identity(url, self._site) in self._met

    def stored_as(self, mention: Mention) -> str | None:
        """The address under which the store has a page that a source names; None if it hasn't."""
        url, memory = mention.link.url, self._memory
        known = self._stored.get(identity(url, self._site))
        numbered = mention.alias if mention.alias in memory.stored else ""
        moved = memory.kept_as.get(url) or memory.kept_as.get(mention.alias) or numbered
        return known or (moved if moved in memory.stored else None)

    def meet(self, url: str) -> bool:
        """Whether a page (the goal of a redirect) is met for the first time; it is met now."""
        return self._is_new_here(url)

    def _is_new_here(self, url: str) -> bool:
        key = identity(url, self._site)
        if key in self._met:
            return False
        self._met.add(key)
        return True

    def _decide(self, mention: Mention, old: str | None, trouble: str | None) -> Decision:
        link, memory = mention.link, self._memory
        if trouble:
            return Decision(link, Action.FILTERED, trouble)
        if link.url in self._places:
            return Decision(link, Action.FILTERED, "the front page or a list")
        if not matches(link.url, self._site):
            return Decision(link, Action.FILTERED, "not an article by the site's patterns")
        changed = old == UNSETTLED or bool(old and mention.mark and old != mention.mark)
        stored = self.stored_as(mention)
        if {link.url, stored} & memory.removed:
            return Decision(link, Action.FILTERED, "taken down")
        if stored is not None:
            return self._decide_stored(link, stored, changed)
        if not changed and link.url in memory.aside:
            return Decision(link, Action.FILTERED, memory.aside[link.url])
        if not changed and link.url in memory.resting:
            return Decision(link, Action.FAILED, memory.resting[link.url])
        return Decision(link, Action.NEW)

    def _decide_stored(self, link: Link, stored: str, changed: bool) -> Decision:
        """A stored page: asked for where it stands now, unless that is another way to the same."""
        memory = self._memory
        same = identity(link.url, self._site) == identity(stored, self._site)
        self._is_new_here(stored)
        # Only WordPress tells a true time of change; a sitemap's `lastmod` may be of today.
        rest = "/wp-json/" in link.found_on or "rest_route=" in link.found_on
        # A server's clock may be slow: what it says was changed shortly before is looked at again.
        seen = memory.stored[stored] - OVERLAP
        newer = link.modified is not None and link.modified > seen
        asked = Decision(replace(link, url=stored if same else link.url), Action.CHANGED)
        asked = replace(asked, page="" if same else stored)
        if changed or (rest and newer):
            return asked
        # A page that had vanished and is named again may be back.
        back = stored in memory.gone and not {stored, link.url} & memory.resting.keys()
        check = back or stored in self._due
        return replace(asked, action=Action.CHECK if check else Action.UNCHANGED)


def _places(site: Site) -> Iterator[str]:
    """The canonical addresses of the front page and the lists: no articles, whatever they match."""
    for url in (site.url, *(source.url for source in site.sources)):
        yield canonical_url(url, site)
