"""The data folder: made when missing, for its owner's eyes only."""

from __future__ import annotations

from pathlib import Path

from crawler.errors import StoreError


def usable_folder(data: Path) -> None:
    """Make the folder (and the ones above it) with mode 0700; StoreError when it can't be used."""
    try:
        for folder in (*reversed(data.parents), data):
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)
        probe = data / ".writable"
        probe.touch(mode=0o600)
        probe.unlink(missing_ok=True)
    except OSError as error:
        remedy = f"Give --data (or JARSHY_DATA) a folder that this user may write to{_owner(data)}."
        raise StoreError(f"{data}: cannot be used as data folder ({error})", remedy) from None


def _owner(data: Path) -> str:
    """As whom the command might have been meant to run."""
    try:
        return f", or run it as its owner (sudo -u {data.owner()})"
    except (OSError, KeyError):
        return ""
