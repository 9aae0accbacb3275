"""The command line with good and bad input: messages, exit codes, nothing lost."""

from __future__ import annotations

import fcntl
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.errors import JarshyError

JARSHY = Path(sys.executable).parent / "jarshy"
SITE = """
url = "http://127.0.0.1:{port}/"
cms = "wordpress"
region = "astana"
allow_private_addresses = true
delay_seconds = 0
name.kk = "Сынақ кітапханасы"
"""
LINES = (
    {"url": "https://a.kz/1", "title": "Семинар өтті", "text": "Бірінші абзац.\n\nЕкінші абзац."},
    {"url": "https://a.kz/2", "title": "Көрме", "text": "Кітап көрмесі ашылды."},
)


def jarshy(
    *arguments: object, stdin: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [JARSHY, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
    )


def told(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "config" / "sites").mkdir(parents=True)
    return tmp_path / "config"


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    rows = [json.dumps(line, ensure_ascii=False) for line in LINES]
    path.write_text("\n".join([rows[0], "{no json", rows[1]]) + "\n", "utf-8")
    return path


def test_every_command_has_help() -> None:
    listed = jarshy("--help")
    commands = [
        line.split()[0] for line in listed.stdout.split("Commands:")[1].splitlines() if line
    ]
    assert set(commands) >= {
        "demo", "run", "crawl", "index", "import", "clean", "analyze", "search", "serve",
        "sites", "status", "reprocess", "remove", "doctor",
    }  # fmt: skip
    for command in commands:
        done = jarshy(command, "--help")
        assert done.returncode == 0
        assert len(done.stdout.splitlines()) >= 4


def test_a_missing_config_is_told(tmp_path: Path) -> None:
    done = jarshy("--config", tmp_path / "none", "sites", "list")
    told(done, 2, str(tmp_path / "none" / "sites"), "--config")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('url = "https://a.kz/"\nname = ', ("broken.toml", "not TOML", "line")),
        (
            'url = "https://a.kz/"\nname.kk = "А"\ntitel = "x"',
            ("broken.toml", "titel", "Known keys"),
        ),
        ('url = "a.kz"\nname.kk = "А"', ("broken.toml", "url", "https://")),
        ('url = "https://a.kz/"', ("broken.toml", "name")),
        ('url = "https://a.kz/"\nname.kk = "А"\ncms = "wix"', ("broken.toml", "cms", "wordpress")),
        ('url = "https://a.kz/"\nname.kk = "А"\nmatch = ["("]', ("broken.toml", "match", "'('")),
    ],
)
def test_a_broken_site_file_is_told_with_file_key_and_remedy(
    text: str, words: tuple[str, ...], config: Path
) -> None:
    (config / "sites" / "broken.toml").write_text(text, "utf-8")
    told(jarshy("--config", config, "sites", "list"), 2, *words)


def test_an_unknown_site_is_told(config: Path, tmp_path: Path) -> None:
    (config / "sites" / "karlib.toml").write_text(SITE.format(port=1), "utf-8")
    done = jarshy("--config", config, "--data", tmp_path / "data", "crawl", "karlib-kz")
    told(done, 2, "karlib-kz", "karlib")


def test_no_stranger_is_asked_without_a_contact(config: Path, tmp_path: Path) -> None:
    told_of = SITE.format(port=1).replace("allow_private_addresses = true", "")
    (config / "sites" / "far.toml").write_text(told_of, "utf-8")
    done = jarshy("--config", config, "--data", tmp_path / "data", "run")
    told(done, 2, "jarshy.toml", "crawl.contact", "mailto:")


