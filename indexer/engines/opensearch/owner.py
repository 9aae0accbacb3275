"""The mark of an installation: which indices of the cluster are its own, to be dropped in time.

It stands in the index root beside the number (inode) of its own file. A file that was copied has
another number: so a copied folder is known as such, wherever it is mounted, and what is made anew
in it gets a mark of its own. Neither of the two can then drop what the other uses.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

from indexer.engines.opensearch.pointer import write_synced
from indexer.engines.syncing import sync

OWNER = "opensearch.owner"


def mark_of(root: Path) -> str:
    """The mark of an index root; empty where there is none."""
    return next(iter(_told(root)), "")


def owner_of(folder: Path) -> str:
    """The mark of the index root that a folder is in; made where there is none yet."""
    # An empty one is left by a power cut.
    return mark_of(folder.parent) or _marked(folder.parent)


def own(folder: Path) -> None:
    """Give the index root that a folder is in a mark of its own, if it is a copy of another."""
    told = _told(folder.parent)
    if len(told) > 1 and told[1] != _number(folder.parent):
        _marked(folder.parent)


def _told(root: Path) -> list[str]:
    with suppress(FileNotFoundError):
        return (root / OWNER).read_text("utf-8").split()
    return []


def _marked(root: Path) -> str:
    (root / OWNER).touch()
    mark = secrets.token_hex(4)
    write_synced(root / OWNER, f"{mark} {_number(root)}\n")
    sync(root)
    return mark


def _number(root: Path) -> str:
    return str((root / OWNER).stat().st_ino)
