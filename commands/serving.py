"""`jarshy serve`: the search page and the API."""

from __future__ import annotations

import click

from commands.session import Session, pass_session, say
from crawler.store.folder import usable_folder
from searchui import create_app
from searchui.serving import serve as serve_app


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--requests-per-minute",
    type=click.IntRange(min=1),
    help="Most requests a minute from one address (429 beyond it). Default: no limit.",
)
@pass_session
def serve(session: Session, host: str, port: int, requests_per_minute: int | None) -> None:
    """Serve the search page and the API (waitress); Ctrl-C ends it."""
    usable_folder(session.data)
    app = create_app(session.data, session.sites(), requests_per_minute=requests_per_minute)
    serve_app(app, host, port, ready=lambda address: say(f"Search page: {address}  (Ctrl-C ends)"))