def test_a_site_that_is_down_is_told_and_the_run_goes_on(config: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (config / "sites" / "down.toml").write_text(SITE.format(port=port), "utf-8")
    done = jarshy("--config", config, "--data", tmp_path / "data", "run")
    told(done, 1, "down", "Not reachable")
    log = (tmp_path / "data" / "log" / "runs.jsonl").read_text("utf-8").splitlines()
    assert json.loads(log[-1])["unreachable"] == ["down"]


def test_a_bad_line_is_told_and_the_others_are_stored(lines: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    done = jarshy("--data", data, "import", lines)
    told(done, 1, f"{lines}:2", "2 stored")
    told(jarshy("--data", data, "index"), 0, "2 in the index")
    found = jarshy("--data", data, "search", "--json", "семинарлар")
    assert [hit["url"] for hit in json.loads(found.stdout)["hits"]] == ["https://a.kz/1"]


def test_importing_again_changes_nothing(lines: Path, tmp_path: Path) -> None:
    jarshy("--data", tmp_path / "data", "import", lines)
    told(jarshy("--data", tmp_path / "data", "import", lines), 1, "0 stored", "2 unchanged")


def test_searching_without_an_index_says_what_to_do(tmp_path: Path) -> None:
    done = jarshy("--data", tmp_path / "data", "search", "семинар")
    told(done, 1, str(tmp_path / "data"), "Run `jarshy index`")
    assert len(done.stderr.splitlines()) == 1


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one article in the index."""
    data = tmp_path_factory.mktemp("indexed")
    jarshy("--data", data, "import", "-", stdin=json.dumps(LINES[0]))
    jarshy("--data", data, "index")
    return data


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--region", "Atlantis"), "--region: no region “Atlantis” is known"),
        (("--from", "yesterday"), "--from: write a date as 2025-04-23 or 23.04.2025"),
        (("--page", "60", "--size", "20"), "--page: only the first 1000 answers can be shown"),
        (("кі*",), "QUERY: “кі*”: a star needs at least 3 letters"),
    ],
)
def test_searching_refuses_in_one_english_line_that_names_the_option_once(
    arguments: tuple[str, ...], message: str, indexed: Path
) -> None:
    done = jarshy("--data", indexed, "search", "--lang", "ru", *arguments)
    told(done, 2)
    assert done.stderr.startswith(f"jarshy: {message}")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["status", "index", "run", "serve", "demo", "doctor"])
def test_a_data_folder_that_is_a_file_is_told(command: str, tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_text("")
    told(jarshy("--data", path, command), 1, str(path), "--data")


def test_what_is_kept_is_for_its_owner_only(lines: Path, tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    jarshy("--data", data, "import", lines)
    jarshy("--data", data, "index")
    kept = [data.parent, data, *data.rglob("*")]
    assert len(kept) > 5
    assert [path for path in kept if path.stat().st_mode & 0o077] == []


def test_a_config_without_sites_is_told(config: Path, tmp_path: Path) -> None:
    done = jarshy("--config", config, "--data", tmp_path / "data", "run")
    told(done, 2, "no site", "docs/adding-a-site.md")


def test_a_damaged_database_is_told(lines: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    jarshy("--data", data, "import", lines)
    for path in data.glob("store.sqlite*"):
        path.unlink()
    (data / "store.sqlite").write_bytes(b"no database at all" * 100)
    told(jarshy("--data", data, "status"), 1, "store.sqlite")


def test_a_second_run_ends_at_once_with_75(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with (data / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        started = time.monotonic()
        done = jarshy("--data", data, "run")
        took = time.monotonic() - started
    told(done, 75, "Another run")
    assert took < 3


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", folder]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small disk can be mounted by root only")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_told_and_nothing_stored_is_lost(
    small_disk: Path, tmp_path: Path, lines: Path
) -> None:
    jarshy("--data", small_disk, "import", lines)
    many = tmp_path / "many.jsonl"
    text = "Кітапханада өткен іс-шара туралы ұзақ әңгіме. " * 200
    rows = ({"url": f"https://b.kz/{n}", "title": f"№ {n}", "text": text} for n in range(500))
    many.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    done = jarshy("--data", small_disk, "import", many)
    told(done, 1, "full")
    subprocess.run(["mount", "-o", "remount,size=60m", small_disk], check=True)
    told(jarshy("--data", small_disk, "import", many), 0, "500")
    told(jarshy("--data", small_disk, "index"), 0, "502 in the index")


def test_stems_answer_line_by_line() -> None:
    words = ["семинарында", "кітапханаларға", "", "2019", "өткізілді", "😀"]
    done = jarshy("analyze", "--stems", stdin="\n".join(words) + "\n")
    stems = done.stdout.splitlines()
    assert len(stems) == len(words)
    assert stems[1] == "кітапхана"
    assert stems[2] == ""


def test_tokens_have_terms_and_offsets() -> None:
    text = "Облыстық семинарда"
    tokens = json.loads(jarshy("analyze", stdin=text).stdout)
    assert [text[t["start"] : t["end"]] for t in tokens] == ["Облыстық", "семинарда"]
    assert tokens[1]["stem"] == "семинар"


def test_a_word_is_explained_to_a_person() -> None:
    lines = jarshy("analyze", "--explain", stdin="кітапханаларымызға").stdout.splitlines()
    assert lines[0].startswith("кітапханаларымызға  (0-18)  stem кітапхана")
    chosen = next(line for line in lines if line.strip().startswith("*"))
    for part in ("кітапхана (noun)", "pl (plural)", "dative", "lexicon"):
        assert part in chosen


def test_status_tells_sites_and_index(lines: Path, config: Path, tmp_path: Path) -> None:
    (config / "sites" / "karlib.toml").write_text(SITE.format(port=1), "utf-8")
    data = tmp_path / "data"
    jarshy("--data", data, "import", lines)
    jarshy("--data", data, "index")
    done = jarshy("--config", config, "--data", data, "status", "--json")
    record = json.loads(done.stdout)
    assert record["articles"] == 2
    assert record["index"]["documents"] == 2
    assert [site["id"] for site in record["sites"]] == ["karlib"]


def test_a_removed_article_is_found_no_more(lines: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    jarshy("--data", data, "import", lines)
    jarshy("--data", data, "index")
    told(jarshy("--data", data, "remove", "https://a.kz/1"), 0, "Removed")
    told(jarshy("--data", data, "remove", "https://a.kz/1"), 0, "Removed before")
    told(jarshy("--data", data, "remove", "https://a.kz/none"), 0, "No article of that address")
    told(jarshy("--data", data, "remove", "quatsch"), 2, "'quatsch' is no web address")
    jarshy("--data", data, "index")
    found = json.loads(jarshy("--data", data, "search", "--json", "семинар").stdout)
    assert found["total"] == 0
    told(jarshy("--data", data, "import", lines), 1, "0 stored")


def test_a_page_is_cleaned_from_html(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    story = "Бүгін кітапханада жас оқырмандарға арналған танымдық семинар өтті. " * 3
    page.write_text(
        f"<html><body><nav>Басты бет</nav><article><h1>Семинар өтті</h1><p>{story}</p>"
        f"<p>{story}</p></article><footer>© 2024</footer></body></html>",
        "utf-8",
    )
    record = json.loads(jarshy("clean", "--json", page).stdout)
    assert record["title"] == "Семинар өтті"
    assert len(record["paragraphs"]) == 2
    assert record["language"] == "kk"


def test_any_bytes_as_text_are_read_or_refused(tmp_path: Path) -> None:
    page = tmp_path / "bytes.txt"
    page.write_bytes(random.Random(4).randbytes(100_000))
    done = jarshy("clean", page)
    assert done.returncode in (0, 1)
    assert "Traceback" not in done.stderr


def test_a_page_without_an_article_is_told(tmp_path: Path) -> None:
    page = tmp_path / "empty.html"
    page.write_text("<html><body></body></html>", "utf-8")
    told(jarshy("clean", page), 1, "empty.html")


@pytest.mark.parametrize(
    ("message", "whole"),
    [("It is so", "It is so. Mend it."), ("Is it so?", "Is it so? Mend it.")],
)
def test_an_error_has_one_stop_before_its_remedy(message: str, whole: str) -> None:
    assert str(JarshyError(message, "Mend it.")) == whole
