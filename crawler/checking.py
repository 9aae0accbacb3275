"""Is everything there and sound: the store and its WARC files, a site and its sources."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.crawling import crawl
from crawler.errors import ExtractionError, StoreError
from crawler.model import Link
from crawler.options import CrawlOptions
from crawler.reading import Reading, read
from crawler.sites import Site
from crawler.store.captures import digest
from crawler.store.store import Store

FEW_REQUESTS = 8


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What a look at a site found: the first links, one article, what is wrong."""

    links: tuple[Link, ...] = ()
    troubles: tuple[str, ...] = ()
    reading: Reading | None = None


def check_site(site: Site, options: CrawlOptions | None = None) -> SiteReport:
    """Crawl a few pages of a site into a folder that is thrown away.

    The same politeness as in any crawl; at most eight requests, so a few seconds.
    """
    few = site.model_copy(update={"page_budget": FEW_REQUESTS, "enabled": True})
    with tempfile.TemporaryDirectory(prefix="jarshy-check-") as folder:
        data = Path(folder)
        runs = crawl([few], data, None, options)
        with Store.open(data) as store:
            known = store.articles.known(site.id)
            troubles = [note for run in runs for note in _troubles(run.account.notes)]
            troubles += [f"{f.url}: {f.reason}" for f in store.captures.failures(site.id)]
            if not known:
                troubles.append("no article could be read")
            reading = _first_reading(store, site)
            links = tuple(Link(one.url, site.url) for one in known)
    return SiteReport(links, tuple(troubles), reading)


def _troubles(notes: tuple[str, ...]) -> list[str]:
    expected = ("budget_hit", "left for the next run")
    return [note for note in notes if not any(words in note for words in expected)]


def _first_reading(store: Store, site: Site) -> Reading | None:
    for capture_id in store.captures.latest_ids(site.id):
        found = store.captures.read(capture_id)
        if found is not None:
            try:
                return read(found[1], site)
            except ExtractionError:
                continue
    return None


def check_store(store: Store) -> Iterator[str]:
    """What is wrong with the store: a sentence for each damage, none when all is sound."""
    yield from store.damages()
    for capture_id, expected in store.captures.digests():
        try:
            found = store.captures.read(capture_id)
        except StoreError as error:
            yield error.message
            continue
        if found is None or digest(found[1].body) != expected:
            yield f"capture {capture_id}: the WARC file holds another page than the store says"
