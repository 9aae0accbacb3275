"""Articles from JSON Lines, whatever stands in the file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.errors import ExtractionError
from crawler.importing import ImportReport, import_file
from crawler.store.store import Store
from jarshy import main

TEXT = "Аудандық кітапханада оқырмандармен кездесу өтті.\n\nКездесуге отыз адам қатысты."


def row(**told: object) -> str:
    return json.dumps({"url": "https://a.kz/1", "title": "Кездесу", "text": TEXT} | told)


def imported(tmp_path: Path, *lines: str) -> tuple[ImportReport, Store]:
    path = tmp_path / "articles.jsonl"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    store = Store.open(tmp_path / "data")
    return import_file(path, store), store


@pytest.mark.parametrize("odd", ["\0", "\x01\x1f", "\x9f", "\u200b", "\ufeff"], ids=ascii)
def test_control_and_invisible_characters_are_left_out(odd: str, tmp_path: Path) -> None:
    told = row(title=f"Кез{odd}десу", text=TEXT.replace("тап", f"т{odd}ап"))
    report, store = imported(tmp_path, told)
    assert (report.stored, report.failures) == (1, ())
    document = store.articles.document_at("https://a.kz/1")
    assert document is not None
    assert document.article.title == "Кездесу"
    assert document.article.paragraphs == tuple(TEXT.split("\n\n"))


def test_half_a_character_harms_nothing(tmp_path: Path) -> None:
    report, store = imported(tmp_path, row(title="Кездесу \ud83d", text=f"{TEXT} \udc00"))
    assert report.stored == 1
    document = store.articles.document_at("https://a.kz/1")
    assert document is not None
    assert document.article.title == "Кездесу \ufffd"


@pytest.mark.parametrize("day", ["3024-05-12", "9999-12-31T23:59:59+05:00", "0001-01-01"])
def test_a_year_that_cannot_be_is_told_with_its_line(day: str, tmp_path: Path) -> None:
    good = row(url="https://a.kz/2", published="1958-05-12")
    report, store = imported(tmp_path, good, row(published=day))
    assert report.stored == 1
    (failed,) = report.failures
    assert failed.line == 2
    assert failed.reason == f"published: {day!r} is no year of publication"
    assert store.articles.document_at("https://a.kz/1") is None


def test_a_file_saved_with_a_mark_or_blank_paragraph_lines_is_read(tmp_path: Path) -> None:
    told = row(text=TEXT.replace("\n\n", "\r\n \r\n"))
    report, store = imported(tmp_path, "\ufeff" + told)
    assert report.stored == 1
    document = store.articles.document_at("https://a.kz/1")
    assert document is not None
    assert len(document.article.paragraphs) == 2


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"PK\x03\x04" + bytes(range(256)) * 20, "a Word, Excel or ZIP file"),
        (b"%PDF-1.4\n" + b"\xe2\xe3\xcf\xd3\n" * 900, "a PDF file"),
        (b"\x89PNG\r\n\x1a\n" + b"\n\x00" * 500, "a picture"),
        (b"\x1f\x8b\x08" + b"\n\xff" * 500, "a packed file"),
        (row().encode("utf-16"), "not in UTF-8"),
        (row().encode("utf-16-le"), "not in UTF-8"),
        (bytes(range(128, 256)) * 40, "not in UTF-8"),
    ],
    ids=["docx", "pdf", "png", "gzip", "utf-16", "utf-16-le", "bytes"],
)
def test_a_file_of_another_kind_is_refused_at_once(body: bytes, what: str, tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(body)
    with pytest.raises(ExtractionError) as told:
        import_file(path, Store.open(tmp_path / "data"))
    assert what in told.value.message
    assert str(path) in told.value.message
    assert "JSON Lines in UTF-8" in (told.value.remedy or "")


def jarshy(*words: object) -> Result:
    return CliRunner().invoke(main, list(map(str, words)))


def test_of_many_bad_lines_ten_are_told(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text("\n".join([*(["{"] * 25), row()]) + "\n", "utf-8")
    done = jarshy("--data", tmp_path / "data", "import", path)
    assert done.exit_code == 1
    told = [line for line in done.stderr.splitlines() if line.startswith(f"{path}:")]
    assert [line.split(":")[1] for line in told] == [str(n) for n in range(1, 11)]
    assert "and 15 more" in done.stderr.splitlines()
    assert "1 stored" in done.stderr
    assert "25 lines failed" in done.stderr


def test_a_good_date_is_the_libraries_own_time(tmp_path: Path) -> None:
    _, store = imported(tmp_path, row(published="2019-06-14T10:30:00"))
    document = store.articles.document_at("https://a.kz/1")
    assert document is not None
    assert document.article.published is not None
    assert document.article.published.astimezone(UTC) == datetime(2019, 6, 14, 4, 30, tzinfo=UTC)
