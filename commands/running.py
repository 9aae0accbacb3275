"""`jarshy crawl` and `jarshy run`: bring what is new from the sites.

The lock is taken before the crawler is loaded, so that a second run ends at once.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from commands.session import Session, pass_session
from crawler.store.lock import run_lock

TERMINATED = 128 + signal.SIGTERM


@contextmanager
def ending_cleanly() -> Iterator[None]:
    """Let SIGTERM end the work as an exception does: what is open is closed, the log written.

    While sites are crawled, the crawl itself listens: it finishes the pages under way.
    """

    def end(_number: int, _frame: Any) -> None:
        raise SystemExit(TERMINATED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@click.command()
@click.argument("site", nargs=-1)
@pass_session
def crawl(session: Session, site: tuple[str, ...]) -> None:
    """Fetch new and changed articles of the SITEs (all by default) into the store."""
    with ending_cleanly(), run_lock(session.data):
        from commands.crawling import crawl_named

        crawl_named(session, site)


@click.command()
@click.argument("site", nargs=-1)
@pass_session
def run(session: Session, site: tuple[str, ...]) -> None:
    """Crawl the sites that are due (or the SITEs named), then index what changed.

    This is what cron calls. Exit code 1: a site did not answer or needs a look; 75: another run
    is at work. SIGTERM ends it within 30 seconds.
    """
    with ending_cleanly(), run_lock(session.data):
        from commands.crawling import run_due

        run_due(session, site)
