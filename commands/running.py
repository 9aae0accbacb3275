"""`jarshy crawl` and `jarshy run`: bring what is new from the sites.

The lock is taken before the crawler is loaded, so that a second run ends at once.
"""

from __future__ import annotations

import click

from commands.session import Session, pass_session
from crawler.store.lock import run_lock


@click.command()
@click.argument("site", nargs=-1)
@pass_session
def crawl(session: Session, site: tuple[str, ...]) -> None:
    """Fetch new and changed articles of the SITEs (all by default) into the store."""
    with run_lock(session.data):
        from commands.crawling import crawl_named

        crawl_named(session, site)


@click.command()
@click.argument("site", nargs=-1)
@pass_session
def run(session: Session, site: tuple[str, ...]) -> None:
    """Crawl the sites that are due (or the SITEs named), then index what changed.

    This is what cron calls. Exit code 75: another run is at work.
    """
    with run_lock(session.data):
        from commands.crawling import run_due

        run_due(session, site)
