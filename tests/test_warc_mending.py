"""WARC files that killed writers left torn: all are mended, and none is looked at for ever."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from test_store import URL, captured

from crawler.checking import check_store
from crawler.store.mending import COARSE, NOTE, in_doubt, looked_at
from crawler.store.store import Store
from crawler.store.warc import WarcArchive

HALF = b"\x1f\x8b\x08 half a record"


def written(data: Path, writers: int = 3) -> list[Path]:
    """A file of each of several writers, of which the store names all records."""
    for number in range(writers):
        with Store.open(data, writer=f"w{number}") as store:
            for n in range(2):
                store.captures.add(captured(url=f"{URL}-{number}-{n}"), "lib", ())
    return sorted((data / "warc").glob("*.gz"))


def tear(path: Path) -> None:
    with path.open("ab") as stream:
        stream.write(HALF)


def mend(data: Path) -> int:
    with Store.open(data) as store:
        return store.captures.mend_tail()


def test_the_torn_files_of_all_dead_writers_are_mended(tmp_path: Path) -> None:
    files = written(tmp_path)
    whole = [path.read_bytes() for path in files]
    for path in files:
        tear(path)
    assert mend(tmp_path) == 3 * len(HALF)
    assert [path.read_bytes() for path in files] == whole
    tear(files[1])
    assert mend(tmp_path) == len(HALF)
    assert [path.read_bytes() for path in files] == whole
    with Store.open(tmp_path) as store:
        assert list(check_store(store)) == []


def test_what_was_found_whole_is_not_looked_at_again_until_it_changes(tmp_path: Path) -> None:
    files = written(tmp_path)
    folder = tmp_path / "warc"
    time.sleep(COARSE / 1e9 + 0.1)
    assert in_doubt(files, looked_at(folder)) == files
    assert mend(tmp_path) == 0
    assert in_doubt(files, looked_at(folder)) == []
    tear(files[0])
    os.utime(files[0], (0, 0))  # what a program says of its times is not believed
    assert in_doubt(files, looked_at(folder)) == files[:1]
    assert mend(tmp_path) == len(HALF)
    # A back-up that is put back has its old times, but not the time of its change.
    subprocess.run(["cp", "-a", files[2], tmp_path / "kept"], check=True)
    tear(tmp_path / "kept")
    os.utime(tmp_path / "kept", (0, 0))
    subprocess.run(["cp", "-a", tmp_path / "kept", files[2]], check=True)
    assert mend(tmp_path) == len(HALF)


def test_a_file_that_was_being_written_is_looked_at_when_its_writer_is_dead(tmp_path: Path) -> None:
    written(tmp_path)
    folder = tmp_path / "warc"
    with WarcArchive(folder, writer="far") as archive:
        file = folder / archive.write(captured(), ()).file
        tear(file)
        time.sleep(COARSE / 1e9 + 0.1)
        for _ in range(2):  # long after its last change
            assert mend(tmp_path) == 0
            assert looked_at(folder).writing == {file.name}
    assert mend(tmp_path) == len(HALF)
    assert looked_at(folder).writing == set()


@pytest.mark.parametrize("note", ["", "{", "[]", '{"at": "x", "writing": []}', '{"at": 1}'])
def test_half_a_note_counts_as_none(note: str, tmp_path: Path) -> None:
    files = written(tmp_path, 1)
    (tmp_path / "warc" / NOTE).write_text(note)
    tear(files[0])
    assert mend(tmp_path) == len(HALF)
