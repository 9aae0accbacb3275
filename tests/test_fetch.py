"""Manners and guards on the way to a page: robots.txt, addresses, compression, waiting."""

from __future__ import annotations

import gzip
import time
import tomllib
import zlib
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webs import Asked, Web, article, listing, reply

from crawler.crawling import crawl
from crawler.fetch.compression import unpack
from crawler.fetch.politeness import wait_told
from crawler.fetch.reasons import Refused
from crawler.fetch.resolver import is_public
from crawler.fetch.robotstxt import Robots, parse_robots
from crawler.options import CrawlOptions
from crawler.settings import SETTINGS, process_settings, site_settings
from crawler.sites import load_sites
from crawler.spiders.library import LibrarySpider

CASES = tomllib.loads((Path(__file__).parent / "golden/discover/robots.toml").read_text("utf-8"))[
    "case"
]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_robots_txt_means_what_its_standard_says(case: dict[str, object]) -> None:
    rules = parse_robots(str(case["file"]).encode(), str(case["agent"]))
    told = dict.fromkeys(case.get("allow", []), True)  # type: ignore[attr-defined]
    told |= dict.fromkeys(case.get("deny", []), False)  # type: ignore[attr-defined]
    assert told
    found = {path: rules.allows("http://foo.bar" + path) for path in told}
    assert found == told


def test_long_lines_of_robots_txt_are_cut_not_lost() -> None:
    long = "/x/" + "a" * 20_000
    rules = parse_robots(f"user-agent: FooBot\ndisallow: {long}/qux\n".encode(), "FooBot")
    assert rules.allows("http://foo.bar/fux")
    assert not rules.allows(f"http://foo.bar{long}/fux")


def test_what_stands_beyond_500_kib_is_not_read() -> None:
    body = b"user-agent: *\n" + b"# x\n" * 200_000 + b"disallow: /\n"
    assert parse_robots(body, "jarshy").allows("http://foo.bar/")


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("2", 2.0),
        ("0.5", 0.5),
        ("0", 0.0),
        ("-1", None),
        ("nan", None),
        ("1e999", None),
        ("x", None),
    ],
)
def test_crawl_delay_is_a_number_of_seconds(told: str, seconds: float | None) -> None:
    body = f"User-agent: *\nCrawl-delay: {told}\nDisallow: /a\n".encode()
    rules = parse_robots(body, "jarshy")
    assert rules.crawl_delay == seconds
    assert not rules.allows("http://foo.bar/a")


@given(st.binary(max_size=400), st.text(max_size=60))
def test_any_robots_txt_is_read_without_an_error(body: bytes, path: str) -> None:
    rules = parse_robots(b"User-agent: *\n" + body, "jarshy")
    assert rules.allows(urljoin("http://foo.bar/", "/" + path.replace("[", ""))) in (True, False)


def test_patterns_with_many_stars_take_no_time() -> None:
    rules = Robots(((False, "/" + "*a" * 2000 + "$"),) * 50)
    begun = time.perf_counter()
    assert rules.allows("http://foo.bar/" + "a" * 1900 + "b")
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("no address", False),
    ],
)
def test_only_public_addresses_pass(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_site_without_permission_never_reaches_this_machine(tmp_path: Path) -> None:
    with Web({"/": reply(listing(["/1-x"])), "/1-x": reply(article())}) as web:
        closed = [
            web.site(f"closed-{n}", url=f"{scheme}:{web.port}/", sources=[source])
            for n, scheme in enumerate(
                ("http://127.0.0.1", "http://localhost", "http://2130706433", "http://0x7f000001")
            )
            for source in [{"kind": "listing", "url": f"{scheme}:{web.port}/"}]
        ]
        shut = [site.model_copy(update={"allow_private_addresses": False}) for site in closed]
        runs = crawl(shut, tmp_path)
        assert web.log == []
    assert not any(run.reachable for run in runs)
    assert all("not public" in " ".join(run.account.notes) for run in runs), runs


def test_permission_holds_for_the_site_that_has_it_alone(tmp_path: Path) -> None:
    with Web({"/": reply(listing(["/1-x"])), "/1-x": reply(article())}) as web:
        source = {"kind": "listing", "url": f"http://localhost:{web.port}/"}
        told = {"url": f"http://localhost:{web.port}/", "sources": [source]}
        shut = web.site("shut", allow_private_addresses=False, **told)
        runs = {run.site: run for run in crawl([web.site("open"), shut], tmp_path)}
    assert runs["open"].account.stored == 1
    assert runs["shut"].account.seen == 0


PLAIN = b"<p>" + "Кітапхана".encode() * 100


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(PLAIN, mtime=0)),
        ("x-gzip", gzip.compress(PLAIN, mtime=0)),
        ("gzip", gzip.compress(PLAIN[:50], mtime=0) + gzip.compress(PLAIN[50:], mtime=0)),
        ("gzip", gzip.compress(PLAIN, mtime=0) + b"rubbish behind"),
        ("deflate", zlib.compress(PLAIN)),
        ("deflate", zlib.compress(PLAIN)[2:-4]),
        ("identity", PLAIN),
    ],
)
def test_packed_answers_are_unpacked(encoding: str, body: bytes) -> None:
    assert unpack(body, encoding, 10_000) == PLAIN


