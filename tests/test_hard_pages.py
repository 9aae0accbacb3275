"""Stories set into the markup of systems and home-made sites come out to the letter."""

from __future__ import annotations

import html
import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reference import FOLDER as REFERENCE

from crawler.clean.pipeline import clean
from crawler.extract.page import extract
from crawler.model import Article, Capture

GOLDEN = Path(__file__).parent / "golden" / "extract"
SHARED = REFERENCE / "golden"
TEMPLATES = sorted((GOLDEN / "templates").glob("*.html"))
OWN = [
    (f"own-{number}", story["title"], tuple(story["paragraphs"]))
    for number, story in enumerate(tomllib.loads((GOLDEN / "stories.toml").read_text())["story"])
]


def real() -> list[tuple[str, str, tuple[str, ...]]]:
    told = [json.loads(path.read_text("utf-8")) for path in sorted(SHARED.glob("*.json"))]
    title = "Қарағанды облыстық кітапханасының 90 жылдығы"
    return [
        (f"real-{number}", story["title"] or title, tuple(story["paragraphs"]))
        for number, story in enumerate(told)
    ]


def set_in(style: str, paragraphs: tuple[str, ...]) -> str:
    lines = [html.escape(text, quote=False) for text in paragraphs]
    around = {
        "p": ("<p>", "</p>\n"),
        "div": ("<div><span>", "</span></div>"),
        "section": ("<section><div><div><p>", "</p></div></div></section>"),
        "open": ("\n<p>", ""),
        "br1": ("", "<br>\n"),
        "br2": ("&nbsp;&nbsp; ", "<BR><BR>\n"),
    }
    before, after = around[style]
    return "".join(f"{before}{line}{after}" for line in lines)


def page(template: Path, title: str, paragraphs: tuple[str, ...]) -> Capture:
    text = template.read_text("utf-8").replace("@TITLE@", html.escape(title, quote=False))
    head, _, rest = text.partition("@P:")
    style, _, tail = rest.partition("@")
    text = head + set_in(style, paragraphs) + tail
    charset = "windows-1251" if "1251" in template.name else "utf-8"
    body = text.encode(charset, "xmlcharrefreplace")
    return Capture("http://library.example/news/1", datetime.now(UTC), 200, (), body)


def read(template: Path, title: str, paragraphs: tuple[str, ...]) -> Article:
    return clean(extract(page(template, title, paragraphs)))


STORIES = [*OWN, *real()]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story[0])
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_a_hard_page_gives_the_story_and_nothing_else(
    template: Path, story: tuple[str, str, tuple[str, ...]]
) -> None:
    _, title, paragraphs = story
    article = read(template, title, paragraphs)
    assert article.paragraphs == tuple(" ".join(text.split()) for text in paragraphs)
    assert article.title == " ".join(title.split())
