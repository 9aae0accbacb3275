"""Where the pages are: addresses, feeds, sitemaps, WordPress, listings, and the plan of a run."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discover.documents import read_source
from crawler.discover.feed import links_in_feed
from crawler.discover.found import SourceError
from crawler.discover.judge import ASKED, Action
from crawler.discover.listing import links_in_listing
from crawler.discover.memory import UNSETTLED, Memory, SourceState
from crawler.discover.pages import page_address_of, patience
from crawler.discover.plan import Plan
from crawler.discover.sitemap import links_in_sitemap
from crawler.discover.urls import canonical_url, identity, trouble_with
from crawler.discover.wordpress import modified_posts
from crawler.discover.xml import moment
from crawler.model import Capture
from crawler.sites import Site, Source, load_site

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ROOT = "https://lib.example"
CONFIG = Path(__file__).parent.parent / "config"


def site_of(*sources: dict[str, object], **told: object) -> Site:
    known = {"id": "lib", "name": {"kk": "Кітапхана"}, "url": f"{ROOT}/", "sources": sources}
    return Site.model_validate({**known, **told})


def captured(body: str | bytes, url: str = f"{ROOT}/source", **headers: str) -> Capture:
    raw = body.encode() if isinstance(body, str) else body
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Capture(url, NOW, 200, named, raw)


# Addresses


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://LIB.example/", f"{ROOT}/"),
        ("https://lib.example", f"{ROOT}/"),
        ("http://lib.example/a", f"{ROOT}/a"),
        ("https://www.lib.example/a", f"{ROOT}/a"),
        ("https://lib.example:443/a", f"{ROOT}/a"),
        ("http://lib.example:443/a", f"{ROOT}/a"),
        ("https://lib.example./a", f"{ROOT}/a"),
        ("https://lib.example:8443/a", "https://lib.example:8443/a"),
        ("https://lib.example/a#top", f"{ROOT}/a"),
        ("https://lib.example//a///b/./c/../d", f"{ROOT}/a/b/d"),
        ("https://lib.example/a/", f"{ROOT}/a/"),
        ("https://lib.example/a?b=2&a=1", f"{ROOT}/a?a=1&b=2"),
        ("https://lib.example/a?utm_source=x&utm_medium=y&id=5", f"{ROOT}/a?id=5"),
        ("https://lib.example/a?fbclid=1&gclid=2&yclid=3&_openstat=4&ysclid=5", f"{ROOT}/a"),
        ("https://lib.example/a?PHPSESSID=0123&id=5", f"{ROOT}/a?id=5"),
        ("https://lib.example/a;jsessionid=0A1B?id=5", f"{ROOT}/a?id=5"),
        ("https://lib.example/a?print=1&tmpl=component&id=5", f"{ROOT}/a?id=5"),
        ("https://lib.example/a?vis=mobile&node=7", f"{ROOT}/a?node=7"),
        ("https://lib.example/a?page=&id=5", f"{ROOT}/a?id=5"),
        ("https://lib.example/a?do=print&id=5", f"{ROOT}/a?id=5"),
        ("https://lib.example/a?do=show&id=5", f"{ROOT}/a?do=show&id=5"),
        ("https://lib.example/a?m=1&view=mobile", f"{ROOT}/a"),
        ("https://lib.example/a?m=201911&view=article", f"{ROOT}/a?m=201911&view=article"),
        ("https://lib.example/2019/kezdesu/print/", f"{ROOT}/2019/kezdesu/"),
        ("https://lib.example/kezdesu/amp", f"{ROOT}/kezdesu"),
        ("https://lib.example/print/", f"{ROOT}/print/"),
        ("https://lib.example/news/print:page,1,12-a.html", f"{ROOT}/news/12-a.html"),
        ("https://m.lib.example/a", f"{ROOT}/a"),
        ("http://pda.lib.example:80/a", f"{ROOT}/a"),
        ("https://lib.example/кітап", f"{ROOT}/%D0%BA%D1%96%D1%82%D0%B0%D0%BF"),
        ("https://lib.example/%d0%ba%D1%96т", f"{ROOT}/%D0%BA%D1%96%D1%82"),
        ("https://lib.example/a%2Fb%7Ec", f"{ROOT}/a%2Fb~c"),
        ("https://lib.example/a?q=%D0%BA+%D1%96", f"{ROOT}/a?q=%D0%BA%20%D1%96"),
        ("https://ru.lib.example/a", "https://ru.lib.example/a"),
    ],
)
def test_one_page_has_one_address(url: str, canonical: str) -> None:
    assert canonical_url(url, site_of()) == canonical


@pytest.mark.parametrize("own", ["http://Кітапхана.қаз/", "http://xn--80aaa1brkt0a3m.xn--80ao21a"])
@pytest.mark.parametrize(
    "asked", ["Кітапхана.қаз", "www.КІТАПХАНА.ҚАЗ.", "xn--80aaa1brkt0a3m.xn--80ao21a"]
)
def test_a_host_in_cyrillic_is_one_however_it_is_written(own: str, asked: str) -> None:
    site = site_of(url=own)
    page = canonical_url(f"http://{asked}:80/жаңалық/қыс?бет=1", site)
    assert page == canonical_url(f"{own.rstrip('/')}/жаңалық/қыс?бет=1", site)
    assert page.isascii()
    assert site.covers(page)
    assert site.covers(f"http://{asked}/")
    assert not site.covers("http://кітап.қаз/")


PIECES = st.lists(
    st.sampled_from(
        [
            "print",
            "amp",
            "print:page,1,",
            *"aB1/.%~;=&?+:@#кқ -_,«",
            "%2F",
            "%d0%ba",
            "..",
            "//",
            "%zz",
        ]
    ),
    max_size=40,
).map("".join)


@given(PIECES)
def test_a_canonical_address_is_its_own_canonical_form(tail: str) -> None:
    once = canonical_url(f"https://www.lib.example/{tail}", site_of())
    assert canonical_url(once, site_of()) == once
    assert once.isascii()
    assert urlsplit(once).netloc == "lib.example"


@given(st.lists(st.tuples(st.sampled_from("abcxyz"), st.sampled_from("123")), max_size=6))
def test_the_order_of_parameters_does_not_matter(pairs: list[tuple[str, str]]) -> None:
    there = "&".join(f"{name}={value}" for name, value in pairs)
    back = "&".join(f"{name}={value}" for name, value in reversed(pairs))
    assert canonical_url(f"{ROOT}/?{there}") == canonical_url(f"{ROOT}/?{back}")


@pytest.mark.parametrize(
    "url", ["", "mailto:a@lib.example", "javascript:void(0)", "ftp://lib.example/", "http://[::1"]
)
def test_what_is_no_web_page_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="no web address"):
        canonical_url(url, site_of())


def test_many_menus_lead_to_one_article() -> None:
    site = load_site(CONFIG / "sites" / "karlib.toml")
    same = {
        identity(canonical_url(f"{root}{path}", site), site)
        for root in ("https://karlib.kz", "http://www.karlib.kz", "https://karlib.kz.:443")
        for path in (
            "/kz/disker-kabineti/14-zhanalyktar/4943-alias",
            "/kz/zhanalyktar/4943-alias",
            "/kz/zhanalyktar/4943-alias?language=romanian",
            "/index.php/kz/zhanalyktar/4943-another-alias.html?start=0",
        )
    }
    assert same == {"id|kz|4943"}
    assert identity("https://karlib.kz/ru/x/4943-alias", site) not in same
    assert identity(f"{ROOT}/a/", site_of()) == identity(f"{ROOT}/a", site_of())


@pytest.mark.parametrize(
    ("path", "trap"),
    [
        ("/news/123-article", False),
        ("/2024/10/22/slug/", False),
        ("/kz/kz-zhanalyktar/kz", False),
        ("/a/a/a/", True),
        ("/a/b/a/b/a/b", True),
        ("/news/news/news/1", True),
        ("/x" * 20, True),
        ("/" + "y" * 3000, True),
        ("/foto/1.JPG", True),
        ("/doc.pdf", True),
        ("/doc.pdf.html", False),
    ],
)
def test_traps_and_files_are_told_by_their_address(path: str, trap: bool) -> None:
    assert (trouble_with(ROOT + path) is not None) is trap


# Documents

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<link>https://lib.example/</link>
<item><title>Бірінші</title><link> https://www.lib.example/1-a?utm_source=rss </link>
<pubDate>Mon, 08 Apr 2019 16:32:00 +0600</pubDate><description>мәтін</description></item>
<item><title>Екінші</title><guid>https://lib.example/2-b</guid></item>
<item><title>Адрессіз</title><guid isPermaLink="false">77</guid></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title>
<link rel="self" href="/self"/><link rel="alternate" href="/3-c"/>
<published>2024-03-01T10:00:00+05:00</published><updated>2024-03-02T10:00:00Z</updated></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<item rdf:about="x"><title>D</title><link>https://lib.example/4-d</link><dc:date>2020-05-05</dc:date>
</item></rdf:RDF>"""


