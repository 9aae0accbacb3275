"""Joining the dictionaries of an index on a cluster: right sums, little memory, seldom all."""

from __future__ import annotations

import random
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("opensearchpy", reason="needs requirements-opensearch.lock")

from indexer.engines.arrays import read_arrays
from indexer.engines.opensearch import dictionary, joining
from indexer.engines.opensearch.dictionary import FIELDS, Dictionary, write_dictionary
from indexer.engines.opensearch.joining import JOIN_FROM, join, tidied, to_join
from indexer.engines.protocol import Prefix, Term

TERMS = st.text("абвAZ|%é𝄞", min_size=1, max_size=4)
COUNTS = st.dictionaries(TERMS, st.integers(-3, 5), max_size=30)


def written(path: Path, stems: dict[str, int], words: dict[str, int] | None = None) -> Path:
    told = {"stem": stems, "word": words or {}}
    write_dictionary(path, {name: told.get(name, {}) for name in FIELDS})
    return path


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=6), st.integers(1, 40))
def test_a_joined_dictionary_is_the_sum(
    tmp_path_factory: pytest.TempPathFactory,
    told: list[tuple[dict[str, int], dict[str, int]]],
    in_memory: int,
) -> None:
    folder = tmp_path_factory.mktemp("joined")
    files = [written(folder / f"{n}", stems, words) for n, (stems, words) in enumerate(told)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joining, "IN_MEMORY", in_memory)
        join(files, folder / "made")
    made = Dictionary([folder / "made"])
    for number, name in enumerate(("stem", "word")):
        total: Counter[str] = Counter()
        for one in told:
            total.update(one[number])
        assert made.counts(name) == {term: count for term, count in total.items() if count}
    assert made.counts("prefix") == {}
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["made", *(path.name for path in files)]
    )


def test_joining_takes_as_much_memory_for_large_files_as_for_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joining, "IN_MEMORY", 5_000)
    draw = random.Random(9)
    peaks = []
    for count in (1_000, 5_000):
        stems = [{f"сөз{draw.randrange(10**7):07}": 1 for _ in range(count)} for _ in range(20)]
        files = [written(tmp_path / f"{count}-{n}", one) for n, one in enumerate(stems)]
        total = Counter(term for one in stems for term in one)
        del stems
        tracemalloc.start()
        join(files, tmp_path / f"made-{count}")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert Dictionary([tmp_path / f"made-{count}"]).counts("stem") == total
    assert sum(path.stat().st_size for path in files) > 2_000_000
    assert peaks[1] < 1.5 * peaks[0]
    assert peaks[1] < 2_500_000


def test_an_update_writes_little_of_what_was_there() -> None:
    files = {"base": 1_000_000}
    sizes: list[int] = []
    draw = random.Random(5)
    for number in range(3_000):
        files[f"{number}"] = draw.choice((10, 100, 100, 1_000))
        old = to_join(files)
        if old:
            files = {
                **{name: size for name, size in files.items() if name not in old},
                f"joined-{number}": sum(files[name] for name in old),
            }
            sizes.append(files[f"joined-{number}"])
        assert len(files) < JOIN_FROM
    added = sum(files.values()) - 1_000_000
    assert 500_000 < added < 1_500_000
    assert sum(sizes) < 25 * added, "each term some times, not with each update"
    assert sum(size > 1_000_000 for size in sizes) <= 2, "when as much has come as was there"


def test_many_parts_of_a_rebuild_are_joined_at_once(tmp_path: Path) -> None:
    names = [f"terms-{number}" for number in range(30)]
    for number, name in enumerate(names):
        written(tmp_path / name, {f"а{number}": 2, "бәрі": 1})
    (made,) = tidied(tmp_path, names)
    assert Dictionary([tmp_path / made]).counts("stem")["бәрі"] == 30
    assert tidied(tmp_path, [made, *names[:3]]) == (made, *names[:3]), "few are left as they are"


def test_places_beyond_four_gigabytes_take_eight_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dictionary, "MOST_SHORT", 40)  # as if so many bytes were 4 GB
    first = written(tmp_path / "first", {f"кітап{number}": 2 for number in range(3)})
    second = written(tmp_path / "second", {f"көрме{number}": 3 for number in range(5)})
    join([first, second], tmp_path / "made")
    kinds = [read_arrays(tmp_path / one)[0]["stem.ends"].itemsize for one in ("first", "made")]
    assert kinds == [4, 8]
    made = Dictionary([tmp_path / "made"])
    assert made.frequency(Prefix("stem", "к")) == 21
    assert made.frequency(Term("stem", "көрме4")) == 3
    assert made.frequency(Term("stem", "көрме5")) == 0
