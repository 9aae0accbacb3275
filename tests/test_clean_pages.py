"""Pages of many makes (builders, old tables, single-page scripts), invented, to the letter."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.model import Capture
from crawler.reading import read

PAGES = sorted((Path(__file__).parent / "golden" / "clean" / "pages").glob("*.html"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_of_no_known_site_gives_the_story_and_nothing_else(path: Path) -> None:
    truth = json.loads(path.with_suffix(".json").read_text("utf-8"))
    capture = Capture("", datetime.now(UTC), 200, (), path.read_bytes())
    article = read(capture).article
    assert list(article.paragraphs) == truth["paragraphs"]
    assert article.title == truth["title"]


def test_a_caption_below_a_picture_goes_to_the_picture() -> None:
    path = next(path for path in PAGES if path.stem == "bootstrap-cards-caption-p")
    capture = Capture("http://x.example/n/1", datetime.now(UTC), 200, (), path.read_bytes())
    images = read(capture).article.images
    assert {image.url: image.caption for image in images if image.caption} == {
        "http://x.example/1.jpg": "Семинар қатысушылары",
        "http://x.example/2.jpg": "Кітап көрмесі",
    }
