"""Every article of the demo web, in its system's markup, comes out to the letter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.request import urlopen

import pytest

from crawler.clean.pipeline import clean
from crawler.enrich.language import language_of
from crawler.extract.page import extract
from crawler.model import Article, Capture
from demoweb.articles import DemoArticle, expected_paragraphs, load_articles
from demoweb.web import DemoWeb

ARTICLES = load_articles()


@pytest.fixture(scope="module")
def demo_web() -> Iterator[DemoWeb]:
    with DemoWeb(ARTICLES, first_port=0) as web:
        yield web


def read(web: DemoWeb, told: DemoArticle, *, known_site: bool) -> Article:
    url = web.address_of(told.id)
    with urlopen(url, timeout=10) as answer:
        headers, body = tuple(answer.headers.items()), answer.read()
    site = next(site for site in web.sites if site.id == told.site)
    capture = Capture(url, datetime.now(UTC), 200, headers, body)
    return clean(extract(capture, site if known_site else None))


@pytest.mark.parametrize("known_site", [True, False], ids=["known site", "unknown site"])
@pytest.mark.parametrize("told", ARTICLES, ids=lambda told: told.id)
def test_a_demo_page_gives_its_article_and_nothing_else(
    demo_web: DemoWeb, told: DemoArticle, known_site: bool
) -> None:
    article = read(demo_web, told, known_site=known_site)
    assert article.paragraphs == expected_paragraphs(told)
    assert article.title == told.title
    assert article.published is not None
    assert abs(article.published - told.published) < timedelta(days=1)
    assert language_of(article.text) == told.language
    assert article.suspect is None
