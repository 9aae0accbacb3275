"""What the views work with: the archive, the configured sites, the clock, the release."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app, g

from crawler.sites import Site
from indexer.search import Searcher
from searchui.archive import Archive
from searchui.labels import Labels
from searchui.remembering import Memory


@dataclass(frozen=True, slots=True)
class Services:
    """One application's parts; `now` tells the time, zone-aware."""

    archive: Archive
    sites: Mapping[str, Site]
    now: Callable[[], datetime]
    release: str
    memory: Memory = field(default_factory=Memory)


def services() -> Services:
    """The parts of the current application."""
    found: Services = current_app.extensions["jarshy"]
    return found


def searcher() -> Searcher:
    """The current application's searcher; raises the errors of indexer.errors."""
    return services().archive.searcher


def labels() -> Labels:
    """Names in the language of the current request."""
    return Labels(g.wording, services().sites)
