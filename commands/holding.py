"""Writing articles of sites while workers of other machines may crawl them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

import click

from commands.session import Session, say
from crawler.options import load_options
from crawler.store.heartbeat import SITE, alone
from crawler.store.store import Store

wait_option = click.option(
    "--wait",
    type=click.FloatRange(0, 86_400),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for a site that a worker is at (with a store in PostgreSQL).",
)


@contextmanager
def alone_at(
    session: Session, store: Store, sites: Collection[str], wait: float
) -> Iterator[Store]:
    """Hold sites as a worker does ("" stands for articles of none); gives the store to write with.

    In a store that is a file the lock of the folder, which the caller holds, is enough. Raises
    LockedError when a worker is at one of them for longer than `wait` seconds.
    """
    if not store.is_shared or not sites:
        yield store
        return
    seconds = load_options(session.config).lease_seconds
    with alone(store, [f"{SITE}{one}" for one in sites], seconds, wait, say) as mine:
        yield mine