def test_feeds_of_all_kinds() -> None:
    first, second = links_in_feed(captured(RSS), site_of()).mentions
    assert first.link.url == f"{ROOT}/1-a"
    assert first.link.title == "Бірінші"
    assert first.link.published == datetime(2019, 4, 8, 10, 32, tzinfo=UTC)
    assert second.link.url == f"{ROOT}/2-b"
    (atom,) = links_in_feed(captured(ATOM), site_of()).mentions
    assert (atom.link.url, atom.link.modified) == (
        f"{ROOT}/3-c",
        datetime(2024, 3, 2, 10, tzinfo=UTC),
    )
    (rdf,) = links_in_feed(captured(RDF), site_of()).mentions
    assert (rdf.link.url, rdf.link.published) == (f"{ROOT}/4-d", datetime(2020, 5, 5, tzinfo=UTC))


def test_an_edited_entry_of_a_feed_has_another_mark() -> None:
    before = links_in_feed(captured(RSS), site_of()).mentions
    after = links_in_feed(captured(RSS.replace("мәтін", "жаңа мәтін")), site_of()).mentions
    assert before[0].mark != after[0].mark
    assert before[1].mark == after[1].mark


SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://lib.example/1-a</loc><lastmod>2024-05-01</lastmod></url>
<url><loc>https://lib.example/2-b</loc></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://lib.example/s1.xml</loc><lastmod>2024-05-01</lastmod></sitemap>
<sitemap><loc>https://other.example/s2.xml</loc></sitemap></sitemapindex>"""


