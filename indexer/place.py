"""Where an index lives: `index/current` names the folder of the index in use, beside it.

A rebuild fills a folder of its own and then changes `current`, in one step.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crawler.errors import LockedError
from indexer.engines.syncing import sync
from indexer.errors import IndexMissingError

CURRENT = "current"
LEXICON = "lexicon.tsv"
FAMILIAR = "familiar.arrays"
COUNTS = "words.tsv"


def index_root(data: Path) -> Path:
    """The folder of everything of the index in a data folder."""
    return data / "index"


def current_folder(data: Path) -> Path:
    """The folder of the index in use; IndexMissingError when there is none."""
    root = index_root(data)
    try:
        name = (root / CURRENT).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        name = ""
    if not name or Path(name).name != name or not (root / name).is_dir():
        raise IndexMissingError(f"{root}: there is no index yet", "Run `jarshy index`.")
    return root / name


def fresh_folder(data: Path) -> Path:
    """A new empty folder for a rebuild."""
    folder = index_root(data) / f"built-{secrets.token_hex(6)}"
    folder.mkdir(mode=0o700)
    return folder


def use_folder(data: Path, folder: Path, prove: Callable[[], None] = lambda: None) -> None:
    """Make a rebuilt index the one in use, for readers within a second; the old one goes.

    `prove` raises when this process may write no more. Who comes after it takes away what is
    about to be renamed, so that a process which was stopped just here changes nothing either.
    """
    root = index_root(data)
    fresh = root / f"{CURRENT}.{folder.name}.new"
    old = [path for path in root.glob("built-*") if path != folder]  # not what others begin later
    with fresh.open("w", encoding="utf-8") as stream:
        stream.write(folder.name + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    sync(folder)
    sync(root)
    prove()
    try:
        fresh.replace(root / CURRENT)
    except FileNotFoundError:
        message = f"{root}: another process has taken the index over"
        raise LockedError(message, "Run `jarshy index` again.") from None
    sync(root)  # after a power cut the old one may be named no more: it goes now
    for path in old:
        shutil.rmtree(path, ignore_errors=True)


def remove_unused(data: Path) -> None:
    """Take away what killed rebuilds, or the one before this, left behind; for writers alone."""
    for path in _unused(data):
        shutil.rmtree(path, ignore_errors=True)
    for path in index_root(data).glob(f"{CURRENT}.*new"):
        path.unlink(missing_ok=True)


def _unused(data: Path) -> Iterator[Path]:
    used: Path | None = None
    with suppress(IndexMissingError):
        used = current_folder(data)
    for path in index_root(data).glob("built-*"):
        if path != used:
            yield path


@contextmanager
def writing(data: Path) -> Iterator[None]:
    """Hold the index for writing; LockedError when another process does."""
    root = index_root(data)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"{root}: another process is writing the index"
            raise LockedError(message, "Wait for it to end.") from None
        yield
    finally:
        os.close(handle)
