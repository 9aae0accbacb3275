"""`jarshy index`: bring the index up to the store."""

from __future__ import annotations

import time

import click

from commands.progress import progress
from commands.running import ending_cleanly
from commands.session import Session, pass_session, say
from crawler.correcting import apply_corrections
from crawler.corrections import load_corrections
from crawler.errors import JarshyError
from crawler.gathering import gather
from crawler.options import load_options
from crawler.store.heartbeat import alone
from crawler.store.lock import run_lock
from crawler.store.store import Store
from indexer.build import update_index
from indexer.model import BuildReport


@click.command()
@click.option("--rebuild", is_flag=True, help="Make the index anew beside the old one, then swap.")
@click.option(
    "--every",
    type=click.FloatRange(1, 86_400),
    metavar="SECONDS",
    help="Go on, and look for changes so often; what fails is told and tried again.",
)
@pass_session
def index(session: Session, rebuild: bool, every: float | None) -> None:
    """Index what changed in the store since the last time."""
    with ending_cleanly():
        if every is None:
            _tell(_index(session, rebuild))
            return
        while True:
            try:
                report = _index(session, rebuild)
                rebuild = False
                if report.added or report.deleted:
                    _tell(report)
            except JarshyError as error:
                say(f"! {error}")
            time.sleep(every)


def _index(session: Session, rebuild: bool) -> BuildReport:
    with run_lock(session.data):
        return update(session, rebuild=rebuild)


def _tell(report: BuildReport) -> None:
    told = f"{report.added} added or changed, {report.deleted} taken out"
    say(f"{told}, {report.documents} in the index, {report.seconds:.1f} s.")


def update(session: Session, rebuild: bool = False) -> BuildReport:
    """Lay the corrections over the store, group its articles, then update the index.

    The caller holds the lock of the folder. Of several machines one at a time may do it:
    LockedError tells which one is at it.
    """
    corrections = load_corrections(session.config)
    seconds = load_options(session.config).lease_seconds
    with session.store() as opened, alone(opened, ["index"], seconds) as store:
        apply_corrections(store, corrections)
        group(store)
        with progress("Indexing") as report:
            return update_index(session.data, store, rebuild=rebuild, progress=report)


def group(store: Store) -> None:
    """Group the articles that changed by their events, showing how it goes."""
    if store.groups.gathered() < store.articles.last_sequence():
        with progress("Grouping") as report:
            gather(store, report)
