"""Every site's file loads and knows its own articles; mistakes are told with file, key, remedy."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from crawler.discover.urls import canonical_url, identity, matches, trouble_with
from crawler.errors import ConfigError, UnknownSiteError
from crawler.options import CrawlOptions, load_options
from crawler.sites import Site, cms_names, find_site, load_site, load_sites, web_place
from crawler.vocabulary import regions

CONFIG = Path(__file__).parent.parent / "config"
SITES = load_sites(CONFIG)
SEEN = [
    line.split("\t")
    for line in (Path(__file__).parent / "golden/discover/addresses.tsv").read_text().splitlines()
    if not line.startswith("#")
]
GOOD = 'url = "https://lib.example/"\ncms = "unknown"\n[name]\nkk = "Кітапхана"\n'
KINDS = (
    *("national", "regional", "city", "district", "village", "children", "youth", "special"),
    *("university", "college", "school", "portal", "department"),
)
SELECTORS = ("title", "body", "published", "author", "section", "gallery", "split")

PAGES = {
    "{site}/page": "it must have {n}",
    "{site}/{year}": "it must have {n}, or {year} and {month}",
    "{site}/{page}": "{page} is not known; use {n}",
    "page/{n}": "it must be a full address or begin",
}


def table(name: str, told: dict[str, str]) -> str:
    return f"{GOOD}[[{name}]]\n" + "".join(f"{key} = '{value}'\n" for key, value in told.items())


def sources(**told: str) -> str:
    return table("sources", {"kind": "listing", "url": "{site}/news"} | told)


def layout(**told: str) -> str:
    return table("layouts", {"title": "h1", "body": ".text"} | told)


def test_there_are_the_known_libraries() -> None:
    assert len(SITES) >= 70
    assert {"karlib", "bukarbibl", "nlrk", "rnpb", "kitapkhana"} <= set(SITES)


@pytest.mark.parametrize("site", SITES.values(), ids=list(SITES))
def test_site_file_is_complete(site: Site) -> None:
    assert site.region is None or site.region in regions()
    assert site.name.kk
    assert site.name.ru
    assert site.name.en
    assert site.sources, "no source: it could never be crawled"
    assert all(site.covers(source.url) for source in site.sources)
    assert site.kind in KINDS
    assert set(site.languages) <= {"kk", "ru", "en", "tr"}
    assert site.languages
    known = {"sources", "news", "match", "name", "region", "cms", "url"}
    assert set(site.guessed) <= known
    assert {"sources", "news"} & set(site.guessed), "no one has seen its lists answer"
    assert not site.allow_private_addresses
    assert site.verify_certificate
    assert site.delay_seconds >= 1


@pytest.mark.parametrize(
    ("site", "url", "canonical", "named"), SEEN, ids=[row[1][:60] for row in SEEN]
)
def test_articles_seen_on_real_sites_are_theirs(
    site: str, url: str, canonical: str, named: str
) -> None:
    mine = SITES[site]
    assert mine.covers(url)
    found = canonical_url(url, mine)
    assert found == canonical == canonical_url(found, mine)
    assert identity(found, mine) == named
    assert matches(found, mine)
    assert trouble_with(found) is None


def test_the_annotated_example_loads_and_shows_every_key() -> None:
    site = load_site_named(CONFIG / "sites" / "_example.toml", "example")
    told = tomllib.loads((CONFIG / "sites" / "_example.toml").read_text())
    assert set(told) == set(Site.model_fields) - {"id"}
    before, after = site.layouts_at(date(2025, 5, 31)), site.layouts_at(date(2025, 6, 1))
    assert before[0].name == "before-2025"
    assert after[0].title == "h1.title"


def load_site_named(path: Path, name: str) -> Site:
    from crawler.sites import site_from

    return site_from(tomllib.loads(path.read_text()), path.with_name(f"{name}.toml"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("url = ", "not TOML"),
        ('cms = "unknown"\n[name]\nkk = "a"\n', "url: Field required"),
        (GOOD.replace("https://lib.example/", "lib.example"), "must be a full address"),
        (GOOD.replace("unknown", "jomla"), "'jomla' is not known. Use one of: bitrix"),
        ("sorces = []\n" + GOOD, "sorces: no such key. Known keys:"),
        ("match = ['(']\n" + GOOD, "is not a regular expression"),
        ("delay_seconds = -1\n" + GOOD, "delay_seconds"),
        ('sources = [{ kind = "rss", url = "x" }]\n' + GOOD, "sources.0.kind"),
        (
            GOOD.replace("https://", "https://me@"),
            "url: Value error, 'https://me@lib.example/' must",
        ),
        ('region = "qaraganda"\n' + GOOD, "'qaraganda' is not known; use one of: "),
        ('region = "Караганда"\n' + GOOD, "karaganda"),
        ('timezone = "Asia/Almata"\n' + GOOD, "'Asia/Almata' is not a time zone such as"),
        ('timezone = "Asia"\n' + GOOD, "timezone: Value error, 'Asia' is not a time zone"),
        ('timezone = ""\n' + GOOD, "timezone: Value error, '' is not a time zone"),
        ('timezone = "../etc/passwd"\n' + GOOD, "'../etc/passwd' is not a time zone"),
        ('charset = "windows1251x"\n' + GOOD, "'windows1251x' is not a charset such as utf-8"),
        ('charset = "base64"\n' + GOOD, "charset: Value error, 'base64' is not a charset"),
        ('hosts = ["https://kk.lib.example"]\n' + GOOD, "hosts.0: Value error, 'https://kk.lib"),
        ('hosts = ["a.kz", "kk.lib.example/ru"]\n' + GOOD, "hosts.1: "),
        ('hosts = ["KK.lib.example"]\n' + GOOD, "'KK.lib.example' is not a host; write it without"),
        ('hosts = ["lib.example:99999"]\n' + GOOD, "'lib.example:99999' is not a host"),
        (
            sources(url="/news"),
            "sources.0: Value error, url '/news' must be a full address or begin",
        ),
        (sources(url="{host}/news"), "sources.0: Value error, url '{host}/news' must be"),
        *(
            (
                sources(pages=pages),
                f"sources.0: Value error, pages '{pages.replace('{site}', 'https://lib.example')}': {words}",
            )
            for pages, words in PAGES.items()
        ),
        (sources(kind="feed", links="a"), "links, next and pages are for listings"),
        ('news = ["/kz/news"]\n' + GOOD, "url '/kz/news' must be a full address or begin"),
        (sources(links="h2 >"), "sources.0.links: Value error, 'h2 >' is not a CSS selector such"),
        (sources(next="a:nxt"), "sources.0.next: Value error, 'a:nxt' is not a CSS selector"),
        *((layout(**{key: "..x"}), f"layouts.0.{key}: ") for key in SELECTORS),
        (GOOD + "[[layouts]]\ntitle='h1'\nbody='p'\ndrop=['.a', '']\n", "layouts.0.drop.1: "),
    ],
)
def test_a_mistake_names_file_key_and_remedy(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "lib.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_site(path)
    assert str(path) in str(caught.value)
    assert words in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        'hosts = ["kk.lib.example", "xn--80atqk3h.kz:8080", "127.0.0.1:81"]\n' + GOOD,
        'timezone = "Asia/Qyzylorda"\ncharset = "cp1251"\nregion = "karaganda"\n' + GOOD,
        sources(links='h2 a[href*="/a,b"], div:has(> img) a', next="a[rel~=next]"),
        sources(url="https://other.example/feed"),
        layout(split="h2, h3:not(.a)", gallery=".g img:first-child", body=":is(p, div)"),
    ],
)
def test_what_is_right_is_taken(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lib.toml"
    path.write_text(text)
    assert load_site(path).url == "https://lib.example/"


@pytest.mark.parametrize("cms", cms_names())
def test_the_defaults_of_every_content_system_load(tmp_path: Path, cms: str) -> None:
    path = tmp_path / "lib.toml"
    path.write_text(GOOD.replace("unknown", cms))
    site = load_site(path)
    assert site.layouts or site.sources or site.match


def test_news_sections_are_read_as_the_system_lists_them(tmp_path: Path) -> None:
    path = tmp_path / "lib.toml"
    path.write_text(
        'news = ["{site}/kz/news", "{site}/?id=8"]\n' + GOOD.replace("unknown", "joomla")
    )
    told = [(source.kind, source.url) for source in load_site(path).sources]
    assert told == [
        ("feed", "https://lib.example/kz/news?format=feed&type=rss"),
        ("feed", "https://lib.example/?id=8&format=feed&type=rss"),
        ("listing", "https://lib.example/kz/news"),
        ("listing", "https://lib.example/?id=8"),
    ]
    path.write_text('news = ["{site}/news"]\n' + GOOD)
    assert [source.kind for source in load_site(path).sources] == ["listing"]


def test_an_unknown_site_names_the_nearest() -> None:
    with pytest.raises(UnknownSiteError, match="karlib"):
        find_site(SITES, "karlib.kz")


def test_a_config_folder_without_sites_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        load_sites(tmp_path)


@pytest.mark.parametrize(
    ("url", "inside"),
    [
        ("https://karlib.kz/a", True),
        ("http://www.karlib.kz:443/a", True),
        ("https://karlib.kz./a", True),
        ("https://karlib.kz:8443/a", False),
        ("https://old.karlib.kz/a", False),
        ("https://karlib.kz.evil.example/", False),
        ("https://evil.example/karlib.kz", False),
        ("https://karlib.kz@evil.example/", False),
        ("https://user@karlib.kz/", False),
        ("ftp://karlib.kz/", False),
        ("//karlib.kz/", False),
        ("javascript:alert(1)", False),
        ("https://[::1/", False),
        ("https://karlib.kz:99999999/", False),
    ],
)
def test_what_is_on_the_site(url: str, inside: bool) -> None:
    assert SITES["karlib"].covers(url) is inside


def test_a_port_belongs_to_the_site() -> None:
    site = SITES["karlib"].model_copy(update={"url": "http://127.0.0.1:8101/", "hosts": ()})
    assert site.covers("http://127.0.0.1:8101/x")
    assert not site.covers("http://127.0.0.1:8102/x")
    assert not site.covers("http://127.0.0.1/x")
    assert web_place("http://Кітап.қаз/") == ("xn--80atqk3h.xn--80ao21a", 80)


def test_options_are_read_and_mistakes_told(tmp_path: Path) -> None:
    assert load_options(CONFIG) == CrawlOptions()
    assert load_options(tmp_path) == CrawlOptions()
    (tmp_path / "jarshy.toml").write_text("[crawl]\nhours = 2\nsite_at_once = 3\n")
    with pytest.raises(ConfigError, match=r"crawl\.site_at_once"):
        load_options(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "[crwal]\nhours = 2\n",
            "crwal: not known. Known at the top: engine, store, warc, [crawl], [notify]",
        ),
        ("hours = 2\n[crawl]\n", "in [crawl] contact, sites_at_once, hours"),
        ("crawl = 3\n", "crawl: Input should be"),
    ],
)
def test_options_of_no_known_table_are_told(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "jarshy.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_options(tmp_path)
    assert str(path) in str(caught.value)
    assert words in str(caught.value)