@pytest.mark.parametrize("body", [SITEMAP.encode(), gzip.compress(SITEMAP.encode(), mtime=0)])
def test_sitemaps_plain_and_packed(body: bytes) -> None:
    one, two = links_in_sitemap(captured(body), site_of()).mentions
    assert (one.link.url, one.mark) == (f"{ROOT}/1-a", "2024-05-01")
    assert (two.link.url, two.mark) == (f"{ROOT}/2-b", "")


def test_a_sitemap_index_names_sitemaps_of_the_site_only() -> None:
    assert links_in_sitemap(captured(INDEX), site_of()).parts == (
        ("https://lib.example/s1.xml", "2024-05-01"),
    )


def test_a_sitemap_may_be_a_list_of_addresses() -> None:
    found = links_in_sitemap(
        captured("https://lib.example/1-a\nhttps://lib.example/2-b\n"), site_of()
    )
    assert [one.link.url for one in found.mentions] == [f"{ROOT}/1-a", f"{ROOT}/2-b"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("feed", "<html><body>404</body></html>"),
        ("feed", ""),
        ("feed", "{}"),
        ("sitemap", "<html></html>"),
        ("sitemap", gzip.compress(SITEMAP.encode(), mtime=0)[:-20]),
        ("wordpress", "<html></html>"),
        ("wordpress", '{"code": "rest_forbidden"}'),
        ("listing", ""),
    ],
)
def test_a_document_of_another_sort_is_told(kind: str, body: str | bytes) -> None:
    source = Source.model_validate({"kind": kind, "url": f"{ROOT}/source"})
    with pytest.raises(SourceError, match=r"https://lib\.example/source"):
        read_source(source, captured(body), site_of())


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["feed", "sitemap", "wordpress", "listing"]))
def test_any_bytes_are_read_or_refused(body: bytes, kind: str) -> None:
    source = Source.model_validate({"kind": kind, "url": f"{ROOT}/source"})
    for told in (
        body,
        b"<rss><item><link>" + body,
        b"<urlset><url><loc>" + body,
        b"<a href='" + body,
    ):
        try:
            read_source(source, captured(told), site_of())
        except SourceError:
            continue


