"""What the store knows of a site, as discovery needs it; which pages are to be seen again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from math import ceil

from crawler.discover.memory import MOVED, NUMBER, Memory, SourceState
from crawler.discover.urls import matches
from crawler.sites import Site
from crawler.store.articles import GONE_AFTER, Known
from crawler.store.captures import Failure, Resource
from crawler.store.store import Store

# Every article is seen at least this often; the second half of the time spreads the visits.
ROTA = timedelta(days=90)
REST_LIMIT = timedelta(days=30)
SAMPLE = 40
FEWEST_PAGES = 10
# With the pauses doubling up to 30 days, about three months.
MOST_ATTEMPTS = 8


def site_key(site: Site) -> str:
    """Under what name the store keeps facts about a whole site."""
    return f"site:{site.id}"


def is_told_here(url: str, page: str, store: Store) -> bool:
    """Whether an article is this page's to tell: an entry with a page of its own is that one's."""
    return url.partition("#")[0] == page or store.captures.resource(url) is None


def recall(site: Site, store: Store, now: datetime) -> Memory:
    """The memory of a site for a run that begins now."""
    known = store.articles.known(site.id)
    pages = store.captures.resources(site.id, "page")
    sources = store.captures.resources(site.id, "source")
    noted = store.captures.resource(site_key(site))
    state = json.loads(noted.state) if noted and noted.state else {}
    failures = store.captures.failures(site.id)
    rest = {one.url: one.reason for one in resting(failures, now, site)}
    removed = frozenset(store.articles.suppressed_urls())
    aliases = store.captures.resources(site.id, "alias")
    return Memory(
        stored=_pages(known),
        aside={url: one.state for url, one in pages.items() if one.state},
        resting=rest,
        removed=removed,
        gone=frozenset(page_of(one.url) for one in known if one.gone_since is not None),
        retry=tuple(_retries(failures, known, removed.union(rest), site)),
        kept_as=_kept_as(aliases.values()),
        moved=_moved(aliases.values()),
        due=tuple(rechecks(known, now, site)),
        states={
            url: SourceState.from_json(one.state, one.checked_at)
            for url, one in sources.items()
            if one.state
        },
        whole=bool(state.get("whole")),
        silent={kind: datetime.fromisoformat(at) for kind, at in state.get("silent", {}).items()},
    )


def page_of(url: str) -> str:
    """The page that tells an article: its address without a fragment."""
    return url.partition("#")[0]


def _kept_as(aliases: Iterable[Resource]) -> dict[str, str]:
    """From every further address to the one that its page is stored under."""
    return {_address(one): one.state for one in aliases if one.state}


def _moved(aliases: Iterable[Resource]) -> dict[str, str]:
    """From the address that a page is stored under to where it was seen last."""
    latest = sorted(aliases, key=lambda one: one.checked_at)
    return {one.state: _address(one) for one in latest if one.state and one.url.startswith(MOVED)}


def _address(alias: Resource) -> str:
    return alias.url.removeprefix(NUMBER).removeprefix(MOVED)


def _retries(
    failures: Iterable[Failure], known: Iterable[Known], rest: Collection[str], site: Site
) -> Iterator[str]:
    """Failed pages to try again though no source may name them any more.

    Those of missing articles have their own time; a page that was never there is given up.
    """
    absent = {page_of(one.url) for one in known if one.missing_since or one.gone_since}
    for failure in sorted(failures, key=lambda one: one.last_failed):
        url = failure.url
        lost_cause = failure.attempts >= MOST_ATTEMPTS and "answers 4" in failure.reason
        if url not in rest and url not in absent and not lost_cause and matches(url, site):
            yield url


def _pages(known: Sequence[Known]) -> dict[str, datetime]:
    """Each page with when its longest unseen article was seen; `known` has those first."""
    pages: dict[str, datetime] = {}
    for one in known:
        pages.setdefault(page_of(one.url), one.last_seen)
    return pages


def repeated_texts(site: str, store: Store) -> frozenset[str]:
    """Texts that stand on most of a site's newest pages: not any one story's."""
    newest = store.articles.newest(site, SAMPLE)
    if len(newest) < FEWEST_PAGES:
        return frozenset()
    counts: Counter[str] = Counter()
    for document in newest:
        article = document.article
        counts.update({*article.paragraphs, *(one.text for one in article.removed)})
    return frozenset(text for text, pages in counts.items() if pages * 2 > len(newest))


def resting(failures: Iterable[Failure], now: datetime, site: Site) -> list[Failure]:
    """Failed pages that are not tried yet: the pause doubles with each attempt, up to 30 days.

    A page that was fetched but could not be read rests 30 days: `jarshy reprocess` tries again.
    """
    found = []
    for failure in failures:
        hours = site.interval_hours * 2 ** min(failure.attempts - 1, 10)
        pause = REST_LIMIT if failure.capture_id else min(REST_LIMIT, timedelta(hours=hours))
        # Cron never starts to the second: a tenth less, so that "a day later" is a day later.
        if now - failure.last_failed < pause * 0.9:
            found.append(failure)
    return found


def rechecks(known: Sequence[Known], now: datetime, site: Site) -> list[str]:
    """The stored pages to look at again now: those missing for a week, then the rota's.

    `known` is sorted, the longest unseen first. From half the rota's time on, each run takes so
    many that every page is seen within 90 days and no run has much more to do than the next.
    """
    alive = [one for one in known if one.gone_since is None and matches(page_of(one.url), site)]
    missing = [
        page_of(one.url)
        for one in alive
        if one.missing_since is not None and now - one.missing_since >= GONE_AFTER
    ]
    present = [one for one in alive if one.missing_since is None]
    older = [one for one in present if now - one.last_seen >= ROTA / 2]
    turn = older[: _share(older, now, timedelta(hours=site.interval_hours))]
    return list(dict.fromkeys((*missing, *(page_of(one.url) for one in turn))))


def _share(older: Sequence[Known], now: datetime, interval: timedelta) -> int:
    """How many to take now so that, run by run, each still gets its turn before its 90 days."""
    share = 0
    for place, one in enumerate(older, start=1):
        runs_left = (one.last_seen + ROTA - now) // interval - 1
        share = max(share, ceil(place / max(1, runs_left)))
    return share
