"""The production server: waitress in one or more processes; a plain word when the port is taken."""

from __future__ import annotations

import errno
import gc
import socket
from collections.abc import Callable

import waitress
from flask import Flask

from crawler.errors import JarshyError
from searchui.processes import Connections, FairListener, Processes, can_fork, save_memory

THREADS = 8
BACKLOG = 256


class ServingError(JarshyError):
    """The server cannot listen where it was told to."""


def serve(
    app: Flask,
    host: str,
    port: int,
    ready: Callable[[str], None] | None = None,
    processes: int = 1,
    prepare: Callable[[], None] | None = None,
) -> None:
    """Serve until interrupted; `ready` is called with the address once the port is open.

    Port 0 is any free one. With several processes SIGTERM, like Ctrl-C, ends all of them, and
    one that dies is started again; `app` must have opened nothing yet. `prepare` is called before
    the first answer and before the others are made: what it reads is in memory once, for all.
    Systems that cannot fork serve with one. Raises ServingError when the port is taken or the
    address is not this machine's.
    """
    listener = open_port(host, port)
    if ready is not None:
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{listener.getsockname()[1]}/")
    save_memory()
    if prepare is not None:
        prepare()
        gc.collect()
        gc.freeze()  # else the collector goes through, and writes to, all that is shared
    if processes < 2 or not can_fork():
        _run(app, listener)
        return
    connections = Connections(processes)
    try:
        Processes(
            processes, lambda number: _run(app, FairListener(listener, connections, number))
        ).run()
    finally:
        listener.close()


def _run(app: Flask, listener: socket.socket) -> None:
    server = waitress.create_server(app, sockets=[listener], threads=THREADS, ident="jarshy")
    if isinstance(listener, FairListener):
        listener.count = lambda: len(server.active_channels)
    try:
        server.run()
    finally:
        server.close()


def open_port(host: str, port: int) -> socket.socket:
    """A listening socket; raises ServingError."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _plain(error, host, port) from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(where)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise _plain(error, host, port) from None
    return listener


def _plain(error: OSError, host: str, port: int) -> ServingError:
    if error.errno == errno.EADDRINUSE:
        remedy = f"Stop the other program, or choose another port: --port {port + 1}."
        return ServingError(f"Port {port} on {host} is taken by another program", remedy)
    if error.errno == errno.EACCES:
        remedy = "Choose a port above 1023, for example --port 8000."
        return ServingError(f"This user may not open port {port}", remedy)
    remedy = "Use 127.0.0.1 for this computer alone, 0.0.0.0 for the whole network."
    return ServingError(f"Cannot listen on {host}:{port} ({error.strerror or error})", remedy)
