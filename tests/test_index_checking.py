"""What an update reads: changed articles once, and of an index nothing that it has read before."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from collection import article, fill

from crawler.model import Document, Event
from crawler.store import documents
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


def test_changed_articles_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    decoded = documents._document

    def reading(row: sa.Row[tuple[object, ...]]) -> Document:
        read.append(row.id)
        return decoded(row)

    rows = [(article(number, f"Кітап {number}"), Event()) for number in range(1, 6)]
    told: list[tuple[int, int]] = []
    with fill(tmp_path, rows) as store:
        update_index(tmp_path, store)
        for number in (2, 4, 4, 6):
            title = f"Басқа {number} {store.articles.last_sequence()}"
            store.articles.save(article(number, title), Event(), LATER)
        assert store.articles.remove(article(5, "").url, LATER, "asked for")
        monkeypatch.setattr(documents, "_document", reading)
        report = update_index(tmp_path, store, progress=lambda *one: told.append(one))
    assert (report.added, report.deleted, report.documents) == (3, 1, 5)
    assert sorted(read) == [2, 4, 6]
    assert {total for _, total in told} == {4}, "removed ones among them"
