"""What `jarshy crawl`, `run` and `demo` share: crawl, tell how it goes, keep the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commands.indexing import group, update
from commands.notifying import lines_of, notify
from commands.run_log import RunRecord, logged, total_of
from commands.session import Session, counted, say
from crawler.crawling import crawl as crawl_sites
from crawler.enrich.registry import Registry
from crawler.errors import ConfigError
from crawler.health import SiteHealth, site_health
from crawler.model import Account
from crawler.options import CrawlOptions, NotifyOptions, load_notify, load_options
from crawler.scheduling import due_sites
from crawler.sites import Site
from crawler.store.runs import COUNTS, SiteRun

FAILURES_TOLD = 3
HEADINGS = ("seen", "stored", "updated", "unchanged", "failed", "filtered", "denied", "asked", "KB")


def crawl_named(session: Session, ids: Sequence[str]) -> None:
    """Crawl the sites of those ids (all when none is named); the caller holds the lock."""
    known, left_out = session.sound_sites()
    runs = crawl_and_tell(session, session.chosen(known, ids), known)
    exit_when_failed(runs, left_out=left_out)


def run_due(session: Session, ids: Sequence[str]) -> None:
    """Crawl the sites that are due, or those named, then index; the caller holds the lock."""
    with logged(session) as record:
        known, left_out = session.sound_sites()
        chosen = session.chosen(known, ids)
        options = load_notify(session.config)
        with session.store() as store:
            due = chosen if ids else due_sites(chosen, store, record.started)
        record.runs = crawl_and_tell(session, due, known) if due else []
        look_at_health(session, due, options, record)
        report = update(session)
        record.documents = report.documents
        total = total_of(record.runs)
        told = f"{total.stored} new, {total.updated} changed, {total.failed} failed"
        say(f"{len(due)} of {len(chosen)} sites were due: {told}; {report.documents} in the index.")
    exit_when_failed(record.runs, record.unhealthy, left_out)


def look_at_health(
    session: Session, sites: Sequence[Site], options: NotifyOptions, record: RunRecord
) -> None:
    """Say which of the sites need a look, and tell whom the config names."""
    with session.store() as store:
        healths = site_health(sites, store)
        record.unhealthy = [one for one in healths if not one.healthy]
        for one in record.unhealthy:
            for line in lines_of(one):
                say(f"! {one.site}: {line}")
        record.notified = notify(healths, options, store, record.started)


def crawl_and_tell(
    session: Session, sites: Sequence[Site], known: Mapping[str, Site]
) -> list[SiteRun]:
    """Crawl, telling each site's state as it goes and all accounts at the end.

    `known` are the libraries whose names are recognised in the articles.
    """
    told: dict[str, int] = {}

    def progress(site: str, account: Account) -> None:
        if account.seen // 10 > told.get(site, 0):
            told[site] = account.seen // 10
            say(f"  {site}: {account.seen} pages seen, {account.stored} stored")

    registry = Registry.of({**known, **{site.id: site for site in sites}}.values())
    options = load_options(session.config)
    must_be_reachable(session, sites, options)
    runs = crawl_sites(sites, session.data, progress, options, registry=registry)
    for line in table_of(runs):
        say(line)
    _tell_left_out(sites, runs)
    with session.store() as store:
        store.cut_off_after(options.lease_seconds)
        group(store)
    _tell_failures(session, runs)
    return runs


def must_be_reachable(session: Session, sites: Sequence[Site], options: CrawlOptions) -> None:
    """No stranger's site is asked without telling whom its owner can turn to."""
    if not options.contact and not all(site.allow_private_addresses for site in sites):
        place = session.config / "jarshy.toml"
        remedy = "Put a page or a mailto: address there; it is sent along with every request."
        raise ConfigError(f"{place}: crawl.contact: is empty", remedy)


def _tell_left_out(sites: Sequence[Site], runs: Sequence[SiteRun]) -> None:
    """Name the sites that other machines hold, where several share the store."""
    begun = {one.site for one in runs}
    for site in sites:
        if site.id not in begun:
            say(f"! {site.id}: left to another worker, who is at it or at its host")


def _tell_failures(session: Session, runs: Sequence[SiteRun]) -> None:
    """Name the pages that failed in these runs, the first of each site, with the reason."""
    with session.store() as store:
        for one in runs:
            if not one.account.failed:
                continue
            for failure in store.captures.failures(one.site)[:FAILURES_TOLD]:
                if failure.last_failed >= one.started_at:
                    say(f"! {one.site}: {failure.url}: {failure.reason}")


def table_of(runs: Sequence[SiteRun]) -> list[str]:
    """The accounts as lines of a table, with what went wrong below it."""
    if not runs:
        return []
    width = max(len(one.site) for one in runs) + 2
    lines = ["site".ljust(width) + "".join(name.rjust(10) for name in HEADINGS)]
    lines += [one.site.ljust(width) + _cells(one.account) for one in runs]
    if len(runs) > 1:
        lines.append("all".ljust(width) + _cells(total_of(runs)))
    lines += [f"! {one.site}: {note}" for one in runs for note in one.account.notes]
    return lines


def _cells(account: Account) -> str:
    numbers = [getattr(account, name) for name in COUNTS]
    numbers[-1] //= 1024
    return "".join(str(number).rjust(10) for number in numbers)


def exit_when_failed(
    runs: Sequence[SiteRun], unhealthy: Sequence[SiteHealth] = (), left_out: int = 0
) -> None:
    """End with exit code 1, in words, when a site was left out, did not answer or needs a look."""
    down = [one.site for one in runs if not one.reachable]
    if down:
        say(f"Not reachable: {', '.join(down)}. What was stored is kept; the next run tries again.")
    ill = [one.site for one in unhealthy if one.site not in down]
    if ill:
        say(f"In need of a look: {', '.join(ill)}. `jarshy status` says why.")
    if left_out:
        say(f"Left out: {counted(left_out, 'site')} whose file is wrong, as told above.")
    if down or ill or left_out:
        raise SystemExit(1)
