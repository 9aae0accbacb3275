"""Is everything there and sound: the store and its WARC files, a site and its sources."""

from __future__ import annotations

import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from crawler.crawling import crawl
from crawler.errors import ExtractionError, StoreError
from crawler.model import Account, Article, Link
from crawler.options import CrawlOptions
from crawler.reading import Reading, read
from crawler.sites import Site
from crawler.store.captures import digest
from crawler.store.place import own_file
from crawler.store.runs import SiteRun
from crawler.store.store import Store
from crawler.store.warc import LOST, LostFileError

FEW_REQUESTS = 8
SHORT = 200  # characters; an article of less is worth a look
MOST_TROUBLES = 8
MOST_LOST = 10  # missing WARC files that are told one by one


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What a look at a site found, in words: what works, what does not and what to do about it.

    `links` are the articles found, `reading` one of them cleaned.
    """

    links: tuple[Link, ...] = ()
    works: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()
    reading: Reading | None = None


def check_site(site: Site, options: CrawlOptions | None = None) -> SiteReport:
    """Crawl a few pages of a site into a folder that is thrown away.

    The same politeness as in any crawl; at most eight requests, so a few seconds.
    """
    few = site.model_copy(update={"page_budget": FEW_REQUESTS, "enabled": True})
    with tempfile.TemporaryDirectory(prefix="jarshy-check-") as folder, own_file():
        data = Path(folder)
        runs = crawl([few], data, None, options)
        with Store.open(data) as store:
            articles = [one.article for one in store.articles.newest(site.id, FEW_REQUESTS)]
            failures = [f"{f.url}: {f.reason}" for f in store.captures.failures(site.id)]
            reading = _first_reading(store, site)
    links = tuple(Link(one.url, site.url, one.title) for one in articles)
    troubles = [*_of_runs(runs), *failures, *_of_articles(articles, site)]
    told = tuple(dict.fromkeys(with_advice(one) for one in troubles))[:MOST_TROUBLES]
    return SiteReport(links, tuple(_working(runs, articles)), told, reading)


def _working(runs: Sequence[SiteRun], articles: Sequence[Article]) -> Iterator[str]:
    account = runs[0].account if runs else Account()
    if account.requests and runs[0].reachable:
        size = account.bytes / 1024
        yield f"The site answers: {account.requests} requests, {size:.0f} KB."
    if account.seen:
        yield f"Its lists name pages: {account.seen} were looked at, a full run takes them all."
    if articles:
        dated = sum(one.published is not None for one in articles)
        yield f"{len(articles)} articles were read; {dated} of them have a date."


def _of_runs(runs: Sequence[SiteRun]) -> Iterator[str]:
    expected = ("budget_hit", "left for the next run", "ended early")
    for run in runs:
        for note in run.account.notes:
            if not any(words in note for words in expected):
                yield note
        account = run.account
        if account.robots_denied:
            yield f"robots.txt forbids {account.robots_denied} of its pages"
        if account.filtered and not account.stored:
            yield f"all {account.filtered} links were left out: see `match` and `exclude`"


def _of_articles(articles: Sequence[Article], site: Site) -> Iterator[str]:
    if not articles:
        yield "no article could be read"
        return
    if all(one.published is None for one in articles):
        yield "no article has a date: name its place in a layout (`published`)"
    if all(len("".join(one.paragraphs)) < SHORT for one in articles):
        yield f"all articles are shorter than {SHORT} characters: is their text complete below?"
    if site.layouts and all(one.layout == "generic" for one in articles):
        yield "no layout matches its pages: they are read by guessing; compare the text below"
    if not any(one.title for one in articles):
        yield "no article has a title: name its place in a layout (`title`)"


@cache
def _remedies() -> Mapping[str, str]:
    path = files("crawler") / "data" / "remedies.toml"
    rows: Iterable[Mapping[str, str]] = tomllib.loads(path.read_text("utf-8"))["remedy"]
    return {row["says"]: row["do"] for row in rows}


def with_advice(trouble: str) -> str:
    """A trouble with what can be done about it, if that is known."""
    told = next((do for says, do in _remedies().items() if says in trouble), None)
    return f"{trouble}. {told}" if told else trouble


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
    lost: Counter[str] = Counter()
    for capture_id, expected in store.captures.digests():
        try:
            found = store.captures.read(capture_id)
        except LostFileError as error:
            lost[error.message] += 1
            continue
        except StoreError as error:
            yield error.message
            continue
        if found is None or digest(found[1].body) != expected:
            yield f"capture {capture_id}: the WARC file holds another page than the store says"
    yield from _of_lost(lost)


def _of_lost(lost: Counter[str]) -> Iterator[str]:
    """One sentence a file, and one for all beyond a few: a storage has a file a page."""
    told = lost.most_common()
    for what, number in told[:MOST_LOST]:
        yield f"{what}: {number} {'page' if number == 1 else 'pages'} of it. {LOST}"
    if rest := told[MOST_LOST:]:
        number = sum(pages for _, pages in rest)
        yield f"{len(rest)} more WARC files are not there: {number} pages of them. {LOST}"
