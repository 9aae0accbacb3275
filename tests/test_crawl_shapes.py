"""One crawl of a served site that lists its articles in every way that library sites were seen to."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from webs import Answer, Web, article, listing, reply

from crawler.crawling import crawl
from crawler.model import Account
from crawler.store.store import Store

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PER_PAGE = 2
# How each list goes on: the address of its first page, that of a further one, and the way there:
# a piece of HTML with the next address, or `pages` (with `first` and `step`) in the site's file.
LINKED = {
    "start": ("/joomla", "/joomla?start={skip}", '<a rel="next" href="{next}">»</a>'),
    "limitstart": (
        "/index.php?option=com_content&view=category&id=47",
        "/index.php?option=com_content&view=category&id=47&limitstart={skip}",
        '<ul class="pagination"><li class="pagination-next"><a href="{next}">Келесі</a></li></ul>',
    ),
    "page": ("/kk/category/news", "/kk/category/news/page/{n}", '<a href="{next}">Older posts</a>'),
    "paged": ("/?cat=1", "/?cat=1&paged={n}", '<a class="next page-numbers" href="{next}">→</a>'),
    "pagen": ("/news/", "/news/page{n}", '<div class="navigation"><a href="{next}">{n}</a></div>'),
    "ucoz": ("/blog/", "/blog/?page{n}", '<a class="swchItem" href="{next}">{n}</a>'),
    "bitrix": (
        "/b/",
        "/b/?PAGEN_1={n}",
        '<div class="bx-pag-next"><a href="{next}">Вперед</a></div>',
    ),
}
TOLD = {
    "steps": ("/k", "/k?start={skip}", {"pages": "{root}/k?start={n}", "first": 2, "step": 2}),
    "months": ("/arhiv", "/2026/{month:02}", {"pages": "{root}/{year}/{month}"}),
    "days": ("/kun", "/kun/2026-11-{day:02}", {"pages": "{root}/kun/{year}-{month}-{day}"}),
}
PAGES = 3


def names(shape: str, page: int) -> list[str]:
    return [f"/{shape}-{(page - 1) * PER_PAGE + n}-korme" for n in range(PER_PAGE)]


def target(template: str, page: int) -> str:
    """The address of the `page`-th page: archives skip a silent month, a silent fortnight."""
    skip, month, day = (page - 1) * PER_PAGE, 11 - 2 * (page - 1), 22 - 7 * (page - 1)
    return template.format(n=page, skip=skip, month=month, day=day)


def shown(shape: str, first: str, further: str, way: str = "") -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for page in range(1, PAGES + 1):
        more = way.format(next=target(further, page + 1), n=page + 1) if page < PAGES else ""
        found[first if page == 1 else target(further, page)] = reply(
            listing(names(shape, page), more)
        )
    return found


def documents(root: str) -> dict[str, Answer]:
    """A sitemap index with a packed part and one not there, two feeds, one of them broken."""
    locs = {
        n: "".join(f"<url><loc>{root}{one}</loc></url>" for one in names("map", n)) for n in (1, 2)
    }
    index = "".join(f"<sitemap><loc>{root}/s{n}.xml.gz</loc></sitemap>" for n in (1, 2, 3))
    packed = {n: gzip.compress(f"<urlset>{told}</urlset>".encode()) for n, told in locs.items()}
    atom = "".join(f'<entry><link href="{one}"/></entry>' for one in names("atom", 1))
    # No end, an entity that no XML knows, a raw ampersand: the entries are still there.
    rss = "".join(
        f"<item><title>A&nbsp;& B</title><link>{one}</link></item>" for one in names("rss", 1)
    )
    kind = "application/xml"
    return {
        "/sitemap.xml": reply(f"<sitemapindex>{index}</sitemapindex>", kind=kind),
        "/s1.xml.gz": reply(packed[1], kind="application/gzip"),
        "/s2.xml.gz": reply(packed[2], kind="application/x-gzip"),
        "/atom": reply(f'<feed xmlns="http://www.w3.org/2005/Atom">{atom}</feed>', kind=kind),
        "/rss": reply(f"\n\n<rss><channel>{rss}", kind="text/html"),
    }


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Account, set[str]]]:
    data = tmp_path_factory.mktemp("shapes")
    with Web() as web:
        sources: list[dict[str, object]] = [
            {"kind": "feed", "url": f"{web.root}/atom"},
            {"kind": "feed", "url": f"{web.root}/rss"},
        ]
        for shape, (first, further, way) in LINKED.items():
            web.answers |= shown(shape, first, further, way)
            sources.append({"kind": "listing", "url": f"{web.root}{first}", "links": ".item"})
        for shape, (first, further, told) in TOLD.items():
            web.answers |= shown(shape, first, further)
            filled = {**told, "pages": str(told["pages"]).replace("{root}", web.root)}
            source = {"kind": "listing", "url": f"{web.root}{first}", "links": ".item", **filled}
            sources.append(source)
        web.answers |= documents(web.root)
        sitemap = {"kind": "sitemap", "url": f"{web.root}/sitemap.xml"}
        articles = {one: reply(article(one)) for one in (*listed(), *mapped())}
        web.answers |= articles
        lists = web.site(sources=sources, match=["-korme$"], delay_seconds=0)
        maps = web.site("maps", sources=[sitemap], delay_seconds=0)
        runs = [crawl([site], data, now=NOW)[0] for site in (lists, maps)]
        with Store.open(data) as store:
            urls = {*store.articles.known_urls("test"), *store.articles.known_urls("maps")}
        yield runs[0].account, {url.removeprefix(web.root) for url in urls}


def listed() -> list[str]:
    shapes = (*LINKED, *TOLD)
    pages = [one for shape in shapes for page in range(1, PAGES + 1) for one in names(shape, page)]
    return [*pages, *names("atom", 1), *names("rss", 1)]


def mapped() -> list[str]:
    return [*names("map", 1), *names("map", 2)]


@pytest.mark.parametrize("shape", [*LINKED, *TOLD])
def test_every_page_of_a_list_is_reached(shape: str, crawled: tuple[Account, set[str]]) -> None:
    pages = {one for page in range(1, PAGES + 1) for one in names(shape, page)}
    assert pages <= crawled[1]


@pytest.mark.parametrize("shape", ["atom", "rss"])
def test_feeds_good_and_broken_are_read(shape: str, crawled: tuple[Account, set[str]]) -> None:
    assert set(names(shape, 1)) <= crawled[1]


def test_packed_parts_of_an_index_are_read_though_one_is_not_there(
    crawled: tuple[Account, set[str]],
) -> None:
    assert set(mapped()) <= crawled[1]


def test_nothing_else_is_stored(crawled: tuple[Account, set[str]]) -> None:
    account, stored = crawled
    assert stored == {*listed(), *mapped()}
    assert account.balanced
    assert (account.stored, account.failed) == (len(listed()), 0)
