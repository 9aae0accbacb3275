"""`jarshy clean` on files as people have them: any charset, documents by mistake, what was cut."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from jarshy import main

TITLE = "Оқырмандар кездесуі өтті"
PARAGRAPHS = (
    "Бүгін аудандық кітапханада жергілікті ақындармен кездесу өтіп, оған жүзге жуық оқырман, "
    "мұғалімдер мен студенттер қатысты.",
    "Қонақтар жаңа өлеңдерін оқып, көпшіліктің сұрақтарына жауап берді, соңында кітаптар ұсынылды.",
)
HTML = (
    "<html><head><title>{title} - Кітапхана</title></head><body><ul><li><a href='/'>Басты бет</a>"
    "</li></ul><div><h1>{title}</h1>{paragraphs}<p>Бөлісу: Facebook Telegram</p></div></body></html>"
)
ENCODED = {
    "utf-8": lambda text: text.encode(),
    "utf-8-mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "kz-1048": lambda text: text.encode("kz1048"),
    "utf-16-mark": lambda text: text.encode("utf-16"),
    "utf-16-big-mark": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
}


def clean(path: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["clean", *options, str(path)])


def page(title: str, paragraphs: tuple[str, ...]) -> str:
    return HTML.format(title=title, paragraphs="".join(f"<p>{text}</p>" for text in paragraphs))


def text(title: str, paragraphs: tuple[str, ...]) -> str:
    return "\r\n\r\n".join((title, *paragraphs)) + "\r\n"


@pytest.mark.parametrize("kind", ["html", "txt"])
@pytest.mark.parametrize("charset", ENCODED)
def test_a_file_is_read_whatever_its_charset(charset: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"story.{kind}"
    story = page(TITLE, PARAGRAPHS) if kind == "html" else text(TITLE, PARAGRAPHS)
    path.write_bytes(ENCODED[charset](story))
    done = clean(path, "--json")
    assert done.exit_code == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["title"] == TITLE
    assert tuple(record["paragraphs"]) == PARAGRAPHS
    assert record["language"] == "kk"


@pytest.mark.parametrize("kind", ["html", "txt"])
def test_russian_in_windows_1251_is_read(kind: str, tmp_path: Path) -> None:
    paragraphs = (
        "В районной библиотеке прошла встреча читателей с местными поэтами, в которой приняли "
        "участие около ста человек.",
        "Гости прочитали новые стихи, ответили на вопросы и подарили библиотеке свои книги.",
    )
    path = tmp_path / f"story.{kind}"
    story = page if kind == "html" else text
    path.write_bytes(
        story("Встреча с поэтами", paragraphs).encode("windows-1251", "xmlcharrefreplace")
    )
    record = json.loads(clean(path, "--json").stdout)
    assert record["title"] == "Встреча с поэтами"
    assert tuple(record["paragraphs"]) == paragraphs
    assert record["language"] == "ru"


@pytest.mark.parametrize(
    ("name", "body", "what"),
    [
        ("story.html", b"PK\x03\x04\x14\x00\x06\x00", "a Word, Excel or ZIP file"),
        ("story.txt", b"PK\x03\x04\x14\x00\x06\x00", "a Word, Excel or ZIP file"),
        ("story.html", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word or Excel file"),
        ("story.html", b"%PDF-1.7\n%\xe2\xe3", "a PDF file"),
        ("story.txt", b"{\\rtf1\\ansi text}", "an RTF document"),
        ("story.html", b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture"),
        ("story.html", b"\x89PNG\r\n\x1a\n", "a picture"),
    ],
    ids=["docx", "docx-txt", "doc", "pdf", "rtf", "jpeg", "png"],
)
def test_a_document_is_refused_with_what_to_do(
    name: str, body: bytes, what: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    done = clean(path)
    assert done.exit_code == 1
    assert "Traceback" not in done.stderr
    assert f"{path}: this is {what}" in done.stderr
    assert "Save the story as a web page (.html) or as text (.txt)" in done.stderr


def test_what_was_taken_out_is_shown_with_its_reason(tmp_path: Path) -> None:
    long = "Тегі: " + "кітап, " * 18
    path = tmp_path / "story.html"
    path.write_text(page(TITLE, (*PARAGRAPHS, f"</p><div class='tags'>{long}</div><p>")), "utf-8")
    done = clean(path)
    shown = done.stderr.splitlines()
    assert "[share buttons] Бөлісу: Facebook Telegram" in shown
    (tags,) = [line for line in shown if line.startswith("[page details] ")]
    assert tags.endswith("...")
    assert len(tags) < 130
    assert PARAGRAPHS[0] in done.stdout.splitlines()
    assert "Бөлісу" not in done.stdout
