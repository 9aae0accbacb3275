"""`jarshy serve`: the search page and the API."""

from __future__ import annotations

import os
from contextlib import suppress

import click

from commands.session import Session, pass_session, say
from crawler.errors import StoreError
from crawler.store.folder import usable_folder
from crawler.store.migrating import UnfitStoreError
from crawler.store.place import has_store
from indexer.errors import SearchError
from indexer.search import prepare
from searchui import create_app
from searchui.serving import serve as serve_app

MOST_USEFUL = 2  # processes: each keeps its own memory of words and documents


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--requests-per-minute",
    type=click.IntRange(min=1),
    help="Most requests a minute from one address (429 beyond it), counted by each process. "
    "Default: no limit.",
)
@click.option(
    "--processes",
    default=min(MOST_USEFUL, os.cpu_count() or 1),
    type=click.IntRange(1, 64),
    help="Processes that answer. Default: 2, or 1 where there is one processor.",
)
@pass_session
def serve(
    session: Session, host: str, port: int, requests_per_minute: int | None, processes: int
) -> None:
    """Serve the search page and the API (waitress); Ctrl-C ends it."""
    usable_folder(session.data)
    _look_at_store(session)
    app = create_app(
        session.data, session.sound_sites()[0], requests_per_minute=requests_per_minute
    )
    serve_app(app, host, port, _ready, processes, lambda: _prepare(session))


def _look_at_store(session: Session) -> None:
    """Refuse a store that waiting does not mend; tell of one that may come back (503 till then)."""
    if not has_store(session.data):
        return
    try:
        session.store().close()
    except UnfitStoreError:
        raise
    except StoreError as error:
        say(f"! {error}")


def _prepare(session: Session) -> None:
    with suppress(SearchError):  # without a fit index the pages say what to do
        prepare(session.data)


def _ready(address: str) -> None:
    say(f"Search page: {address}  (Ctrl-C ends)")
