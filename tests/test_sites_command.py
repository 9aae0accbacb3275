"""`jarshy sites`: check, propose and capture against sites that are really served."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from commands.cleaning import as_record
from crawler.model import Capture
from crawler.reading import read
from crawler.sites import load_sites
from demoweb.articles import expected_paragraphs, load_articles
from demoweb.web import DemoWeb

JARSHY = Path(sys.executable).parent / "jarshy"
ROOT = Path(__file__).resolve().parent.parent
GOLDEN = Path(__file__).parent / "golden" / "sites"
SITES = load_sites(ROOT / "config")


def jarshy(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [JARSHY, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def web() -> Iterator[DemoWeb]:
    with DemoWeb(load_articles(), first_port=0) as served:
        yield served


@pytest.fixture
def config(web: DemoWeb, tmp_path: Path) -> Path:
    folder = tmp_path / "config" / "sites"
    folder.mkdir(parents=True)
    for cms, site in (("wordpress", "zhazira"), ("dle", "syrdariya")):
        told = f'url = "{web.roots[site]}/"\ncms = "{cms}"\nregion = "kostanay"\n'
        told += 'allow_private_addresses = true\ndelay_seconds = 0\nname.kk = "Сынақ"\n'
        (folder / f"{site}.toml").write_text(told, "utf-8")
    return folder.parent


def test_a_check_shows_links_and_an_article_and_writes_nothing(
    config: Path, tmp_path: Path
) -> None:
    before = sorted(tmp_path.rglob("*"))
    done = jarshy("--config", config, "--data", tmp_path / "data", "sites", "check", "zhazira")
    assert done.returncode == 0, done.stderr
    assert "link  http://127.0.0.1" in done.stderr
    assert len(done.stdout) > 300
    assert sorted(tmp_path.rglob("*")) == before


def test_a_site_is_recognised_and_its_file_written(
    web: DemoWeb, config: Path, tmp_path: Path
) -> None:
    asked = ("--config", config, "sites", "add", web.roots["mura"] + "/", "--allow-private")
    proposed = jarshy(*asked)
    assert proposed.returncode == 0, proposed.stderr
    assert 'cms = "bitrix"' in proposed.stdout
    assert len(list((config / "sites").iterdir())) == 2
    written = jarshy(*asked, "--write")
    assert written.returncode == 0, written.stderr
    assert any(site.cms == "bitrix" for site in load_sites(config).values())
    again = jarshy(*asked, "--write")
    assert again.returncode == 1
    assert "is there already" in again.stderr


def test_a_captured_page_gives_its_golden_answer(
    web: DemoWeb, config: Path, tmp_path: Path
) -> None:
    article = next(one for one in web.articles() if one.site == "syrdariya")
    url = web.address_of(article.id)
    done = jarshy("--config", config, "sites", "capture", "syrdariya", url, "--to", tmp_path / "g")
    assert done.returncode == 0, done.stderr
    answer = next((tmp_path / "g" / "syrdariya").glob("*.json"))
    golden = json.loads(answer.read_text("utf-8"))
    assert tuple(golden["paragraphs"]) == expected_paragraphs(article)
    assert golden["title"] == article.title


def test_a_page_of_another_host_is_not_captured(config: Path, tmp_path: Path) -> None:
    url = "http://example.org/page"
    done = jarshy("--config", config, "sites", "capture", "zhazira", url, "--to", tmp_path)
    assert done.returncode == 1
    assert "not on zhazira" in done.stderr


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*/*.json")), ids=lambda path: path.stem)
def test_a_golden_page_is_still_read_the_same(path: Path) -> None:
    golden = json.loads(path.read_text("utf-8"))
    body = gzip.decompress(path.with_suffix(".html.gz").read_bytes())
    headers = (("Content-Type", golden["content_type"]),)
    fetched = datetime.fromisoformat(golden["fetched_at"])
    reading = read(Capture(golden["url"], fetched, 200, headers, body), SITES[path.parent.name])
    record = as_record(reading.article, reading.event)
    assert {key: record[key] for key in record if key in golden} == {
        key: golden[key] for key in record if key in golden
    }
