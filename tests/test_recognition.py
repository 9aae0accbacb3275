"""A first look at a site proposes a file that loads and crawls."""

from __future__ import annotations

import tomllib
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from odd_webs import TEXTS, TITLES, Pages, frames, scripts, tables
from webs import Web, article, reply

from crawler.crawling import crawl
from crawler.model import Account, Capture
from crawler.recognition import (
    NotRecognisedError,
    Proposal,
    languages_of,
    recognise,
    system_of,
)
from crawler.recognition.listings import pattern_of
from crawler.sites import Site, site_from
from crawler.store.store import Store
from demoweb.articles import SITES, load_articles
from demoweb.web import DemoWeb

SYSTEMS = dict(zip(SITES, ("joomla", "wordpress", "dle", "bitrix", "ucoz"), strict=True))


@pytest.fixture(scope="module")
def web() -> Iterator[DemoWeb]:
    with DemoWeb(load_articles(), first_port=0) as served:
        yield served


def page(html: str, *headers: tuple[str, str]) -> Capture:
    return Capture("https://lib.example/", datetime.now(UTC), 200, headers, html.encode())


def crawled(found: Proposal, data: Path) -> tuple[Site, Account]:
    """The proposed file, crawled with no change."""
    site = site_from(tomllib.loads(found.toml), data / f"{found.id}.toml")
    (run,) = crawl([site.model_copy(update={"delay_seconds": 0.0})], data)
    return site, run.account


@pytest.mark.parametrize("name", SITES)
def test_a_demo_site_is_recognised_and_its_file_crawls_with_no_change(
    web: DemoWeb, name: str, tmp_path: Path
) -> None:
    found = recognise(web.roots[name], private=True)
    assert found.cms == SYSTEMS[name]
    assert "kk" in found.languages
    assert any(f"layout {SYSTEMS[name]}" in remark for remark in found.remarks), found.remarks
    site, account = crawled(found, tmp_path)
    assert site.url == f"{web.roots[name]}/"
    published = {web.address_of(one.id) for one in web.articles() if one.site == name}
    with Store.open(tmp_path) as store:
        stored = set(store.articles.known_urls(site.id))
    assert len(stored & published) >= 0.9 * len(published), (account, published - stored)
    assert len(stored - published) <= 1, stored - published


@pytest.mark.parametrize(("make", "articles"), [(tables, 14), (frames, 8), (scripts, 8)])
def test_a_site_of_no_known_system_is_read_from_its_looks(
    make: Callable[[], Pages], articles: int, tmp_path: Path
) -> None:
    with Web(make()) as odd:
        found = recognise(odd.root, private=True)
        assert found.cms == "unknown"
        site, account = crawled(found, tmp_path)
        assert (account.stored, account.failed) == (articles, 0), found.toml
    with Store.open(tmp_path) as store:
        told = store.articles.newest(site.id, articles)
    assert all(one.article.paragraphs == TEXTS for one in told)
    assert {one.article.title.rstrip("0123456789 ") for one in told} == set(TITLES)


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


ROBOTS = reply("User-agent: *\nDisallow: /\n", kind="text/plain")


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ({"/": reply("no", 500)}, "could not be fetched: the server answers 500"),
        ({"/": reply("%PDF-1.4", kind="application/pdf")}, "no web page but application/pdf"),
        ({"/": reply(article()), "/robots.txt": ROBOTS}, "robots.txt forbids it"),
    ],
)
def test_a_site_that_cannot_be_had_is_told(pages: Pages, words: str) -> None:
    with Web(pages) as broken, pytest.raises(NotRecognisedError, match=words):
        recognise(broken.root, private=True)


def test_a_site_that_is_down_and_an_address_that_is_none_are_told() -> None:
    with Web() as down:
        root = down.root
    with pytest.raises(NotRecognisedError, match="the server refuses connections"):
        recognise(root, private=True)
    with pytest.raises(NotRecognisedError, match="is no web address"):
        recognise("ftp://x")


@pytest.mark.parametrize(
    ("paths", "match", "keep"),
    [
        (("/news/12", "/news/7"), r"/news/\d+", ()),
        (("/kz/news/12-a", "/kz/news/7-b"), r"/kz/news/\d+-[^?]+", ()),
        (("/2019/a.htm", "/2019/b.htm"), r"/\d+/[^?]+\.htm$", ()),
        (("/page.php?lang=3&id=1", "/page.php?lang=3&id=2"), r"[?&]id=\d+", ("id", "lang")),
        (("/a-b", "/c-d"), "/[^?]+", ()),
    ],
)
def test_what_article_addresses_share(
    paths: tuple[str, ...], match: str, keep: tuple[str, ...]
) -> None:
    assert pattern_of([f"https://lib.example{path}" for path in paths]) == (match, keep)
