"""What an update reads of an index that it has read before: nothing that was not written since."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from collection import article, fill

from crawler.model import Event
from indexer import manifest
from indexer.build import check_index, update_index
from indexer.place import current_folder

LATER = datetime(2026, 11, 2, tzinfo=UTC)


def test_files_are_read_once_and_again_when_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    digest = manifest.digest_of

    def reading(path: Path) -> tuple[str, int]:
        read.append(path.name)
        return digest(path)

    monkeypatch.setattr(manifest, "digest_of", reading)
    rows = [(article(number, f"Кітап {number}"), Event()) for number in (1, 2, 3)]
    with fill(tmp_path, rows) as store:
        update_index(tmp_path, store)
        assert update_index(tmp_path, store).added == 0
        before = set(read)
        assert len(read) == len(before), "each file once"
        store.articles.save(article(4, "Кітап 4"), Event(), LATER)
        assert update_index(tmp_path, store).added == 1
        assert len(read) == len(set(read)), "of the old files none again"
        assert set(read) > before
        damaged = max(current_folder(tmp_path).glob("*.tsv"))
        body = damaged.read_bytes()
        damaged.write_bytes(body[:-2] + b"x\n")
        assert len(damaged.read_bytes()) == len(body)
        assert update_index(tmp_path, store).rebuilt
    assert check_index(tmp_path) == []
