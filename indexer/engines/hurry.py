"""Whether somebody waits before a page for what is asked now, or a run that has time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_hurried: ContextVar[bool] = ContextVar("hurried", default=False)


@contextmanager
def hurried() -> Iterator[None]:
    """What is asked within, by this thread, is for a page: sooner told as impossible than late."""
    before = _hurried.set(True)
    try:
        yield
    finally:
        _hurried.reset(before)


def is_hurried() -> bool:
    """Whether what is asked now is for a page."""
    return _hurried.get()