PAGINATIONS = [
    ('<a rel="next" href="/news?start=15">x</a>', "/news?start=15"),
    ('<link rel="next" href="/news?limitstart=15">', "/news?limitstart=15"),
    ('<div class="next"><a href="/page/2/">x</a></div>', "/page/2/"),
    ('<a class="next page-numbers" href="?paged=2">→</a>', "/news?paged=2"),
    ('<a href="/news/page2">Келесі</a>', "/news/page2"),
    ('<a href="/news/page2">Следующая »</a>', "/news/page2"),
    ('<a href="/news/page2">Вперёд</a>', "/news/page2"),
    ('<a href="/p2" aria-label="Келесі бет"><i></i></a>', "/p2"),
    ('<div class="pagination"><b>1</b><a href="/p2">2</a><a href="/p3">3</a></div>', "/p2"),
    ('<ul class="pages"><li><a href="/p9">»</a></li></ul>', "/p9"),
    ('<a href="/p2">2</a>', None),
    ('<a href="https://other.example/2" rel="next">x</a>', None),
    ('<a href="#" rel="next">x</a>', None),
    ("", None),
]


@pytest.mark.parametrize(("html", "url"), PAGINATIONS)
def test_the_way_to_the_next_page_is_found(html: str, url: str | None) -> None:
    page = captured(
        f'<html><body><h2><a href="/1-a">A</a></h2>{html}</body></html>', f"{ROOT}/news"
    )
    source = Source(kind="listing", url=f"{ROOT}/news", links="h2 a")
    found = links_in_listing(page, site_of(), source)
    assert found.more == ((ROOT + url,) if url else ())
    assert [one.link.url for one in found.mentions] == [f"{ROOT}/1-a"]


