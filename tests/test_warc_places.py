"""Raw pages kept elsewhere: a folder that machines share, a storage behind fsspec."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from test_store import URL, captured
from warcio.archiveiterator import ArchiveIterator
from webs import Web, article, listing, reply

from crawler.checking import check_store
from crawler.errors import ConfigError, StoreError
from crawler.model import Capture
from crawler.store.archive import archive_at
from crawler.store.place import own_file
from crawler.store.store import Store
from crawler.store.tail import cut_torn_tail
from crawler.store.warc import WarcArchive, WarcLocation

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed: `make setup` does it")

JARSHY = Path(sys.executable).parent / "jarshy"
HEADERS = (("User-Agent", "Jarshy"),)


@pytest.fixture(params=["memory", "local", "file"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "memory":
        return f"memory://bucket/{tmp_path.name}"
    return f"{request.param}://{tmp_path}/shared"


def page(number: int) -> Capture:
    return replace(captured(), url=f"{URL}{number}", body=b"<p>%d</p>" % number * 5000)


def test_what_was_kept_elsewhere_comes_back(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JARSHY_WARC", address)
    with Store.open(tmp_path / "one", writer="worker-1") as store:
        ids = [store.captures.add(page(n), "lib", HEADERS) for n in range(5)]
        for n, number in enumerate(ids):
            found = store.captures.read(number)
            assert found is not None
            assert (found[1].url, found[1].body) == (page(n).url, page(n).body)
    # What one machine wrote another one reads; nothing came into the data folder.
    with Store.open(tmp_path / "one") as store:
        assert store.captures.mend_tail() == 0
        found = store.captures.read(ids[3])
        assert found is not None
        assert found[1].body == page(3).body
    assert not (tmp_path / "one" / "warc").exists()


def test_names_tell_the_worker_and_a_days_files_joined_are_one_warc_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JARSHY_WARC", f"local://{tmp_path}")
    archive = archive_at(tmp_path / "data", "worker-1")
    locations = [archive.write(page(n), HEADERS) for n in range(3)]
    files = sorted(tmp_path.rglob("*.warc.gz"))
    assert [str(file.relative_to(tmp_path)) for file in files] == [one.file for one in locations]
    assert all("-worker-1-" in file.name for file in files)
    joined = tmp_path / "day.warc.gz"
    joined.write_bytes(b"".join(file.read_bytes() for file in files))
    with joined.open("rb") as stream:
        records = [
            (one.rec_type, one.rec_headers.get_header("WARC-Target-URI"))
            for one in ArchiveIterator(stream, check_digests="raise")
        ]
    assert [url for kind, url in records if kind == "response"] == [page(n).url for n in range(3)]


def test_a_page_is_read_by_its_offset_out_of_a_long_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Files of the data folder that were copied to the storage keep their names and offsets.
    with WarcArchive(tmp_path) as archive:
        locations = [
            archive.write(replace(page(n), body=os.urandom(300_000)), HEADERS) for n in range(8)
        ]
    whole = (tmp_path / locations[0].file).read_bytes()
    files = fsspec.filesystem("memory")
    files.pipe_file(f"/bucket/old/{locations[0].file}", whole)
    monkeypatch.setenv("JARSHY_WARC", "memory://bucket/old")
    depot = archive_at(tmp_path)
    for n in (7, 0, 4):
        assert depot.read(locations[n]).url == page(n).url


@pytest.mark.parametrize("file", ["2026/11/22/gone.warc.gz", "../../../etc/passwd", ""])
def test_what_is_not_there_is_told_with_its_address(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JARSHY_WARC", "memory://bucket/empty")
    with pytest.raises(StoreError, match="memory://bucket/empty") as caught:
        archive_at(tmp_path).read(WarcLocation(file, 10))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["bucket/prefix", "file://host/x", "file:relative", "gopher9://x/y", "s3://k:s@b/x"]
)
def test_an_address_that_is_none_is_refused(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JARSHY_WARC", address)
    with pytest.raises(ConfigError, match="JARSHY_WARC"):
        archive_at(tmp_path)


def test_a_storage_that_refuses_ends_the_write_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "full").write_text("a file, no folder")
    monkeypatch.setenv("JARSHY_WARC", f"local://{tmp_path}/full")
    with Store.open(tmp_path / "data") as store:
        with pytest.raises(StoreError, match="cannot be written"):
            store.captures.add(page(1), "lib", HEADERS)
        assert list(store.captures.digests()) == []


def test_a_look_at_a_site_leaves_the_storage_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JARSHY_WARC", "memory://bucket/real")
    with own_file():
        assert isinstance(archive_at(tmp_path), WarcArchive)
    assert os.environ["JARSHY_WARC"] == "memory://bucket/real"


def test_a_file_that_another_process_writes_is_not_mended(tmp_path: Path) -> None:
    with WarcArchive(tmp_path) as archive:
        location = archive.write(page(1), HEADERS)
        file = tmp_path / location.file
        with file.open("ab") as torn:
            torn.write(b"\x1f\x8b\x08 half a record")
        size = file.stat().st_size
        assert cut_torn_tail(file, location.offset) == 0
        assert file.stat().st_size == size
    assert cut_torn_tail(file, location.offset) > 0


SITE = """
url = "{root}/"
name.kk = "Сынақ кітапханасы"
allow_private_addresses = true
delay_seconds = 0
[[sources]]
kind = "listing"
url = "{root}/"
links = "a.item"
"""


def test_crawl_doctor_and_reprocess_work_on_a_storage_named_in_the_config(tmp_path: Path) -> None:
    pages = {f"/{n}.html": reply(article(f"Кездесу {n}")) for n in range(4)}
    config, shared = tmp_path / "config", tmp_path / "shared"
    (config / "sites").mkdir(parents=True)
    (config / "jarshy.toml").write_text(f'warc = "local://{shared}"\n')

    def jarshy(*words: str) -> str:
        options = ("--data", str(tmp_path / "data"), "--config", str(config))
        done = subprocess.run([JARSHY, *options, *words], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stderr

    with Web({"/": reply(listing(pages)), **pages}) as web:
        (config / "sites" / "test.toml").write_text(SITE.format(root=web.root), "utf-8")
        jarshy("crawl")
    assert len(list(shared.rglob("*.warc.gz"))) == 4
    assert not (tmp_path / "data" / "warc").exists()
    assert "4 pages read" in jarshy("reprocess")
    jarshy("index")
    assert "All is well" in jarshy("doctor")


def test_a_file_that_is_not_there_is_told_once_with_the_number_of_its_pages(
    tmp_path: Path,
) -> None:
    with Store.open(tmp_path) as store:
        for n in range(7):
            store.captures.add(page(n), "lib", HEADERS)
        (file,) = (tmp_path / "warc").glob("*.gz")
        file.rename(tmp_path / "away")
        (told,) = check_store(store)
    assert told.startswith(f"{file}: is not there: 7 pages of it. Does this machine see")


def test_a_storage_that_lost_all_its_files_is_told_in_a_few_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JARSHY_WARC", f"local://{tmp_path}/shared")
    with Store.open(tmp_path / "data") as store:
        for n in range(30):
            store.captures.add(page(n), "lib", HEADERS)
        (tmp_path / "shared").rename(tmp_path / "away")
        told = list(check_store(store))
    assert len(told) == 11
    assert "20 more WARC files are not there: 20 pages of them." in told[-1]
