"""Reading the stored pages again, without the network, after the reading has become better."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from crawler.corrections import NONE, Corrections
from crawler.discover.directives import kept_out
from crawler.discover.memory import MOVED
from crawler.enrich.events import event_of
from crawler.enrich.registry import Registry
from crawler.errors import ExtractionError, StoreError
from crawler.model import Capture
from crawler.reading import Reading, at_address, read_all
from crawler.recall import is_told_here, repeated_texts
from crawler.sites import Site
from crawler.store.articles import Outcome
from crawler.store.store import Store

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class FailedPage:
    """A page that still can't be read."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReprocessReport:
    """How many pages were read, how many articles that changed or brought, what failed."""

    read: int = 0
    changed: int = 0
    failed: int = 0
    failures: tuple[FailedPage, ...] = ()

    def __add__(self, more: ReprocessReport) -> ReprocessReport:
        """Both together."""
        numbers = (self.read + more.read, self.changed + more.changed, self.failed + more.failed)
        return ReprocessReport(*numbers, self.failures + more.failures)


def reprocess(
    store: Store,
    sites: Mapping[str, Site] | Iterable[Site],
    site_ids: Collection[str] | None = None,
    report: Report | None = None,
    corrections: Corrections = NONE,
) -> ReprocessReport:
    """Read the newest capture of every page again (of all sites, or of those ids; "" is none).

    An article whose reading changed gets it in place: the page did not change, so there is no
    new version. Of an imported article, which has no page, the text stays and the facts are read
    again. A page that could not be read before is stored now if it can. `report` is
    called with (done, total). Corrections are laid over what is read. Damaged WARC records are
    failures; raises StoreError otherwise.
    """
    known = sites if isinstance(sites, Mapping) else {site.id: site for site in sites}
    wanted = [None] if site_ids is None else list(site_ids)
    ids = [one for site in wanted for one in store.captures.latest_ids(site)]
    imported = [one for site in wanted for one in store.articles.without_capture(site)]
    total = len(ids) + len(imported)
    changed = 0
    registry = Registry.of(known.values())
    read = known if site_ids is None else known.keys() & set(site_ids)
    repeated = {site: repeated_texts(site, store) for site in read}
    failures: list[FailedPage] = []
    for done, capture_id in enumerate(ids, start=1):
        try:
            changed += _again(store, known, repeated, registry, capture_id, corrections)
        except (ExtractionError, StoreError) as error:
            failures.append(FailedPage(_url_of(store, capture_id), error.message))
        if report is not None:
            report(done, total)
    for done, article_id in enumerate(imported, start=len(ids) + 1):
        changed += _facts_again(store, known, registry, article_id, corrections)
        if report is not None:
            report(done, total)
    return ReprocessReport(total, changed, len(failures), tuple(failures))


def _facts_again(
    store: Store,
    sites: Mapping[str, Site],
    registry: Registry,
    article_id: int,
    corrections: Corrections,
) -> bool:
    """Read the facts of an imported article out of its stored text; whether they changed."""
    document = store.articles.document(article_id)
    if document is None:
        return False
    article = document.article
    event = event_of(article, sites.get(article.site or ""), registry)
    return store.articles.revise(article, corrections.applied(article.url, event))


def _again(
    store: Store,
    sites: Mapping[str, Site],
    repeated: Mapping[str, frozenset[str]],
    registry: Registry,
    capture_id: int,
    corrections: Corrections,
) -> bool:
    """Whether the store changed."""
    found = store.captures.read(capture_id)
    if found is None or kept_out(found[1]) is not None:
        return False
    site_id, capture = found
    if site_id not in sites:
        # Without the site's layout and region the reading would be worse than what is stored.
        raise ExtractionError(f"its site {site_id!r} has no file in the config")
    told = read_all(capture, sites.get(site_id), repeated.get(site_id, frozenset()), registry)
    moved = store.captures.resource(f"{MOVED}{capture.url}")
    page = moved.state if moved and moved.state else capture.url
    found_here = at_address(told, page, site_id)
    readings = [one for one in found_here if is_told_here(one.article.url, page, store)]
    before = _present(store, page)
    changed = [
        _kept(store, capture, capture_id, one, corrections, bool(before)) for one in readings
    ]
    kept = {one.article.url for one in readings}
    if before - kept:
        store.articles.retire_others(page, kept, capture.fetched_at)
        return True
    return any(changed)


def _present(store: Store, page: str) -> set[str]:
    """The addresses of a page's articles that are not gone."""
    told = (store.articles.document_at(url) for url in store.articles.on_page(page))
    return {one.article.url for one in told if one is not None and one.gone_since is None}


def _kept(
    store: Store,
    capture: Capture,
    capture_id: int,
    reading: Reading,
    corrections: Corrections,
    is_alive: bool,
) -> bool:
    """Keep a reading; a part that its page told no more comes back if the page is there still."""
    article = reading.article
    event = corrections.applied(article.url, reading.event)
    known = store.articles.document_at(article.url)
    if known is not None and (known.gone_since is None or not is_alive):
        return store.articles.revise(article, event)
    outcome = store.articles.save(article, event, capture.fetched_at, capture_id)
    return outcome is not Outcome.SUPPRESSED


def _url_of(store: Store, capture_id: int) -> str:
    return store.captures.url_of(capture_id) or f"capture {capture_id}"
