"""`jarshy reprocess` and `remove`: upkeep of what is stored."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from commands.holding import alone_at, wait_option
from commands.indexing import group
from commands.rereading import reread
from commands.session import Session, counted, pass_session, say
from crawler.correcting import stored
from crawler.discover.urls import canonical_url
from crawler.errors import LockedError
from crawler.store.lock import run_lock


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
