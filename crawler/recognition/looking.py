"""Fetching some addresses of a site, with all manners and guards, into a folder thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.crawling import crawl
from crawler.model import Capture
from crawler.options import CrawlOptions
from crawler.sites import Site
from crawler.store.place import own_file
from crawler.store.store import Store


@dataclass(frozen=True, slots=True)
class Looked:
    """What came: answers by the address asked, and in words why others did not come."""

    answers: Mapping[str, Capture]
    reasons: Mapping[str, str]
    notes: tuple[str, ...] = ()


def look(site: Site, urls: Sequence[str], options: CrawlOptions | None) -> Looked:
    """Ask for some addresses of a site, each once."""
    with tempfile.TemporaryDirectory(prefix="jarshy-look-") as folder, own_file():
        runs = crawl([site], Path(folder), options=options, look=urls)
        with Store.open(Path(folder)) as store:
            pages = store.captures.resources(site.id, "page")
            found = (store.captures.read(one) for one in store.captures.latest_ids(site.id))
            by_url = {pair[1].url: pair[1] for pair in found if pair is not None}
            reasons = {one.url: one.reason for one in store.captures.failures(site.id)}
    led = {url: (page.state or "").removeprefix("leads to ") for url, page in pages.items()}
    goals = {url: url if url in by_url else led.get(url, url) for url in urls}
    notes = tuple(note for run in runs for note in run.account.notes)
    if any(run.account.robots_denied for run in runs):
        notes = (*notes, "its robots.txt forbids it")
    answers = {url: by_url[goal] for url, goal in goals.items() if goal in by_url}
    return Looked(answers, reasons, notes)
