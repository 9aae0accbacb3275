"""`jarshy serve`: the search page and the API."""

from __future__ import annotations

import click

from commands.session import Session, pass_session, say
from searchui import create_app
from searchui.serving import serve as serve_app


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@pass_session
def serve(session: Session, host: str, port: int) -> None:
    """Serve the search page and the API (waitress); Ctrl-C ends it."""
    app = create_app(session.data, session.sites())
    serve_app(app, host, port, ready=lambda address: say(f"Search page: {address}  (Ctrl-C ends)"))
