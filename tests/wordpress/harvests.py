"""What the tests of WordPress do and keep: posts published, crawls made, what the store has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from wordpress.posts import SITE_TIME, chosen_articles, post_of
from wordpress.server import WordPress

from crawler.crawling import crawl
from crawler.model import Document
from crawler.sites import load_site
from crawler.store.runs import SiteRun
from crawler.store.store import Store
from demoweb.articles import DemoArticle, expected_paragraphs

POSTS = 60
AUTHOR = "Әдістеме бөлімі"
ADDED = "Толықтыру: көрме 25 қарашаға дейін ұзартылды, келушілерді күн сайын күтеміз."
LONG_AGO = datetime(2016, 3, 5, 10, 0, tzinfo=SITE_TIME)
THEMES = {
    "classic": {
        "template": "twentytwentyone",
        "stylesheet": "twentytwentyone",
        "WPLANG": "kk",
        "date_format": "Y ж. j F",
    },
    "block": {
        "template": "twentytwentythree",
        "stylesheet": "twentytwentythree",
        "WPLANG": "ru_RU",
        "date_format": "d.m.Y",
    },
}
SITE = """
cms = "wordpress"
url = "{url}"
region = "kostanay"
allow_private_addresses = true
delay_seconds = 0
[name]
kk = "«Жазира» кітапханасы"
"""


@dataclass(frozen=True)
class Post:
    """A post and what a reader of its page sees."""

    article: DemoArticle
    id: int
    url: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """A crawl's account of itself, the requests that the server noted, pages in trouble."""

    told: SiteRun
    asked: list[str]
    failures: dict[str, str]


@dataclass(frozen=True)
class Harvest:
    """Two crawls, one straight after the other, of the site in one theme."""

    first: Run
    second: Run
    found: Mapping[str, Document]


@dataclass(frozen=True)
class Changes:
    """What editors did after a harvest, and the crawls of that day and of a week later.

    `slow` was edited like `edited`, but on a server whose clock is ten minutes slow; `missing`
    are the addresses that the store knows to be missing after the first of the crawls.
    """

    edited: Post
    slow: Post
    fresh: Post
    backdated: Post
    trashed: Post
    today: Run
    found: Mapping[str, Document]
    missing: set[str]
    next_week: Run
    found_then: Mapping[str, Document]


def harvest(wordpress: WordPress, posts: Sequence[Post], data: Path) -> dict[str, Harvest]:
    """Crawl the site in all its themes at once, and at once again."""
    first = crawled(wordpress, data, *THEMES)
    second = crawled(wordpress, data, *THEMES)
    return {
        theme: Harvest(first[theme], second[theme], documents(wordpress, data, posts, theme))
        for theme in THEMES
    }


def change(wordpress: WordPress, posts: Sequence[Post], data: Path) -> Changes:
    """Edit two posts, trash one, publish one of today and one with an old date; crawl twice."""
    edited, slow, trashed = (posts[n] for n in (7, 21, 11))
    wordpress.act(
        append(wordpress, edited, 7),
        append(wordpress, slow, 21),
        {"do": "set_back", "id": slow.id, "minutes": 10},
        {"do": "trash", "id": trashed.id},
    )
    edited, slow = (replace(one, paragraphs=(*one.paragraphs, ADDED)) for one in (edited, slow))
    newest, older = chosen_articles(POSTS + 2)[POSTS:]
    today = datetime.now(SITE_TIME).replace(microsecond=0)
    dated = (replace(newest, published=today), replace(older, published=LONG_AGO))
    fresh, backdated = published(wordpress, dated)
    everything = [*posts, fresh, backdated]
    first = crawled(wordpress, data, "classic")["classic"]
    found = documents(wordpress, data, everything)
    with Store.open(data) as store:
        missing = {one.url for one in store.articles.known("classic") if one.missing_since}
    next_week = crawled(wordpress, data, "classic", later=timedelta(days=8))["classic"]
    then = documents(wordpress, data, everything)
    told = (edited, slow, fresh, backdated, trashed)
    return Changes(*told, first, found, missing, next_week, then)


def published(wordpress: WordPress, articles: Sequence[DemoArticle]) -> list[Post]:
    """Add articles to the site; the words that its pages show come from WordPress itself."""
    told = [post_of(article, n, wordpress.url) for n, article in enumerate(articles)]
    texts = [(article.title, *expected_paragraphs(article)) for article in articles]
    done = wordpress.act(*({"do": "texturize", "texts": text} for text in texts), *told)
    shown, added = done[: len(texts)], done[len(texts) :]
    return [
        Post(article, post["id"], post["url"], words[0], tuple(words[1:]))
        for article, post, words in zip(articles, added, shown, strict=True)
    ]


def append(wordpress: WordPress, post: Post, number: int) -> dict[str, Any]:
    """The action that adds a paragraph to the `number`th post."""
    content = post_of(post.article, number, wordpress.url)["content"]
    added = f"<!-- wp:paragraph -->\n<p>{ADDED}</p>\n<!-- /wp:paragraph -->"
    return {"do": "edit", "id": post.id, "post_content": f"{content}\n\n{added}"}


def crawled(
    wordpress: WordPress, data: Path, *themes: str, later: timedelta = timedelta()
) -> dict[str, Run]:
    """One crawl of the site in some themes, each set up by seven lines, begun `later` than now."""
    files = [data.parent / f"{theme}.toml" for theme in themes]
    for file in files:
        file.write_text(SITE.format(url=wordpress.urls[file.stem]), encoding="utf-8")
        wordpress.requests(file.stem)
    runs = crawl([load_site(file) for file in files], data, now=datetime.now(UTC) + later)
    with Store.open(data) as store:
        failures = {
            run.site: {one.url: one.reason for one in store.captures.failures(run.site)}
            for run in runs
        }
    return {run.site: Run(run, wordpress.requests(run.site), failures[run.site]) for run in runs}


def documents(
    wordpress: WordPress, data: Path, posts: Sequence[Post], theme: str = "classic"
) -> dict[str, Document]:
    """What the store has of the posts as a theme shows them, by the post's own address."""
    shown = {post.url: post.url.replace(wordpress.url, wordpress.urls[theme]) for post in posts}
    with Store.open(data) as store:
        found = {url: store.articles.document_at(there) for url, there in shown.items()}
    return {url: document for url, document in found.items() if document is not None}


def faults(posts: Sequence[Post], found: Mapping[str, Document]) -> dict[str, tuple[str, ...]]:
    """What is wrong with the stored posts, by the id of the article: nothing is to be."""
    wrong = {post.article.id: tuple(_faults(post, found.get(post.url))) for post in posts}
    return {name: told for name, told in wrong.items() if told}


def _faults(post: Post, document: Document | None) -> Iterator[str]:
    if document is None:
        yield "not stored"
        return
    got, article = document.article, post.article
    yield from (f"lost: {text}" for text in post.paragraphs if text not in got.paragraphs)
    yield from (f"leaked: {text}" for text in got.paragraphs if text not in post.paragraphs)
    pairs = {
        "paragraphs": (got.paragraphs, post.paragraphs),
        "title": (got.title, post.title),
        "published": (got.published, article.published),
        "language": (got.language, article.language),
        "section": (got.section, article.section),
        "author": (got.author, AUTHOR),
    }
    yield from (f"{name}: {a!r} != {b!r}" for name, (a, b) in pairs.items() if a != b)
