"""How often terms stand in an index on a cluster that is written again and again."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from indexer.rows import Row, Zone

if "JARSHY_TEST_CLUSTER" not in os.environ:
    pytest.skip("needs an OpenSearch cluster: make test-scale", allow_module_level=True)

from indexer.engines.opensearch import OpenSearchEngine, committing, engine, leaving
from indexer.engines.opensearch.reader import OpenSearchReader
from indexer.engines.protocol import EngineQuery, Forms, Ordered, Prefix, Some, Term

WORDS = ("кітап", "көрме", "оқырман", "50%", "a|b", "екі сөз", "ә" * 300)
PAIR = ("кітап", "көрме")


def no_seal(_generation: int, _files: Mapping[str, Path]) -> None:
    """These tests need no manifest."""


def row(number: int, times: int = 1) -> Row:
    """A document with every third word of WORDS, a word of its own, and one of this writing."""
    words = [*WORDS[number % 3 :: 3], *PAIR[: number % 3], f"n{number}", f"w{times}"]
    zone = Zone("body", list(range(len(words))), words, words, words, words)
    return Row(number, number + 1000 * times, (zone,), {}, 738000, 738000)


def write(folder: Path, rows: list[Row], deleted: tuple[int, ...] = ()) -> OpenSearchReader:
    part = OpenSearchEngine().prepare(folder, rows)
    OpenSearchEngine().commit(folder, [part] if part else [], deleted, no_seal)
    return OpenSearchEngine().open(folder)


def made(folder: Path) -> Path:
    folder.mkdir()
    OpenSearchEngine().create(folder, no_seal)
    return folder


def scores(reader: OpenSearchReader) -> list[tuple[int, float]]:
    words = tuple(Forms((Term("stem", one), Prefix("folded", one[:3]))) for one in WORDS)
    tree = Some((*words, Ordered((PAIR[:1], PAIR[1:]), (0, 1))), bonus=True)
    return list(reader.search(EngineQuery(tree, limit=250)).hits)


def same(reader: OpenSearchReader, new: OpenSearchReader) -> None:
    """What an index answers that was written often, and one of the same documents anew."""
    for word in (*WORDS, "n7", "w0", "w1", "w12", "w13"):
        for term in (Term("stem", word), Prefix("prefix", word[:2]), Term("folded", word)):
            assert reader.frequency(term) == new.frequency(term), term
    mine, expected = dict(scores(reader)), dict(scores(new))
    assert mine == pytest.approx(expected, rel=1e-4)
    assert max(expected.values()) > 1


def test_rewriting_changes_no_score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "COUNTED", 70)
    monkeypatch.setattr(leaving, "PAGE", 30)
    folder = made(tmp_path / "often")
    for times in range(12):
        # Never all of them: then the counts would begin anew.
        write(folder, [row(number, times) for number in range(1, 201 - (times > 0))])
    reader = write(folder, [row(3, 13)], deleted=(5, 6))
    new = [row(one, 13 if one == 3 else 11) for one in range(1, 200) if one not in (5, 6)]
    same(reader, write(made(tmp_path / "new"), [*new, row(200, 0)]))


def test_rewriting_all_counts_anew(tmp_path: Path) -> None:
    folder = made(tmp_path / "often")
    write(folder, [row(number) for number in range(1, 21)])
    reader = write(folder, [row(number, 2) for number in range(1, 31)])
    same(reader, write(made(tmp_path / "new"), [row(number, 2) for number in range(1, 31)]))
    assert "w1" not in reader.words()
    assert reader.words()["w2"] == 30


@pytest.mark.parametrize("dies_in", ["seal", "terms_leaving"])
def test_a_commit_that_died_takes_nothing_off_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies_in: str
) -> None:
    folder = made(tmp_path / "often")
    write(folder, [row(number) for number in range(1, 21)])

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    seal: Callable[..., None] = dies if dies_in == "seal" else no_seal
    part = OpenSearchEngine().prepare(folder, [row(2, 2), row(21)])
    assert part
    with monkeypatch.context() as patch:
        if dies_in != "seal":
            patch.setattr(committing.Committing, dies_in, dies)
        with pytest.raises(KeyboardInterrupt):
            OpenSearchEngine().commit(folder, [part], [9], seal)
    write(folder, [row(3, 2)], deleted=(4,))
    reader = write(folder, [row(2, 3)], deleted=(4, 77))
    rows = [row(one, {3: 2, 2: 3}.get(one, 1)) for one in range(1, 21) if one != 4]
    same(reader, write(made(tmp_path / "new"), rows))
