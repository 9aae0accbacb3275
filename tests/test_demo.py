"""The demo as a new user sees it: twice in a row, its printouts, a taken port."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from demoweb.articles import load_articles

JARSHY = Path(sys.executable).parent / "jarshy"
SITES_PORT = "8231"


def demo(data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [JARSHY, "--data", data, "demo", "--sites-port", SITES_PORT, *options],
        capture_output=True,
        text=True,
        timeout=240,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def first(data: Path) -> subprocess.CompletedProcess[str]:
    return demo(data, "--no-serve")


def counts(printed: str) -> dict[str, int]:
    lines = printed.splitlines()
    names = next(line for line in lines if line.startswith("site ")).split()[1:]
    numbers = next(line for line in lines if line.startswith("all ")).split()[1:]
    return dict(zip(names, map(int, numbers), strict=True))


def test_the_first_run_stores_every_article(first: subprocess.CompletedProcess[str]) -> None:
    assert first.returncode == 0, first.stderr
    told = counts(first.stderr)
    assert told["stored"] == len(load_articles())
    assert told["updated"] == told["unchanged"] == 0
    parts = ("stored", "updated", "unchanged", "failed", "filtered", "denied")
    assert told["seen"] == sum(told[name] for name in parts)


def test_three_searches_find_the_right_articles(first: subprocess.CompletedProcess[str]) -> None:
    blocks = re.split(r"\n(?=\S)", first.stdout)
    assert len(first.stdout.strip().splitlines()) == 9, blocks
    titles = [line.lower() for line in first.stdout.splitlines() if line.startswith("  1.")]
    assert "цифрлық кітапхана" in titles[0]
    assert "кітапханашылар күні" in titles[1]
    assert "круглый стол" in titles[2]
    assert "syrdariya" in first.stderr.split("! ")[1], "the page that failed is named"


def test_the_second_run_says_that_nothing_changed(
    first: subprocess.CompletedProcess[str], data: Path
) -> None:
    again = demo(data, "--no-serve")
    assert again.returncode == 0, again.stderr
    assert "Nothing changed since the last crawl." in again.stderr
    told = counts(again.stderr)
    assert told["stored"] == told["updated"] == 0
    assert told["asked"] <= 5 * 4, "robots.txt and at most three more a site"
    assert again.stdout == first.stdout


def test_a_taken_port_is_told_before_any_work(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = demo(data, "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port}" in done.stderr
    assert "--port" in done.stderr
    assert "Crawling" not in done.stderr


def test_a_taken_port_of_a_site_is_told(data: Path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", int(SITES_PORT) + 2))
        taken.listen()
        done = demo(data, "--no-serve")
    assert done.returncode == 1
    assert "--sites-port" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_page_is_served(first: subprocess.CompletedProcess[str], data: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [JARSHY, "--data", data, "demo", "--sites-port", SITES_PORT, "--port", str(port)]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("Search page:"):
                break
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/?q=семинар&lang=ru".replace(
                "семинар", "%D1%81%D0%B5%D0%BC%D0%B8%D0%BD%D0%B0%D1%80"
            )
        ) as page:
            html = page.read().decode()
        assert '<html lang="ru"' in html
        assert "<mark>" in html
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_a_server_over_the_demos_folder_knows_the_libraries_names(
    first: subprocess.CompletedProcess[str], data: Path
) -> None:
    """Without `demo`: search on the command line and the API it stands for, by names."""
    told = subprocess.run(
        [JARSHY, "--data", data / "demo", "search", "--json", "дөңгелек үстел"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    hits = json.loads(told.stdout)["hits"]
    assert hits
    assert all(len(hit["library"].split()) > 1 for hit in hits), "a name, not the site's id"
    listed = subprocess.run(
        [JARSHY, "--data", data / "demo", "sites", "list"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert "кітапханатану орталығы" in listed.stdout
    assert "karlib" not in listed.stdout, "the libraries of the config have no part in the demo"