@pytest.mark.parametrize(
    ("pages", "told", "addresses"),
    [
        ("/news?start={n}", {"first": 30, "step": 30}, ["/news?start=30", "/news?start=60"]),
        ("/page/{n}/", {}, ["/page/2/", "/page/3/"]),
        ("/news/page{n}", {"first": 1}, ["/news/page1", "/news/page2"]),
        ("/{year}/{month}", {}, ["/2026/01", "/2025/12"]),
        ("/{year}-{month}-{day}", {}, ["/2026-01-02", "/2026-01-01"]),
    ],
)
def test_addresses_of_further_pages(pages: str, told: dict[str, int], addresses: list[str]) -> None:
    source = Source(kind="listing", url="/", pages=pages, **told)
    assert [page_address_of(source, n, date(2026, 1, 2)) for n in (2, 3)] == addresses
    assert page_address_of(source, 1, date(2026, 1, 2)) is None
    assert patience(source) == (92 if "{day}" in pages else 6 if "{year}" in pages else 0)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("2024-05-01", datetime(2024, 5, 1, tzinfo=UTC)),
        ("2024-05-01T10:00:00+05:00", datetime(2024, 5, 1, 5, tzinfo=UTC)),
        ("Mon, 08 Apr 2019 16:32:00 GMT", datetime(2019, 4, 8, 16, 32, tzinfo=UTC)),
        ("0001-01-01T00:00:00+05:00", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_times_of_feeds_and_sitemaps(told: str | None, found: datetime | None) -> None:
    assert moment(told) == found


def test_modified_after_has_an_offset() -> None:
    (told,) = parse_qs(urlsplit(modified_posts("/posts", NOW)).query)["modified_after"]
    assert told == "2026-11-22T09:00:00+00:00"


# Plans


class Pages:
    """A web of documents without a network: plays a plan to its end."""

    def __init__(self, documents: Mapping[str, str | Capture]) -> None:
        self.documents = documents
        self.asked: list[str] = []

    def play(self, plan: Plan) -> dict[str, Action]:
        """What the plan decided on each page."""
        decided: dict[str, Action] = {}
        step, waiting = plan.begin(), []
        while True:
            decided |= {one.link.url: one.action for one in step.decisions}
            waiting += step.asks
            if not waiting:
                return decided
            step = self._answer(plan, waiting.pop(0))

    def _answer(self, plan: Plan, ask):  # type: ignore[no-untyped-def]
        self.asked.append(ask.url)
        document = self.documents.get(ask.url)
        if document is None:
            return plan.lost(ask, "the server answers 404", missing=True)
        if document == "304":
            return plan.read(ask, None, 0, True)
        told = document if isinstance(document, Capture) else captured(document, ask.url)
        try:
            found = read_source(ask.source, told, plan.site, ask.page)
        except SourceError as error:
            return plan.lost(ask, str(error))
        return plan.read(ask, found, len(told.body), False)


def page_of(numbers: list[int], more: str = "") -> str:
    return "".join(f'<h2><a href="/{n}-a">{n}</a></h2>' for n in numbers) + more


LISTING = {"kind": "listing", "url": f"{ROOT}/news", "links": "h2 a", "pages": ROOT + "/news/{n}"}
FEED = {"kind": "feed", "url": f"{ROOT}/feed"}


def feed_of(numbers: list[int]) -> str:
    items = "".join(f"<item><link>{ROOT}/{n}-a</link></item>" for n in numbers)
    return f"<rss><channel>{items}</channel></rss>"


def stored(*numbers: int) -> dict[str, datetime]:
    return {f"{ROOT}/{n}-a": NOW - timedelta(days=1) for n in numbers}


def test_the_first_run_goes_through_the_whole_history() -> None:
    pages = {f"{ROOT}/news/{n}": page_of([10 - 2 * n, 9 - 2 * n]) for n in (2, 3, 4)}
    web = Pages({f"{ROOT}/feed": feed_of([9, 8]), f"{ROOT}/news": page_of([9, 8, 7]), **pages})
    plan = Plan(site_of(FEED, LISTING), Memory(), NOW)
    decided = web.play(plan)
    assert set(decided) == {f"{ROOT}/{n}-a" for n in (9, 8, 7, 6, 5, 4, 3, 2, 1)}
    assert set(decided.values()) == {Action.NEW}
    assert plan.whole
    assert plan.notes == []


def test_a_site_that_repeats_its_last_page_for_ever_is_left() -> None:
    pages = {f"{ROOT}/news/{n}": page_of([2, 1]) for n in range(2, 5000)}
    web = Pages({f"{ROOT}/news": page_of([4, 3]), **pages})
    plan = Plan(site_of(LISTING), Memory(), NOW)
    assert len(web.play(plan)) == 4
    assert len(web.asked) == 3


def test_later_runs_stop_at_the_known() -> None:
    pages = {f"{ROOT}/news/{n}": page_of([12 - 2 * n, 11 - 2 * n]) for n in range(2, 6)}
    web = Pages({f"{ROOT}/news": page_of([11, 10, 9]), **pages})
    plan = Plan(site_of(LISTING), Memory(stored=stored(*range(1, 10)), whole=True), NOW)
    decided = web.play(plan)
    assert {url for url, action in decided.items() if action in ASKED} == {
        f"{ROOT}/11-a",
        f"{ROOT}/10-a",
    }
    assert web.asked == [f"{ROOT}/news", f"{ROOT}/news/2"]


def test_an_unchanged_feed_is_enough() -> None:
    state = SourceState(NOW, dict.fromkeys(stored(1, 2), "m"))
    memory = Memory(stored=stored(1, 2), states={f"{ROOT}/feed": state}, whole=True)
    web = Pages({f"{ROOT}/feed": "304"})
    decided = web.play(Plan(site_of(FEED, LISTING), memory, NOW))
    assert web.asked == [f"{ROOT}/feed"]
    assert set(decided.values()) == {Action.UNCHANGED}


def test_pages_that_an_earlier_run_did_not_reach_are_asked_for_though_the_feed_is_the_same() -> (
    None
):
    state = SourceState(NOW, dict.fromkeys(stored(1, 2, 3), "m") | {f"{ROOT}/1-a": UNSETTLED})
    memory = Memory(stored=stored(1, 2), states={f"{ROOT}/feed": state}, whole=True)
    decided = Pages({f"{ROOT}/feed": "304"}).play(Plan(site_of(FEED), memory, NOW))
    assert decided[f"{ROOT}/3-a"] is Action.NEW
    assert decided[f"{ROOT}/1-a"] is Action.CHANGED
    assert decided[f"{ROOT}/2-a"] is Action.UNCHANGED


def test_a_feed_that_has_only_news_leads_on_to_the_listing() -> None:
    web = Pages({f"{ROOT}/feed": feed_of([9, 8]), f"{ROOT}/news": page_of([9, 8, 7, 6, 1])})
    memory = Memory(stored=stored(1, 2, 3), whole=True)
    decided = web.play(Plan(site_of(FEED, LISTING), memory, NOW))
    new = {url for url, action in decided.items() if action is Action.NEW}
    assert new == {f"{ROOT}/{n}-a" for n in (9, 8, 7, 6)}


def test_when_a_kind_of_source_fails_the_next_is_tried() -> None:
    rest = {"kind": "wordpress", "url": f"{ROOT}/wp-json/wp/v2/posts"}
    sitemap = {"kind": "sitemap", "url": f"{ROOT}/sitemap.xml"}
    web = Pages({f"{ROOT}/news": page_of([1, 2])})
    plan = Plan(site_of(rest, sitemap, LISTING), Memory(), NOW)
    assert len(web.play(plan)) == 2
    assert plan.whole
    assert any("sitemap.xml" in note for note in plan.notes)


def test_more_than_two_listings_take_turns_unless_there_is_news() -> None:
    many = [{**LISTING, "url": f"{ROOT}/{name}", "pages": None} for name in "abc"]
    web = Pages({f"{ROOT}/{name}": page_of([1]) for name in "abc"})
    states = {
        f"{ROOT}/{name}": SourceState(NOW - timedelta(days=n)) for n, name in enumerate("abc")
    }
    quiet = Memory(stored=stored(1), states=states, whole=True)
    web.play(Plan(site_of(*many), quiet, NOW))
    assert web.asked == [f"{ROOT}/c", f"{ROOT}/b"]
    web.asked.clear()
    web.play(Plan(site_of(*many), Memory(stored=stored(2), states=states, whole=True), NOW))
    assert set(web.asked) >= {f"{ROOT}/a", f"{ROOT}/b", f"{ROOT}/c"}


def test_a_date_archive_is_walked_back_over_silent_months() -> None:
    archive = {**LISTING, "pages": ROOT + "/{year}/{month}"}
    months = {f"{ROOT}/2026/11": page_of([9]), f"{ROOT}/2026/07": page_of([8])}
    web = Pages({f"{ROOT}/news": page_of([9]), **months, f"{ROOT}/2026/03": page_of([7])})
    decided = Pages.play(web, Plan(site_of(archive), Memory(), NOW))
    assert set(decided) == {f"{ROOT}/9-a", f"{ROOT}/8-a", f"{ROOT}/7-a"}
    assert len(web.asked) < 25


class Posts(Pages):
    """WordPress's REST answers out of a list of (id, link, date, modified)."""

    def __init__(self) -> None:
        super().__init__({})
        self.rows: dict[int, tuple[datetime, datetime]] = {}

    def put(self, number: int, published: datetime, modified: datetime) -> None:
        self.rows[number] = (published, modified)

    def _answer(self, plan: Plan, ask):  # type: ignore[no-untyped-def]
        self.asked.append(ask.url)
        query = {k: v[0] for k, v in parse_qs(urlsplit(ask.url).query).items()}
        rows = [(n, *times) for n, times in self.rows.items()]
        if "modified_after" in query:
            after = datetime.fromisoformat(query["modified_after"])
            rows = [row for row in rows if row[2] > after]
        order = {"id": lambda row: row[0], "modified": lambda row: row[2]}[query["orderby"]]
        rows.sort(key=order, reverse=query["order"] == "desc")
        size, page = int(query["per_page"]), int(query["page"])
        told = [
            {"id": n, "link": f"{ROOT}/{n}-a", "date_gmt": _gmt(d), "modified_gmt": _gmt(m)}
            for n, d, m in rows[(page - 1) * size : page * size]
        ]
        headers = {"X_WP_Total": str(len(rows)), "X_WP_TotalPages": str(-(-len(rows) // size))}
        found = read_source(ask.source, captured(json.dumps(told), ask.url, **headers), plan.site)
        return plan.read(ask, found, 0, False)


def _gmt(when: datetime) -> str:
    return when.replace(tzinfo=None).isoformat(timespec="seconds")


@pytest.fixture
def posts() -> Posts:
    web = Posts()
    for number in range(1, 251):
        day = NOW - timedelta(days=400 - number)
        web.put(number, day, day)
    return web


REST = {"kind": "wordpress", "url": f"{ROOT}/wp-json/wp/v2/posts"}


def after_first_run(posts: Posts) -> Memory:
    plan = Plan(site_of(REST), Memory(), NOW)
    decided = posts.play(plan)
    assert len(decided) == 250
    assert plan.whole
    posts.asked.clear()
    return Memory(stored=dict.fromkeys(decided, NOW), states=plan.states, whole=True)


def test_wordpress_unchanged_costs_two_requests_whatever_its_size(posts: Posts) -> None:
    memory = after_first_run(posts)
    decided = posts.play(Plan(site_of(REST), memory, NOW + timedelta(days=1)))
    assert len(posts.asked) == 2
    assert set(decided.values()) == {Action.UNCHANGED}


def test_wordpress_new_edited_and_back_dated_posts_are_found(posts: Posts) -> None:
    memory = after_first_run(posts)
    later = NOW + timedelta(hours=20)
    posts.put(251, later, later)
    posts.put(252, NOW - timedelta(days=3000), NOW - timedelta(days=3000))
    posts.put(7, NOW - timedelta(days=393), later)
    decided = posts.play(Plan(site_of(REST), memory, NOW + timedelta(days=1)))
    asked = {url: action for url, action in decided.items() if action in ASKED}
    assert asked == {
        f"{ROOT}/251-a": Action.NEW,
        f"{ROOT}/252-a": Action.NEW,
        f"{ROOT}/7-a": Action.CHANGED,
    }
    assert len(posts.asked) == 2


def test_wordpress_vanished_posts_are_found_by_the_total(posts: Posts) -> None:
    memory = after_first_run(posts)
    del posts.rows[100]
    plan = Plan(site_of(REST), memory, NOW + timedelta(days=1))
    posts.play(plan)
    assert plan.vanished() == [f"{ROOT}/100-a"]
    assert len(posts.asked) == 2 + 3


def test_wordpress_many_new_posts_are_all_found(posts: Posts) -> None:
    memory = after_first_run(posts)
    for number in range(251, 301):
        posts.put(number, NOW - timedelta(days=3000), NOW - timedelta(days=3000))
    decided = posts.play(Plan(site_of(REST), memory, NOW + timedelta(days=1)))
    assert sum(action is Action.NEW for action in decided.values()) == 50


def test_each_page_is_decided_on_once_and_what_is_known_is_told() -> None:
    site = site_of(LISTING, match=[r"-a$"], exclude=["/5-"])
    memory = Memory(
        stored=stored(1),
        aside={f"{ROOT}/2-a": "noindex"},
        resting={f"{ROOT}/3-a": "the server answers 500"},
        removed=frozenset({f"{ROOT}/4-a"}),
        whole=True,
    )
    more = (
        '<h2><a href="/x-b">b</a><a href="/f.pdf">f</a><a href="https://o.example/9-a">o</a></h2>'
    )
    web = Pages({f"{ROOT}/news": page_of([1, 1, 2, 3, 4, 5, 6], more)})
    decided = web.play(Plan(site, memory, NOW))
    assert decided == {
        f"{ROOT}/1-a": Action.UNCHANGED,
        f"{ROOT}/2-a": Action.FILTERED,
        f"{ROOT}/3-a": Action.FAILED,
        f"{ROOT}/4-a": Action.FILTERED,
        f"{ROOT}/5-a": Action.FILTERED,
        f"{ROOT}/6-a": Action.NEW,
        f"{ROOT}/x-b": Action.FILTERED,
    }


def test_the_state_of_a_source_survives_its_json() -> None:
    state = SourceState(NOW, {f"{ROOT}/кітап": "a"}, 5, 7, NOW, 100, True)
    assert SourceState.from_json(state.to_json(), NOW) == state


# Large sites: 5,000 articles


LARGE = 5000
PART = 1000


def sitemap_of(numbers: range) -> str:
    rows = "".join(f"<url><loc>{ROOT}/{n}-a</loc></url>" for n in numbers)
    return f"<urlset>{rows}</urlset>"


def index_of(parts: int, dated: bool, newest: int = 0) -> str:
    times = [f"<lastmod>2026-11-{1 + newest * (n == 0):02}</lastmod>" * dated for n in range(parts)]
    rows = (f"<sitemap><loc>{ROOT}/s{n}.xml</loc>{told}</sitemap>" for n, told in enumerate(times))
    return f"<sitemapindex>{''.join(rows)}</sitemapindex>"


def large_sitemap(dated: bool, articles: int = LARGE, newest: int = 0) -> Pages:
    parts = range(0, LARGE, PART)
    told = {f"{ROOT}/s{n}.xml": sitemap_of(range(at, at + PART)) for n, at in enumerate(parts)}
    told[f"{ROOT}/s0.xml"] = sitemap_of(range(0, PART)).replace(
        "</urlset>", f"{sitemap_of(range(LARGE, articles))[8:]}"
    )
    return Pages({f"{ROOT}/sitemap.xml": index_of(len(parts), dated, newest), **told})


def memory_after(plan: Plan, decided: Mapping[str, Action], when: datetime) -> Memory:
    stored = dict.fromkeys((url for url, one in decided.items() if one is Action.NEW), when)
    return Memory(stored=stored, states=plan.states, whole=plan.whole)


@pytest.mark.parametrize(("dated", "requests"), [(True, 1), (False, 2)])
def test_a_large_sitemap_unchanged_costs_few_requests(dated: bool, requests: int) -> None:
    site = site_of({"kind": "sitemap", "url": f"{ROOT}/sitemap.xml"})
    web, plan = large_sitemap(dated), Plan(site, Memory(), NOW)
    decided = web.play(plan)
    assert len(decided) == LARGE
    assert plan.whole
    memory = memory_after(plan, decided, NOW)
    web.asked.clear()
    later = Plan(site, memory, NOW + timedelta(days=1))
    again = web.play(later)
    assert len(web.asked) == requests
    assert not set(again.values()) & ASKED
    assert later.notes == []


@pytest.mark.parametrize("dated", [True, False])
def test_news_of_a_large_sitemap_cost_themselves_and_a_few(dated: bool) -> None:
    site = site_of({"kind": "sitemap", "url": f"{ROOT}/sitemap.xml"})
    plan = Plan(site, Memory(), NOW)
    memory = memory_after(plan, large_sitemap(dated).play(plan), NOW)
    web = large_sitemap(dated, LARGE + 3, newest=1)
    asked = [url for url, one in web.play(Plan(site, memory, NOW)).items() if one in ASKED]
    assert sorted(asked) == [f"{ROOT}/{LARGE + n}-a" for n in range(3)]
    assert len(web.asked) <= 6


def test_a_large_list_unchanged_costs_one_request() -> None:
    pages = {
        (f"{ROOT}/news/{n}" if n > 1 else f"{ROOT}/news"): page_of(
            list(range(LARGE - 20 * n, LARGE - 20 * n + 20))
        )
        for n in range(1, LARGE // 20 + 1)
    }
    web, plan = Pages(pages), Plan(site_of(LISTING), Memory(), NOW)
    decided = web.play(plan)
    assert len(decided) == LARGE
    memory = memory_after(plan, decided, NOW)
    web.asked.clear()
    again = web.play(Plan(site_of(LISTING), memory, NOW + timedelta(days=1)))
    assert web.asked == [f"{ROOT}/news"]
    assert set(again.values()) == {Action.UNCHANGED}
