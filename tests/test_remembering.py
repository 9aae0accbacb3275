"""What the pages keep between visits never outlives the index it was found in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from shelves import NOW, SITES, fill, shelves

from indexer.model import IndexStatus
from searchui import create_app
from searchui.remembering import MOST, Memory

STATUS = IndexStatus("whoosh", "1", 5, 100, NOW, 1, 0, False)


def test_an_answer_is_found_once_for_a_state_of_the_index() -> None:
    memory, asked = Memory(), []

    def find() -> int:
        asked.append(1)
        return len(asked)

    assert [memory.recall(STATUS, "a", find) for _ in range(3)] == [1, 1, 1]
    later = replace(STATUS, built_at=NOW + timedelta(minutes=1), sequence=2)
    assert memory.recall(later, "a", find) == 2


def test_it_keeps_no_more_than_it_may() -> None:
    memory = Memory()
    for number in range(3 * MOST):
        memory.recall(STATUS, number, lambda: 1)
    assert memory.recall(STATUS, 3 * MOST - 1, lambda: 2) == 1
    assert memory.recall(STATUS, 0, lambda: 2) == 2


def test_the_first_page_shows_what_was_indexed_since(tmp_path: Path) -> None:
    rows = shelves()
    fill(tmp_path, rows[:4])
    client = create_app(tmp_path, SITES, now=lambda: NOW).test_client()
    assert "көрмесі" not in client.get("/").text
    client.application.extensions["jarshy"].archive.close()
    fill(tmp_path, rows[5:8])
    assert "көрмесі" in client.get("/").text
