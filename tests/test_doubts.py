"""Nothing is lost without a word: unreadable input is refused, an empty result is suspect."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from crawler.errors import ExtractionError
from crawler.extract.charset import decode
from crawler.extract.lines import lines_of, unbroken
from crawler.model import Capture
from crawler.reading import read, read_text

LINK = '<li><a href="/n{0}">Кітапханадағы жаңа түскен кітаптар тізімі {0}</a></li>'


def capture(body: bytes) -> Capture:
    return Capture("http://x.kz/1", datetime.now(UTC), 200, (("Content-Type", "text/html"),), body)


@pytest.mark.parametrize("size", [1, 50, 3_000, 200_000])
@pytest.mark.parametrize("char", ["\0", " ", "\x01", "\u200b", "\n"])
def test_a_text_without_text_is_refused(char: str, size: int) -> None:
    text = decode(capture((char * size).encode()))
    with pytest.raises(ExtractionError, match="no text in it") as told:
        read_text(text, "x.txt")
    assert "UTF-8" in told.value.remedy


def test_nul_bytes_around_a_text_do_no_harm() -> None:
    story = "Аудандық кітапханада оқырмандармен кездесу өтті, оған жүзден астам адам қатысты."
    assert read_text("\0" * 5_000 + story + "\0" * 5_000).article.paragraphs == (story,)


@pytest.mark.parametrize(
    "body",
    [
        "<ul>" + "".join(map(LINK.format, range(80))) + "</ul>",
        "<div>" + "<p>Изображение №1</p>" * 300 + "</div>",
        "<form>" + "<p><label>Сіздің атыңыз</label></p>" * 200 + "</form>",
        "<!--" + "Кітапхана. " * 400,
        "<p>\x01</p><ul>" + "\x01 a ".join(map(LINK.format, range(80))) + "</ul>\x01",
    ],
    ids=["links", "captions", "form", "comment", "control characters"],
)
def test_an_empty_result_of_much_text_is_told(body: str) -> None:
    kept, told = 0, ""
    try:
        article = read(capture(f"<html><body>{body}</body></html>".encode())).article
    except ExtractionError as error:
        told = f"{error.message}; {error.remedy}"
    else:
        kept, told = sum(map(len, article.paragraphs)), article.suspect or ""
    assert kept > 200 or "are left" in told or "characters of text" in told


def test_a_text_of_captions_alone_is_suspect() -> None:
    article = read_text("\n".join(f"сурет {number}" for number in range(400))).article
    assert article.suspect is not None
    assert "characters are left" in article.suspect


@pytest.mark.parametrize("unit", ["а\n\n", "а\n", "а. \n\n", "а \t\n\n\x01"])
def test_broken_lines_take_no_longer_than_the_text_is_long(unit: str) -> None:
    """A pass that looks again at all before it takes ten seconds and more for these."""
    text = "а" * 70 + " " + unit * 400_000
    start = time.process_time()
    unbroken(text)
    lines_of(text, below=False)
    assert time.process_time() - start < 4