@pytest.mark.parametrize(
    ("encoding", "body", "words"),
    [
        ("gzip", gzip.compress(PLAIN, mtime=0)[:-9], "cut off"),
        ("gzip", gzip.compress(PLAIN, mtime=0)[:-9] + b"\0" * 9, "damaged"),
        ("gzip", PLAIN, "damaged"),
        ("gzip", gzip.compress(b"0" * 20_000, mtime=0), "larger than"),
        ("deflate", zlib.compress(PLAIN)[:-20], "cut off"),
        ("br", b"x", "not asked for"),
    ],
)
def test_what_is_cut_off_damaged_or_too_large_is_refused(
    encoding: str, body: bytes, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        unpack(body, encoding, 10_000)


@given(st.binary(max_size=3000), st.integers(1, 400), st.sampled_from(["gzip", "deflate"]))
def test_whole_answers_come_back_and_shortened_ones_never_pass_for_whole(
    body: bytes, times: int, encoding: str
) -> None:
    plain = body * times
    packed = gzip.compress(plain, mtime=0) if encoding == "gzip" else zlib.compress(plain)
    assert unpack(packed, encoding, 2_000_000) == plain
    with pytest.raises(Refused):
        unpack(packed[:-1], encoding, 2_000_000)


@given(st.binary(max_size=200))
def test_rubbish_is_refused_or_unpacked_never_an_error(body: bytes) -> None:
    for encoding in ("gzip", "deflate"):
        try:
            assert len(unpack(body, encoding, 5_000)) <= 5_000
        except Refused:
            continue


NOW = datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120.0),
        ("Sun, 22 Nov 2026 10:01:00 GMT", 60.0),
        ("Sun, 22 Nov 2026 09:00:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("9" * 400, 999999999.0),
        ("Sun, 99 Nov 9999 99:99:99 GMT", None),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(told: str, seconds: float | None) -> None:
    assert wait_told(told, NOW) == seconds


def test_crawl_delay_and_a_long_retry_after_are_obeyed(tmp_path: Path) -> None:
    times: list[float] = []

    async def page(_: Asked, writer: object) -> None:
        times.append(time.monotonic())
        writer.write(reply(article()))  # type: ignore[attr-defined]

    robots = reply("User-agent: jarshy\nCrawl-delay: 0.4\n", kind="text/plain")
    pages = {f"/{n}-x": page for n in range(3)}
    with (
        Web({"/": reply(listing(pages)), "/robots.txt": robots, **pages}) as slow,
        Web({"/": reply(listing(["/1-x", "/2-x", "/3-x"]))}) as busy,
    ):
        wait = reply("no", 503, Retry_After="3600")
        busy.answers |= {"/1-x": wait, "/2-x": wait, "/3-x": wait}
        begun = time.monotonic()
        runs = {run.site: run for run in crawl([slow.site("slow"), busy.site("busy")], tmp_path)}
        assert time.monotonic() - begun < 30
    gaps = [later - sooner for sooner, later in pairwise(times)]
    assert len(gaps) == 2
    assert min(gaps) >= 0.35
    assert runs["slow"].account.stored == 3
    assert any("asks to wait 3600 s" in note for note in runs["busy"].account.notes)
    assert len(busy.targets) <= 3


def test_dangerous_defaults_are_off() -> None:
    sites = load_sites(Path(__file__).parent.parent / "config")
    settings = process_settings(sites.values(), CrawlOptions(contact="https://lib.kz/bot"))
    off = ("TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "COOKIES_ENABLED")
    off += ("HTTPPROXY_ENABLED", "REFERER_ENABLED")
    assert all(settings[name] is False for name in off)
    assert settings["DOWNLOAD_VERIFY_CERTIFICATES"] is True
    assert settings["DOWNLOAD_MAXSIZE"] == 10 * 1024 * 1024
    assert settings["DOWNLOAD_TIMEOUT"] == 20
    assert settings["CONCURRENT_REQUESTS_PER_DOMAIN"] == 1
    assert settings["JARSHY_PRIVATE_HOSTS"] == []
    handlers = settings["DOWNLOAD_HANDLERS"]
    assert {name for name, handler in handlers.items() if handler is None} == {
        *("data", "file", "ftp", "s3")
    }
    assert {name for name, handler in handlers.items() if handler} == {"http", "https"}
    assert settings["USER_AGENT"].endswith("(+https://lib.kz/bot)")
    assert site_settings(sites["karlib"])["DOWNLOAD_DELAY"] == 1.0


def test_nothing_hides_from_the_account_behind_scrapys_filters() -> None:
    assert SETTINGS["DUPEFILTER_CLASS"] == "scrapy.dupefilters.BaseDupeFilter"
    assert LibrarySpider.name == "library"
