"""The production server: waitress, with a plain word when the port is taken."""

from __future__ import annotations

import errno
from collections.abc import Callable

import waitress
from flask import Flask

from crawler.errors import JarshyError

THREADS = 8


class ServingError(JarshyError):
    """The server cannot listen where it was told to."""


def serve(app: Flask, host: str, port: int, ready: Callable[[str], None] | None = None) -> None:
    """Serve until interrupted; `ready` is called with the address once the port is open.

    Raises ServingError when the port is taken or the address is not this machine's.
    """
    try:
        server = waitress.create_server(
            app,
            host=host,
            port=port,
            threads=THREADS,
            ident="jarshy",
            clear_untrusted_proxy_headers=True,
        )
    except OSError as error:
        raise _plain(error, host, port) from None
    if ready is not None:
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{server.effective_port}/")
    try:
        server.run()
    finally:
        server.close()


def _plain(error: OSError, host: str, port: int) -> ServingError:
    if error.errno == errno.EADDRINUSE:
        remedy = f"Stop the other program, or choose another port: --port {port + 1}."
        return ServingError(f"Port {port} on {host} is taken by another program", remedy)
    if error.errno == errno.EACCES:
        remedy = "Choose a port above 1023, for example --port 8000."
        return ServingError(f"This user may not open port {port}", remedy)
    remedy = "Use 127.0.0.1 for this computer alone, 0.0.0.0 for the whole network."
    return ServingError(f"Cannot listen on {host}:{port} ({error.strerror or error})", remedy)
