"""A page of several articles read anew, in other parts than before: no doubles, none lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest

from crawler.model import Capture
from crawler.reprocessing import reprocess
from crawler.sites import Site
from crawler.store.captures import Resource
from crawler.store.store import Store

PAGE = "https://lib.example/news"
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
STORY = (
    "Аудандық кітапханада оқырмандармен кездесу өтіп, оған жүзден астам адам қатысты. "
    "Кездесу соңында қонақтарға кітаптар мен естелік сыйлықтар табысталды."
)
TITLES = ("Өлең кеші", "Кітап көрмесі", "Жазушымен кездесу")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data") as opened:
        yield opened


def site(split: str | None) -> Site:
    layout = {"title": "h1", "body": ".list"} | ({"split": split} if split else {})
    told = {"id": "lib", "name": {"kk": "Кітапхана"}, "url": "https://lib.example/"}
    return Site.model_validate({**told, "layouts": [layout]})


def captured(inside: str, url: str = PAGE) -> Capture:
    html = f"<html><body><h1>Күзгі кездесулер топтамасы</h1><div class='list'>{inside}</div></body></html>"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return Capture(url, NOW, 200, headers, html.encode())


def boxes() -> str:
    return "".join(
        f"<div class='{names}'><h3>{title}</h3><p>{STORY} {title}.</p></div>"
        for title, names in zip(TITLES, ("one", "one two", "one two"), strict=True)
    )


def present(store: Store) -> dict[str, str]:
    """The articles that are not gone: what follows the page's address, and the title."""
    known = (store.articles.document_at(one.url) for one in store.articles.known("lib"))
    told = [one.article for one in known if one is not None and one.gone_since is None]
    return {unquote(one.url.removeprefix(PAGE)): one.title or "" for one in told}


def in_parts(*titles: str) -> dict[str, str]:
    return {f"#:~:text={title}": title for title in titles}


def test_a_page_of_two_parts_becomes_three_then_one_then_two(store: Store) -> None:
    store.captures.add(captured(boxes()), "lib", ())
    steps = (
        (".two", in_parts(*TITLES[1:])),
        (".one", in_parts(*TITLES)),
        (None, {"": "Күзгі кездесулер топтамасы"}),
        (".two", in_parts(*TITLES[1:])),
        (".one", in_parts(*TITLES)),
    )
    for split, expected in steps:
        reprocess(store, [site(split)])
        assert present(store) == expected, split
        assert reprocess(store, [site(split)]).changed == 0


def linked(*titles: str) -> str:
    return "".join(
        f"<div class='box'><h3><a href='/news/{n}'>{title}</a></h3>"
        f"<p>1{n}.05.2024</p><p>{STORY} {STORY}</p><p>{STORY} {STORY} {title}.</p></div>"
        for n, title in enumerate(titles)
    )


def test_an_entry_with_a_page_of_its_own_is_one_article(store: Store) -> None:
    """A list and one of its entries' own pages were fetched: the own page is what counts."""
    store.captures.add(captured(linked(*TITLES)), "lib", ())
    own = f"{PAGE}/1"
    text = f"<p>{STORY} {STORY} Толық мәтіні.</p>"
    page = captured(text, own)
    seen = Resource(url=own, site="lib", role="page", status=200, checked_at=NOW, digest="x")
    plain = Site.model_validate(
        {"id": "lib", "name": {"kk": "Кітапхана"}, "url": "https://lib.example/"}
    )
    store.captures.add(page, "lib", (), seen)
    reprocess(store, [plain])
    assert sorted(present(store)) == ["/0", "/1", "/2"]
    document = store.articles.document_at(own)
    assert document is not None
    assert document.article.paragraphs[0].endswith("Толық мәтіні.")
    assert reprocess(store, [plain]).changed == 0
