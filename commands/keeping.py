"""`jarshy reprocess`, `remove` and `doctor`: upkeep of what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from commands.holding import alone_at, wait_option
from commands.indexing import group
from commands.rereading import reread
from commands.session import Session, counted, pass_session, say
from crawler.checking import check_store
from crawler.correcting import stored
from crawler.corrections import load_corrections
from crawler.discover.urls import canonical_url
from crawler.errors import LockedError, StoreError
from crawler.options import load_notify, load_options
from crawler.store.lock import run_lock
from crawler.store.store import Store
from indexer.ailing import ailments_of
from indexer.build import check_index
from indexer.outgrown import outgrown_in


@click.command()
@click.argument("site", nargs=-1)
@wait_option
@pass_session
def reprocess(session: Session, site: tuple[str, ...], wait: float) -> None:
    """Read the stored pages again (all, or of the SITEs), without the network.

    In a store that workers share, a site at which one of them is comes last; if it is not free in
    time it is left out and named, with exit code 75.
    """
    session.chosen_sites(site)
    with run_lock(session.data), session.store() as store:
        done, left = reread(session, store, site, wait)
        group(store)
    read, changed = counted(done.read, "page"), counted(done.changed, "article")
    say(f"{read} read, {changed} changed, {done.failed} failed.")
    for failure in done.failures[:10]:
        say(f"! {failure.url}: {failure.reason}")
    say("Now run `jarshy index`.")
    if left:
        names = " ".join(left)
        raise LockedError(
            f"Left out, as a worker is at them: {names}", f"Later `jarshy reprocess {names}`."
        )


@click.command()
@click.argument("url")
@click.option("--reason", default="asked for", show_default=True, help="Kept with the removal.")
@wait_option
@pass_session
def remove(session: Session, url: str, reason: str, wait: float) -> None:
    """Take the article at URL down for good; it is not stored again."""
    try:
        plain = canonical_url(url)
    except ValueError:
        raise click.BadParameter(f"{url!r} is no web address", param_hint="URL") from None
    with run_lock(session.data), session.store() as opened:
        before = not opened.articles.suppressed_urls().isdisjoint((url, plain))
        found = stored(opened, url)
        site = found.article.site or "" if found is not None else ""
        with alone_at(session, opened, [site], wait) as store:
            now = datetime.now(UTC)
            known = store.articles.remove(url, now, reason)
            known = store.articles.remove(plain, now, reason) or known
    if known:
        say("Removed. Now run `jarshy index` to take it out of the search.")
    elif before:
        say("Removed before; it is not stored again.")
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
    if session.library_folder != session.config:
        say(f"config   the sites are those of {session.library_folder / 'sites'}")
    with session.kept_store() as store:
        for problem in (*_closed(store), *check_store(store)):
            problems += 1
            say(f"store    ! {problem}")
        say(f"store    {counted(store.articles.count(), 'article')} checked in {store.place}")
        for url in (url for url in corrections if stored(store, url) is None):
            say(f"config   a correction waits for an article not stored: {url}")
    for problem in dict.fromkeys((*check_index(session.data), *ailments_of(session.data))):
        problems += 1
        say(f"index    ! {problem}")
    if large := outgrown_in(session.data):
        say(f"index    {large}")
    say("All is well." if not problems else f"{counted(problems, 'problem')}.")
    if problems:
        raise SystemExit(1)


def _closed(store: Store) -> Iterator[str]:
    """Why the next crawl could keep no page."""
    try:
        store.captures.try_out()
    except StoreError as error:
        yield str(error)
