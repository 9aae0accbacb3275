"""`jarshy reprocess`, `remove` and `doctor`: upkeep of what is stored."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from commands.indexing import group
from commands.progress import progress
from commands.session import Session, counted, pass_session, say
from crawler.checking import check_store
from crawler.correcting import stored
from crawler.corrections import load_corrections
from crawler.discover.urls import canonical_url
from crawler.options import load_notify, load_options
from crawler.reprocessing import reprocess as reprocess_store
from crawler.store.lock import run_lock
from indexer.build import check_index
from indexer.outgrown import outgrown_in


@click.command()
@click.argument("site", nargs=-1)
@pass_session
def reprocess(session: Session, site: tuple[str, ...]) -> None:
    """Read the stored pages again (all, or of the SITEs), without the network."""
    sites = session.sites()
    session.chosen_sites(site)
    corrections = load_corrections(session.config)
    with run_lock(session.data), session.store() as store, progress("Reading again") as report:
        done = reprocess_store(store, sites, site or None, report, corrections)
        group(store)
    read, changed = counted(done.read, "page"), counted(done.changed, "article")
    say(f"{read} read, {changed} changed, {done.failed} failed.")
    for failure in done.failures[:10]:
        say(f"! {failure.url}: {failure.reason}")
    say("Now run `jarshy index`.")


@click.command()
@click.argument("url")
@click.option("--reason", default="asked for", show_default=True, help="Kept with the removal.")
@pass_session
def remove(session: Session, url: str, reason: str) -> None:
    """Take the article at URL down for good; it is not stored again."""
    with run_lock(session.data), session.store() as store:
        now = datetime.now(UTC)
        known = store.articles.remove(url, now, reason)
        known = store.articles.remove(canonical_url(url), now, reason) or known
    if known:
        say("Removed. Now run `jarshy index` to take it out of the search.")
    else:
        say("No article of that address was stored; it will not be stored in future.")


@click.command()
@pass_session
def doctor(session: Session) -> None:
    """Check config, store, WARC files and index; exit code 1 when something is wrong."""
    problems = 0
    load_options(session.config)
    load_notify(session.config)
    sites = session.sites()
    corrections = load_corrections(session.config).by_url
    told = f"{counted(len(sites), 'site')}, {counted(len(corrections), 'correction')}"
    say(f"config   ok: {told} in {session.config}")
    with session.kept_store() as store:
        for problem in check_store(store):
            problems += 1
            say(f"store    ! {problem}")
        say(f"store    {counted(store.articles.count(), 'article')} checked in {store.place}")
        for url in (url for url in corrections if stored(store, url) is None):
            say(f"config   a correction waits for an article not stored: {url}")
    for problem in check_index(session.data):
        problems += 1
        say(f"index    ! {problem}")
    if large := outgrown_in(session.data):
        say(f"index    {large}")
    say("All is well." if not problems else f"{counted(problems, 'problem')}.")
    if problems:
        raise SystemExit(1)
