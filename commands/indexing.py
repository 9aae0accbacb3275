"""`jarshy index`: bring the index up to the store."""

from __future__ import annotations

import click

from commands.progress import progress
from commands.session import Session, pass_session, say
from crawler.correcting import apply_corrections
from crawler.corrections import load_corrections
from crawler.gathering import gather
from crawler.options import load_options
from crawler.store.heartbeat import alone
from crawler.store.lock import run_lock
from crawler.store.store import Store
from indexer.build import update_index
from indexer.model import BuildReport


@click.command()
@click.option("--rebuild", is_flag=True, help="Make the index anew beside the old one, then swap.")
@pass_session
def index(session: Session, rebuild: bool) -> None:
    """Index what changed in the store since the last time."""
    with run_lock(session.data):
        report = update(session, rebuild=rebuild)
    told = f"{report.added} added or changed, {report.deleted} taken out"
    say(f"{told}, {report.documents} in the index, {report.seconds:.1f} s.")


def update(session: Session, rebuild: bool = False) -> BuildReport:
    """Lay the corrections over the store, group its articles, then update the index.

    The caller holds the lock of the folder. Of several machines one at a time may do it:
    LockedError tells which one is at it.
    """
    corrections = load_corrections(session.config)
    seconds = load_options(session.config).lease_seconds
    with session.store() as opened, alone(opened, "index", seconds) as store:
        apply_corrections(store, corrections)
        group(store)
        with progress("Indexing") as report:
            return update_index(session.data, store, rebuild=rebuild, progress=report)


def group(store: Store) -> None:
    """Group the articles that changed by their events, showing how it goes."""
    if store.groups.gathered() < store.articles.last_sequence():
        with progress("Grouping") as report:
            gather(store, report)
