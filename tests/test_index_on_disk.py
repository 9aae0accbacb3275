"""What a state of the index is made of is on the disk before a name makes it visible.

No power is cut here. The real calls of the system are written down as they are made: each file
that a state has must have been synced as it is now, and the folders as well, before the rename.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from collection import SEEN, article, fill

from crawler.model import Event
from indexer.build import check_index, update_index
from indexer.manifest import read_manifest
from indexer.place import CURRENT, current_folder, index_root
from indexer.search import Searcher, SearchRequest

Synced = dict[int, tuple[int, int]]  # size and time of the last change
Entries = dict[Path, set[str]]


@dataclass
class Disk:
    """What was synced so far: files by inode, as they were then, and the names in folders."""

    synced: Synced = field(default_factory=dict)
    entries: Entries = field(default_factory=dict)
    renames: list[tuple[Path, Synced, Entries]] = field(default_factory=list)

    def note_sync(self, handle: int) -> None:
        found, path = os.fstat(handle), Path(f"/proc/self/fd/{handle}").readlink()
        if path.is_dir():
            self.entries[path] = {one.name for one in path.iterdir()}
        else:
            self.synced[found.st_ino] = (found.st_size, found.st_mtime_ns)

    def note_rename(self, target: Path) -> None:
        self.renames.append((target, dict(self.synced), dict(self.entries)))

    def before(self, name: str) -> tuple[Synced, Entries]:
        """What was on the disk when something got its name, the last time."""
        return next((one[1], one[2]) for one in reversed(self.renames) if one[0].name == name)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Writes down what the system is really asked to do."""
    disk = Disk()
    fsync, renames = os.fsync, {name: getattr(os, name) for name in ("rename", "replace")}

    def synced(handle: int) -> None:
        fsync(handle)
        disk.note_sync(handle)

    def noted(name: str) -> Any:
        def rename(source: Any, target: Any, **more: Any) -> None:
            disk.note_rename(Path(target))
            renames[name](source, target, **more)

        return rename

    monkeypatch.setattr(os, "fsync", synced)
    for name in renames:
        monkeypatch.setattr(os, name, noted(name))
    return disk


def state_is_on(disk: Disk, folder: Path, generation: int, name: str) -> None:
    """All of a state was on the disk when it got its name."""
    synced, entries = disk.before(name)
    files = {*read_manifest(folder, generation).files, f"manifest-{generation}.json"}
    assert "words.tsv" in files
    own = {one for one in files if (folder / one).exists()}  # contents are named after the rename
    assert own - {name} <= entries[folder.resolve()]
    for one in own:
        found = (folder / one).stat()
        assert synced.get(found.st_ino) == (found.st_size, found.st_mtime_ns), one


def test_a_state_is_on_the_disk_before_it_is_visible(tmp_path: Path, disk: Disk) -> None:
    with fill(tmp_path, [(article(n, f"Кітап {n}", "Кітап."), Event()) for n in (1, 2)]) as store:
        update_index(tmp_path, store)
        folder, root = current_folder(tmp_path), index_root(tmp_path).resolve()
        state_is_on(disk, folder, 1, "_MAIN_1.toc")
        state_is_on(disk, folder, 1, CURRENT)
        assert folder.name in disk.before(CURRENT)[1][root]
        assert CURRENT in disk.entries[root]  # and so is the rename itself
        store.articles.save(article(3, "Кітап 3", "Кітап."), Event(), SEEN)
        update_index(tmp_path, store)
        assert current_folder(tmp_path) == folder
        state_is_on(disk, folder, 2, "_MAIN_2.toc")
        assert "_MAIN_2.toc" in disk.entries[folder.resolve()]
    assert check_index(tmp_path) == []
    with Searcher.open(tmp_path) as searcher:
        assert searcher.search(SearchRequest(q="кітап")).total == 3


def test_an_owner_that_a_power_cut_left_empty_is_written_anew(tmp_path: Path, disk: Disk) -> None:
    pytest.importorskip("opensearchpy", reason="needs requirements-opensearch.lock")
    from indexer.engines.opensearch.owner import owner_of

    folder = tmp_path / "built-1"
    (tmp_path / "opensearch.owner").touch()
    owner = owner_of(folder)
    assert owner
    assert owner_of(folder) == owner
    assert disk.entries[tmp_path.resolve()] == {"opensearch.owner"}
