"""`jarshy work`: one of several machines that crawl into one store."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime

import click

from commands.breakdowns import Breakdowns
from commands.crawling import exit_when_failed, look_at_health, must_be_reachable
from commands.run_log import RunRecord, logged
from commands.running import ending_cleanly
from commands.session import Session, counted, pass_session, say
from crawler.crawling import CrawlError, crawl
from crawler.enrich.registry import Registry
from crawler.errors import ConfigError, JarshyError, StoreError
from crawler.model import Account
from crawler.options import load_notify, load_options
from crawler.scheduling import due_sites
from crawler.sharing import Share, free_sites
from crawler.sites import Site, read_sites
from crawler.store.heartbeat import SITE, own_name
from crawler.store.store import Store

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
ALONE = (
    "Machines that share the store must see each other's, to take sites over, reprocess and check: "
    "set `warc` (docs/scale.md)."
)
NAMES = "Nothing is wrong if that one died; two that live need names that differ (--name)."
NEEDS = 'Set store = "postgresql+psycopg://..." in jarshy.toml; on one machine use `jarshy run`.'


def _name(_: click.Context, __: click.Parameter, told: str | None) -> str:
    name = told or own_name()
    if not NAME.fullmatch(name):
        raise click.BadParameter("letters a-z, digits, dots, dashes; at most 64 of them")
    return name


@click.command()
@click.option("--once", is_flag=True, help="End when no site is due any more.")
@click.option(
    "--name",
    callback=_name,
    help="How this worker is called in `jarshy status` and in WARC files. "
    "Default: its machine's name and the number of its process.",
)
@click.option(
    "--every",
    default=30.0,
    show_default=True,
    type=click.FloatRange(0.1, 3600),
    help="Seconds to wait when no site is due, or others are at all that are.",
)
@pass_session
def work(session: Session, once: bool, name: str, every: float) -> None:
    """Crawl sites that are due, sharing them with the workers of other machines.

    Each site, and each host, is leased to one worker at a time; the site of a worker that dies is
    free again after `lease_seconds` (jarshy.toml). Needs the store in PostgreSQL. Indexing is
    left to `jarshy index`. What fails is told and tried again, without --once. Exit code 1 (with
    --once): a site did not answer or needs a look.
    """
    with session.store() as store:
        if not store.is_shared:
            raise ConfigError("work: several workers need a store that they can share", NEEDS)
        store.captures.try_out()
        store.captures.mend_tail()
        _tell_where_pages_stay(store)
        _tell_of_namesake(store, name)
    with ending_cleanly():
        _work(session, name, once, every)


def _work(session: Session, name: str, once: bool, every: float) -> None:
    told: set[str] = set()
    _must_be_right(session, told)
    say(f"{name} at work" + ("." if once else "; Ctrl-C ends."))
    records: list[RunRecord] = []
    breakdowns = Breakdowns(every)
    while True:
        try:
            record = _round(session, name, told, breakdowns)
        except JarshyError as error:
            if once:
                raise
            _wait(session, name, error, breakdowns)
            continue
        breakdowns.over()
        if record is not None and record.runs:
            records = [*records, record] if once else []
        elif once and not _is_any_due(session, told):
            break
        else:
            time.sleep(every)
    runs = [run for record in records for run in record.runs]
    exit_when_failed(runs, [one for record in records for one in record.unhealthy])


def _tell_where_pages_stay(store: Store) -> None:
    """Say it where `warc` is not set, unless the folder is a link or a disk of its own."""
    folder = store.captures.own_folder
    if folder is not None and not (folder.is_symlink() or folder.is_mount()):
        say(f"Raw pages stay on this machine, in {folder}. {ALONE}")


def _tell_of_namesake(store: Store, name: str) -> None:
    """Two workers of one name can't be told apart, in `jarshy status` or after a breakdown."""
    store.leases.free_the_dead()
    heard = [one.renewed_at for one in store.leases.held() if one.holder == name]
    if heard:
        last = max(heard).isoformat(timespec="seconds")
        say(f"! A worker called {name} was heard of at {last}. {NAMES}")


def _must_be_right(session: Session, told: set[str]) -> None:
    """Refuse to begin with a config that is wrong; later on a slip of the pen ends nothing."""
    load_notify(session.config)
    sites = session.chosen(_sites(session, told), ())
    must_be_reachable(session, sites, load_options(session.config))


def _wait(session: Session, name: str, error: JarshyError, breakdowns: Breakdowns) -> None:
    """Tell what broke down and wait, longer each time in a row."""
    if breakdowns.is_news(str(error)):
        say(f"! {error}")
    if isinstance(error, CrawlError):
        # What the crawl's process held is held until the next look for the dead.
        with suppress(StoreError), session.store() as store:
            held = [one.name for one in store.leases.held() if one.holder == name]
            store.captures.mend_tail()
            sites = [one.removeprefix(SITE) for one in held if one.startswith(SITE)]
            breakdowns.suspect(sites)
            if sites:
                say(f"! {', '.join(sites)}: under way then, left for later; others go on.")
    pause = breakdowns.pause()
    say(f"  Going on in {pause:g} s.")
    time.sleep(pause)


def _is_any_due(session: Session, told: set[str]) -> bool:
    """Whether a site is left that another worker holds, who may die of it."""
    sites = session.chosen(_sites(session, told), ())
    with session.store() as store:
        return bool(due_sites(sites, store, datetime.now(UTC)))


def _round(session: Session, name: str, told: set[str], breakdowns: Breakdowns) -> RunRecord | None:
    """Crawl until nothing is due and free; None when there was nothing to crawl."""
    known = _sites(session, told)
    sites = session.chosen(known, ())
    with session.store() as store:
        sites = breakdowns.chosen(sites, free_sites(sites, store, datetime.now(UTC)))
    if not sites:
        return None
    options = load_options(session.config)
    must_be_reachable(session, sites, options)
    with logged(session) as record:
        share = Share(name, options.lease_seconds)
        registry = Registry.of(known.values())
        record.runs = crawl(
            sites, session.data, options=options, registry=registry, share=share, ended=_tell
        )
        breakdowns.clear([one.site for one in record.runs])
        crawled = [known[one.site] for one in record.runs]
        look_at_health(session, crawled, load_notify(session.config), record)
    return record


def _sites(session: Session, told: set[str]) -> Mapping[str, Site]:
    """The sites as their files are now; what is wrong with a file is told once."""
    sites, faults = read_sites(session.library_folder)
    for fault in faults:
        if str(fault) not in told:
            told.add(str(fault))
            say(f"! this site is left out: {fault}")
    return sites


def _tell(site: str, account: Account) -> None:
    done = f"{counted(account.seen, 'page')} seen, {account.stored} new, {account.updated} changed"
    say(f"  {site}: {done}, {account.failed} failed")
    for note in account.notes:
        say(f"! {site}: {note}")
