"""A first look at a site proposes a file that loads and crawls."""

from __future__ import annotations

import tomllib
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from webs import Web, reply

from crawler.model import Capture
from crawler.recognition import NotRecognisedError, languages_of, recognise, system_of
from crawler.sites import site_from
from demoweb.articles import SITES, load_articles
from demoweb.web import DemoWeb

SYSTEMS = dict(zip(SITES, ("joomla", "wordpress", "dle", "bitrix", "ucoz"), strict=True))


@pytest.fixture(scope="module")
def web() -> Iterator[DemoWeb]:
    with DemoWeb(load_articles(), first_port=0) as served:
        yield served


def page(html: str, *headers: tuple[str, str]) -> Capture:
    return Capture("https://lib.example/", datetime.now(UTC), 200, headers, html.encode())


@pytest.mark.parametrize("name", ["zhazira"])
def test_a_site_is_recognised_and_its_file_loads(web: DemoWeb, name: str, tmp_path: Path) -> None:
    found = recognise(web.roots[name], private=True)
    assert found.cms == SYSTEMS[name]
    assert found.sources
    path = tmp_path / f"{found.id}.toml"
    site = site_from(tomllib.loads(found.toml), path)
    assert site.url == f"{web.roots[name]}/"
    assert {source.kind for source in found.sources} >= {"feed", "sitemap"}
    assert "kk" in found.languages
    assert any("links" in remark for remark in found.remarks)


@pytest.mark.parametrize("name", SITES)
def test_the_content_system_is_told_by_its_front_page(web: DemoWeb, name: str) -> None:
    with urllib.request.urlopen(f"{web.roots[name]}/") as answer:
        front = page(answer.read().decode("utf-8", "replace"), *answer.headers.items())
    assert system_of(front) == SYSTEMS[name]


@pytest.mark.parametrize(
    ("html", "cms"),
    [
        ('<meta name="generator" content="WordPress 6.4">', "wordpress"),
        ('<div class="wp-site-blocks"><h1 class="wp-block-post-title">', "wordpress-block"),
        (
            '<meta name="generator" content="Joomla! - Open"><script src="/media/jui/js/a.js">',
            "joomla3",
        ),
        ("<p>Кітапхана</p>", "unknown"),
        ('<a href="/kz/janalyk/a.html">', "vendor-a"),
    ],
)
def test_marks_of_content_systems(html: str, cms: str) -> None:
    assert system_of(page(html)) == cms


def test_languages_are_read_from_the_page() -> None:
    links = '<a href="/kz/">Қаз</a><a href="/en/news">En</a><a href="/x/">x</a>'
    html = f'<html lang="ru-RU"><body>{links}</body></html>'
    assert languages_of(page(html)) == ("ru", "kk", "en")
    assert languages_of(page("")) == ("kk", "ru")


def test_a_site_that_cannot_be_had_is_told() -> None:
    away = pytest.raises(NotRecognisedError, match="front page could not be fetched")
    with Web({"/": reply("no", 500)}) as broken, away:
        recognise(broken.root, private=True)
    with pytest.raises(NotRecognisedError, match="is no web address"):
        recognise("ftp://x")
