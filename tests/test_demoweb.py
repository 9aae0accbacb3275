"""The demo web: five sites in their systems' markup, over real loopback servers."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from http.client import HTTPConnection
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from crawler.errors import ConfigError
from demoweb.articles import (
    SITES,
    DemoArticle,
    DemoImage,
    DemoLinks,
    expected_paragraphs,
    load_articles,
)
from demoweb.web import DemoWeb, PortTakenError

ARTICLES = load_articles()


@dataclass(frozen=True)
class Got:
    status: int
    headers: Message
    body: bytes

    @property
    def page(self) -> BeautifulSoup:
        return BeautifulSoup(self.body, "lxml")


def get(url: str, **headers: str) -> Got:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"
    connection.request("GET", target, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    got = Got(answer.status, answer.headers, answer.read())
    connection.close()
    return got


@pytest.fixture(scope="module")
def web() -> Iterator[DemoWeb]:
    with DemoWeb(ARTICLES, first_port=0) as served:
        yield served


def article(**told: object) -> DemoArticle:
    base = DemoArticle(
        id="extra-01",
        site="saryarqa",
        language="kk",
        title="Жаңа мақала",
        slug="zhana-maqala",
        published=datetime.fromisoformat("2026-06-01T10:00:00+05:00"),
        body="Бірінші абзац.\n\nЕкінші абзац.",
    )
    return replace(base, **told)  # type: ignore[arg-type]


# --- every page says its article, unaltered -----------------------------------------------------

TITLE_AND_BODY = {
    "saryarqa": (".com-content-article h1", ".com-content-article__body"),
    "zhazira": ("h1.entry-title", "article .entry-content"),
    "syrdariya": ("#news-title", "#dle-content [id^=news-id-]"),
    "mura": ("h1#pagetitle", ".news-detail"),
    "priirtyshye": (".eTitle", ".eMessage"),
}


def one(page: BeautifulSoup, selector: str) -> Tag:
    found = page.select_one(selector)
    assert found is not None, selector
    return found


def squeezed(text: str) -> str:
    return " ".join(text.split())


def blocks_on(page: BeautifulSoup, site: str) -> str:
    """The text of the body element, ordered items with their numbers, line by line."""
    body = one(page, TITLE_AND_BODY[site][1])
    for ordered in body.select("ol"):
        for place, item in enumerate(ordered.select("li"), int(str(ordered.get("start", 1)))):
            item.insert(0, f"{place}. ")
    for line in body.select("p, li, h2, h3, h4, br, div, blockquote"):
        line.insert_before("\n")
        line.insert_after("\n")
    lines = [squeezed(line) for line in body.get_text().splitlines()]
    return "\n".join(line for line in lines if line)


def assert_says(got: Got, told: DemoArticle) -> None:
    assert got.status == 200
    title = one(got.page, TITLE_AND_BODY[told.site][0]).get_text()
    assert squeezed(title).endswith(squeezed(told.title))
    expected = "\n".join(map(squeezed, expected_paragraphs(told)))
    assert expected in blocks_on(got.page, told.site)


@pytest.mark.parametrize("told", ARTICLES, ids=lambda told: told.id)
def test_every_page_holds_the_whole_article_in_one_piece(web: DemoWeb, told: DemoArticle) -> None:
    assert_says(get(web.address_of(told.id)), told)


def test_any_article_can_stand_on_any_site() -> None:
    """Markup characters, unknown letters, an old date and odd list numbers come through."""
    hostile = article(
        title='<b>«Ә» & "қ"</b>',
        body="<script>alert(1)</script> & ]]> &amp; №5\n\n7. жеті\n8. сегіз\n1. бір\n\n😀 — әңгіме",
        published=datetime.fromisoformat("2009-02-03T10:00:00+06:00"),
        images=(DemoImage('a b".jpg', 'alt "x"', "<i>сурет</i>"), DemoImage("b.jpg")),
        links=DemoLinks(attachments=("құжат.pdf",)),
    )
    everywhere = [replace(hostile, id=f"x-{site}", site=site) for site in SITES]
    with DemoWeb(everywhere, first_port=0) as served:
        for told in everywhere:
            assert_says(get(served.address_of(told.id)), told)
        rows = json.loads(get(f"{served.roots['zhazira']}/wp-json/wp/v2/posts").body)
        assert len(rows) == 1


LINES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@settings(max_examples=25, deadline=None)
@given(words=st.lists(LINES, min_size=1, max_size=6), site=st.sampled_from(SITES))
def test_arbitrary_paragraphs_come_through_unaltered(words: list[str], site: str) -> None:
    from demoweb.profiles import profile_of
    from demoweb.shelf import Shelf
    from demoweb.systems.exchange import Ask
    from demoweb.web import SYSTEMS

    told = article(site=site, body="\n\n".join(words), literal=True)
    edition = Shelf([told]).edition
    system = SYSTEMS[site](profile_of(site), "http://127.0.0.1:1")
    reply = system.answer(Ask(system.url(edition.entries[0]), {}, edition))
    page = BeautifulSoup(reply.body.decode(system.charset), "html.parser")
    assert "\n".join(expected_paragraphs(told)) in blocks_on(page, site)


def test_the_pages_are_the_same_at_every_request_and_start(web: DemoWeb) -> None:
    address = web.address_of("zhazira-01")
    assert get(address).body == get(address).body
    with DemoWeb(ARTICLES, first_port=0) as other:
        for site, root in web.roots.items():
            told = next(a.id for a in ARTICLES if a.site == site)
            mine = get(web.address_of(told)).body.replace(root.encode(), b"")
            theirs = get(other.address_of(told)).body.replace(other.roots[site].encode(), b"")
            assert mine == theirs


# --- listings, feeds, sitemaps ------------------------------------------------------------------

LISTINGS = {
    "saryarqa": ("/kz/zhanalyktar /ru/novosti", "h2 a", ".page-item:nth-last-child(2) a"),
    "zhazira": ("/ /ru/", "article .entry-title a", "a.next.page-numbers"),
    "syrdariya": ("/", ".shortstory .btl a", ".nextprev a:has(.pnext)"),
    "mura": ("/kk/news/ /ru/news/", ".news-list .news-item > a:has(b)", ".bx-pag-next a"),
    "priirtyshye": ("/news/", "#allEntries .eTitle a", "a.swchItem-next"),
}  # fmt: skip


def walked(start: str, links: str, following: str) -> list[str]:
    found: list[str] = []
    at: str | None = start
    while at:
        page = get(at).page
        here = [urljoin(at, str(a["href"])) for a in page.select(links)]
        assert 0 < len(here) <= 10
        found += here
        step = page.select_one(following)
        at = urljoin(at, str(step["href"])) if step else None
    return found


def addresses(web: DemoWeb, site: str) -> set[str]:
    return {web.address_of(a.id) for a in ARTICLES if a.site == site}


@pytest.mark.parametrize("site", SITES)
def test_the_listings_lead_to_every_article_once(web: DemoWeb, site: str) -> None:
    starts, links, following = LISTINGS[site]
    found = [
        url for path in starts.split() for url in walked(web.roots[site] + path, links, following)
    ]
    assert len(found) == len(set(found))
    assert set(found) == addresses(web, site)


FEEDS = {
    "saryarqa": "/kz/zhanalyktar?format=feed&type=rss",
    "zhazira": "/feed/",
    "syrdariya": "/rss.xml",
    "mura": "/kk/news/rss/",
    "priirtyshye": "/news/rss/",
}


@pytest.mark.parametrize("site", SITES)
def test_the_feeds_tell_the_newest_articles(web: DemoWeb, site: str) -> None:
    root = etree.fromstring(get(web.roots[site] + FEEDS[site]).body)
    language = "ru" if site == "priirtyshye" else "kk"
    mine = [a for a in ARTICLES if a.site == site and a.language == language]
    newest = sorted(mine, key=lambda a: a.published, reverse=True)[:10]
    assert [link.text for link in root.iterfind("channel/item/link")] == [
        web.address_of(a.id) for a in newest
    ]
    told = [title.text or "" for title in root.iterfind("channel/item/title")]
    titles = [BeautifulSoup(title, "lxml").get_text() for title in told]
    assert titles == [a.title for a in newest]


def test_the_joomla_feed_has_the_introduction_alone_and_wordpress_the_whole(web: DemoWeb) -> None:
    newest = max(
        (a for a in ARTICLES if a.site == "zhazira" and a.language == "kk"),
        key=lambda a: a.published,
    )
    whole = etree.fromstring(get(web.roots["zhazira"] + "/feed/").body)
    content = whole.findtext("channel/item/{http://purl.org/rss/1.0/modules/content/}encoded")
    assert content is not None
    text = squeezed(BeautifulSoup(content, "lxml").get_text())
    assert all(squeezed(block.text) in text for block in newest.blocks)
    rss = etree.fromstring(get(web.roots["saryarqa"] + FEEDS["saryarqa"]).body)
    newest = max(
        (a for a in ARTICLES if a.site == "saryarqa" and a.language == "kk"),
        key=lambda a: a.published,
    )
    told = rss.findtext("channel/item/description") or ""
    assert newest.blocks[0].text in told
    assert newest.blocks[-1].text not in told


def locations(url: str) -> list[str]:
    return re.findall(r"<loc>([^<]+)</loc>", get(url).body.decode())


@pytest.mark.parametrize("site", ["zhazira", "syrdariya", "mura", "priirtyshye"])
def test_robots_lead_to_a_sitemap_of_every_article(web: DemoWeb, site: str) -> None:
    robots = get(f"{web.roots[site]}/robots.txt").body.decode()
    sitemap = re.search(r"^Sitemap: (\S+)$", robots, re.M)
    assert sitemap is not None
    listed = locations(sitemap[1])
    for part in listed:
        if part.endswith(".xml"):
            listed = [*listed, *locations(part)]
    assert addresses(web, site) <= set(listed)


def test_joomla_has_no_sitemap_and_dle_asks_for_patience(web: DemoWeb) -> None:
    assert get(f"{web.roots['saryarqa']}/sitemap.xml").status == 404
    assert b"Sitemap" not in get(f"{web.roots['saryarqa']}/robots.txt").body
    assert b"Disallow: /administrator/" in get(f"{web.roots['saryarqa']}/robots.txt").body
    assert b"Crawl-delay: 0.1" in get(f"{web.roots['syrdariya']}/robots.txt").body


def test_wordpress_rest_pages_through_every_post(web: DemoWeb) -> None:
    root = web.roots["zhazira"]
    at, links = f"{root}/wp-json/wp/v2/posts?per_page=7", []
    while at:
        got = get(at)
        assert got.headers["X-WP-Total"] == str(len(addresses(web, "zhazira")))
        links += [row["link"] for row in json.loads(got.body)]
        following = re.match(r'<([^>]+)>; rel="next"', got.headers.get("Link", ""))
        at = following[1] if following else ""
    assert set(links) == addresses(web, "zhazira")
    assert get(f"{root}/wp-json/wp/v2/posts?page=99").status == 400
    assert get(f"{root}/wp-json/wp/v2/posts?per_page=1000").status == 400
    assert get(f"{root}/wp-json/wp/v2/posts?modified_after=soon").status == 400


# --- validators, redirects, missing pages ---------------------------------------------------------

VALIDATED = [
    ("saryarqa", FEEDS["saryarqa"]),
    ("saryarqa", "/robots.txt"),
    ("zhazira", "/feed/"),
    ("syrdariya", "/"),
    ("syrdariya", "/rss.xml"),
    ("syrdariya", "/sitemap.xml"),
    ("mura", "/kk/news/"),
    ("mura", "/sitemap.xml"),
    ("priirtyshye", "/news/"),
    ("priirtyshye", "/news/rss/"),
    ("syrdariya", "syrdariya-01"),
    ("mura", "mura-01"),
    ("priirtyshye", "priirtyshye-01"),
]


def absolute(web: DemoWeb, site: str, target: str) -> str:
    return web.roots[site] + target if target.startswith("/") else web.address_of(target)


@pytest.mark.parametrize(("site", "target"), VALIDATED)
def test_validators_hold_and_answer_304_without_a_body(
    web: DemoWeb, site: str, target: str
) -> None:
    url = absolute(web, site, target)
    first = get(url)
    tag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    for held in (
        {"If_None_Match": tag},
        {"If_None_Match": f'"other", W/{tag}'},
        {"If_Modified_Since": changed},
    ):
        again = get(url, **held)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == tag
    for stale in (
        {"If_None_Match": '"other"'},
        {"If_None_Match": '"other"', "If_Modified_Since": changed},
        {"If_Modified_Since": "Mon, 01 Jan 2007 00:00:00 GMT"},
        {"If_Modified_Since": "no date"},
    ):
        assert get(url, **stale).status == 200


@pytest.mark.parametrize(
    ("site", "target"),
    [
        ("saryarqa", "saryarqa-01"),
        ("saryarqa", "/kz/zhanalyktar"),
        ("zhazira", "zhazira-01"),
        ("zhazira", "/wp-json/wp/v2/posts"),
        ("zhazira", "/wp-sitemap.xml"),
    ],
)
def test_joomla_and_wordpress_pages_carry_no_validators(
    web: DemoWeb, site: str, target: str
) -> None:
    got = get(absolute(web, site, target), If_Modified_Since="Sat, 01 Jan 2050 00:00:00 GMT")
    assert got.status == 200
    assert got.headers["ETag"] is None
    assert got.headers["Last-Modified"] is None


def number_in(url: str) -> str:
    found = re.search(r"\d{3}(?=-|$)", urlsplit(url).path.rpartition("/")[2])
    assert found is not None
    return found[0]


def test_old_and_short_addresses_lead_to_the_page(web: DemoWeb) -> None:
    slashless = web.address_of("zhazira-01").rstrip("/")
    rows = json.loads(get(f"{web.roots['zhazira']}/wp-json/wp/v2/posts?per_page=1").body)
    joomla, dle = web.address_of("saryarqa-01"), web.address_of("syrdariya-01")
    old_joomla = f"index.php?option=com_content&view=article&id={number_in(joomla)}:x"
    moves = {
        slashless: f"{slashless}/",
        rows[0]["guid"]["rendered"]: rows[0]["link"],
        f"{web.roots['saryarqa']}/{old_joomla}": joomla,
        f"{web.roots['syrdariya']}/index.php?newsid={number_in(dle)}": dle,
        dle.replace(".html", "x.html"): dle,
        web.address_of("mura-01").rstrip("/"): web.address_of("mura-01"),
        f"{web.roots['mura']}/": f"{web.roots['mura']}/kk/",
    }
    for old, new in moves.items():
        got = get(old)
        assert got.status in (301, 302), old
        assert got.headers["Location"] == new


@pytest.mark.parametrize("site", SITES)
def test_the_menu_has_a_link_to_a_page_that_is_gone(web: DemoWeb, site: str) -> None:
    page = get(web.address_of(next(a.id for a in ARTICLES if a.site == site)))
    hrefs = [urljoin(web.roots[site], str(a["href"])) for a in page.page.select("a[href]")]
    gone = [url for url in hrefs if "2015" in url]
    assert gone
    assert get(gone[0]).status == 404


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("path", ["/nope", "/%ff%fe", "/../../etc/passwd", "//x", "/images/news/x"])
def test_unknown_addresses_are_404(web: DemoWeb, site: str, path: str) -> None:
    assert get(web.roots[site] + path).status == 404


def test_pictures_papers_and_styles_are_served(web: DemoWeb) -> None:
    for site in SITES:
        told = next(a for a in ARTICLES if a.site == site and a.images)
        page = get(web.address_of(told.id)).page
        source = one(page, f"img[src$='{told.images[0].file}']")["src"]
        picture = get(urljoin(web.roots[site], str(source)))
        assert picture.headers["Content-Type"] == "image/jpeg"
        style = one(page, "link[rel=stylesheet], link[rel=StyleSheet]")["href"]
        assert get(urljoin(web.roots[site], str(style))).headers["Content-Type"] == "text/css"


# --- what each system is known by ---------------------------------------------------------------


def test_ucoz_sends_declared_windows_1251(web: DemoWeb) -> None:
    got = get(web.address_of("priirtyshye-01"))
    assert got.headers["Content-Type"] == "text/html; charset=windows-1251"
    assert b"charset=windows-1251" in got.body
    assert "библиотек".encode("windows-1251") in got.body
    with pytest.raises(UnicodeDecodeError):
        got.body.decode("utf-8")


def test_twins_name_each_other_with_hreflang(web: DemoWeb) -> None:
    twins = [a for a in ARTICLES if a.links.twin]
    assert {a.site for a in twins} >= {"saryarqa", "zhazira", "mura"}
    for told in twins:
        page = get(web.address_of(told.id)).page
        named = {
            str(link["hreflang"])[:2]: str(link["href"]) for link in page.select("link[hreflang]")
        }
        assert told.links.twin is not None
        other = next(a for a in ARTICLES if a.id == told.links.twin)
        assert named == {
            told.language: web.address_of(told.id),
            other.language: web.address_of(other.id),
        }


def test_one_joomla_article_stands_below_two_menu_items(web: DemoWeb) -> None:
    office = get(f"{web.roots['saryarqa']}/kz/adisteme-kabineti/14-zhanalyktar").page
    second = urljoin(web.roots["saryarqa"], str(one(office, ".blog-item h2 a")["href"]))
    page = get(second).page
    canonical = str(one(page, "link[rel=canonical]")["href"])
    assert canonical != second
    assert one(page, ".com-content-article__body") == one(
        get(canonical).page, ".com-content-article__body"
    )


MARKS = {
    "saryarqa": ("meta[name=generator][content^=Joomla]", "#comments-form img.captcha", ".hits"),
    "zhazira": ("meta[name=generator][content^=WordPress]", "#commentform", ".post-views"),
    "syrdariya": ("meta[name=generator][content^=DataLife]", "#dle-captcha", ".argviews"),
    "mura": ("script[src^='/bitrix/']", "input[name=captcha_word]", ".bx-breadcrumb"),
    "priirtyshye": (".eDetails .e-reads", "img.securityImage", "a[href*='ucoz.ru']"),
}


@pytest.mark.parametrize("site", SITES)
def test_the_pages_bear_the_marks_of_their_system(web: DemoWeb, site: str) -> None:
    page = get(web.address_of(next(a.id for a in ARTICLES if a.site == site))).page
    for selector in MARKS[site]:
        one(page, selector)


def test_the_traps_for_a_cleaner_are_laid(web: DemoWeb) -> None:
    told = {
        site: " ".join(
            squeezed(get(web.address_of(a.id)).page.get_text()) for a in ARTICLES if a.site == site
        )
        for site in SITES
    }
    assert re.search(r"\[smartslider3 slider=\d+\]", told["zhazira"])
    assert "Кликните на изображение чтобы обновить код" in told["syrdariya"]
    assert re.search(r"\b\d+ қарау\b", told["syrdariya"])
    assert re.search(r"\b\d\d \w+ \d{4} ж\. \d\d:\d\d", told["syrdariya"])
    assert "Изображение №1" in told["mura"]
    assert re.search(r"Категория: .{1,60} \| Просмотров: \d+ \| Добавил: ", told["priirtyshye"])
    assert "Ай кітабы" in told["saryarqa"]
    for text in told.values():
        assert "cookie" in text


# --- the crawler's view, and changes while serving -----------------------------------------------


def test_the_sites_are_configured_at_their_ports(web: DemoWeb) -> None:
    sites = web.sites
    assert [site.id for site in sites] == list(SITES)
    assert [site.cms for site in sites] == ["joomla", "wordpress", "dle", "bitrix", "ucoz"]
    for site in sites:
        assert site.url == f"{web.roots[site.id]}/"
        assert site.allow_private_addresses
        assert site.layouts


def test_an_edit_a_withdrawal_and_a_new_article_show_everywhere() -> None:
    with DemoWeb(ARTICLES, first_port=0) as served:
        root = served.roots["zhazira"]
        before = get(f"{root}/feed/").headers
        since = datetime.now(UTC) - timedelta(seconds=2)
        served.edit("zhazira-02", title="Түзетілген тақырып")
        stamp = since.isoformat().replace("+00:00", "Z")
        rows = json.loads(get(f"{root}/wp-json/wp/v2/posts?modified_after={stamp}").body)
        assert [row["title"]["rendered"] for row in rows] == ["Түзетілген тақырып"]
        assert get(f"{root}/feed/", If_None_Match=before["ETag"]).status == 200
        assert get(f"{root}/feed/", If_Modified_Since=before["Last-Modified"]).status == 200

        gone = served.address_of("mura-01")
        served.withdraw("mura-01")
        assert get(gone).status == 404
        assert gone not in locations(f"{served.roots['mura']}/sitemap-iblock-5.xml")

        number = number_in(served.address_of("saryarqa-01"))
        served.publish(article())
        front = get(f"{served.roots['saryarqa']}/kz/zhanalyktar").page
        assert "Жаңа мақала" in front.get_text()
        assert number_in(served.address_of("saryarqa-01")) == number
        with pytest.raises(KeyError):
            served.withdraw("nobody")


def test_the_request_log_counts_what_was_sent() -> None:
    with DemoWeb(ARTICLES, first_port=0) as served:
        url = f"{served.roots['syrdariya']}/rss.xml"
        first = get(url)
        get(url, If_None_Match=first.headers["ETag"])
        log = served.request_log["syrdariya"]
        assert [(r.method, r.path, r.status, r.bytes) for r in log] == [
            ("GET", "/rss.xml", 200, len(first.body)),
            ("GET", "/rss.xml", 304, 0),
        ]
        served.forget_requests()
        assert not any(served.request_log.values())


def test_a_taken_port_is_named_and_the_others_are_freed() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(PortTakenError, match=rf"Port {port} .*--sites-port"),
            DemoWeb(ARTICLES, first_port=port - 1),
        ):
            pass
        with socket.socket() as freed:
            freed.bind(("127.0.0.1", port - 1))


def test_an_article_of_an_unknown_site_is_refused() -> None:
    with pytest.raises(ConfigError, match="extra-01: site: 'nowhere'"):
        DemoWeb([article(site="nowhere")])
