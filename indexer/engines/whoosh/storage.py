"""Whoosh's file storage with two promises more: files are on the disk, and sealed, before use."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from indexer.engines.syncing import sync

_CONTENTS = re.compile(r"^_MAIN_(\d+)\.toc$")
_LEFT_OVER = re.compile(r"^_MAIN_\d+\.toc\..+$")


class SealingStorage(FileStorage):  # type: ignore[misc]
    """Calls `seal(generation, path)` with the new table of contents before it takes its name."""

    def __init__(self, folder: Path, seal: Callable[[int, Path], None] | None = None) -> None:
        super().__init__(str(folder))
        self._seal = seal

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename a file; a table of contents is fsynced and sealed first."""
        path = Path(self.folder) / oldname
        found = _CONTENTS.match(newname)
        if found:
            sync(path)
            if self._seal is not None:
                self._seal(int(found.group(1)), path)
        super().rename_file(oldname, newname, safe=safe)
        if found:
            sync(Path(self.folder))

    def lock(self, name: str) -> Any:
        """Whoosh's lock; left-over tables of contents of killed writers go away."""
        for file in Path(self.folder).iterdir():
            if _LEFT_OVER.match(file.name):
                file.unlink(missing_ok=True)
        return super().lock(name)
