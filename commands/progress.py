"""Progress of long work: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from commands.session import say

LINE_EVERY_SECONDS = 5.0


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function to call with (done, total); `total` may be 0 when nobody knows it."""
    report = _bar(label) if sys.stderr.isatty() else _lines(label)
    yield report
    if sys.stderr.isatty():
        say()


def _bar(label: str) -> Callable[[int, int], None]:
    def show(done: int, total: int) -> None:
        width = 28
        filled = width * done // total if total else 0
        share = f"{done}/{total}" if total else str(done)
        bar = "#" * filled + "." * (width - filled)
        click.echo(f"\r{label} [{bar}] {share}  ", err=True, nl=False)

    return show


def _lines(label: str) -> Callable[[int, int], None]:
    last = time.monotonic()

    def show(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= LINE_EVERY_SECONDS:
            last = now
            say(f"{label}: {done} of {total}" if total else f"{label}: {done}")

    return show
