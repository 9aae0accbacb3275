"""A server that does everything wrong: each fault ends in the right column of the account.

The faults are those of the research this crawler was built on (bombs, drips, broken framing,
redirects that lead astray, lying headers, traps) and one page a fault; a second listener on
another port must never be asked.
"""

from __future__ import annotations

import asyncio
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import brotli
import pytest
from webs import Answer, Asked, Web, article, listing, reply

from crawler.crawling import crawl
from crawler.model import Account
from crawler.options import CrawlOptions
from crawler.sites import Site
from crawler.store.runs import SiteRun
from crawler.store.store import Store

PATIENT = 120.0  # seconds for an answer, so that a busy machine takes none for missing
HASTY = 6.0  # seconds, where a site does not answer
ENDLESS = 600.0  # seconds, more than any crawl
PAGE = article()
MIB = 1024 * 1024
STORED, FAILED, FILTERED = "stored", "failed", "filtered"


def moved(target: str, status: int = 302) -> bytes:
    return reply(status=status, Location=target)


def raw(*pieces: bytes, pause: float = 0.0) -> Answer:
    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return answer


def in_turn(*answers: bytes) -> Answer:
    left = list(answers)

    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(left.pop(0) if len(left) > 1 else left[0])
        await writer.drain()

    return answer


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n", head: bytes = b"") -> tuple[bytes, ...]:
    start = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n" + head
    sized = [b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks]
    return (start + b"Transfer-Encoding: chunked\r\n\r\n", *sized, end)


def bomb(wraps: int = 1) -> bytes:
    """64 MiB of zeros, packed; packed again for each further wrap."""
    packer = zlib.compressobj(9, wbits=31)
    body = b"".join(packer.compress(bytes(MIB)) for _ in range(64)) + packer.flush()
    for _ in range(wraps - 1):
        body = gzip.compress(body)
    return body


async def cookies(asked: Asked, writer: asyncio.StreamWriter) -> None:
    told = reply("cookie came back", 500) if "cookie" in asked.headers else reply(PAGE)
    writer.write(told.replace(b"\r\n\r\n", b"\r\nSet-Cookie: id=1; Path=/\r\n\r\n", 1))
    await writer.drain()


PACKED = gzip.compress(PAGE.encode())
KAZAKH = "Қазақстан кітапханаларының күні: ұлттық өлкетану қоры көпшілікке ұсынылды"
DEEP = "<div>" * 50_000 + "<p>Кітапхана</p>" + "</div>" * 50_000
LONG_TAG = "<p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">"

# name -> (what the server answers, the column of the account)
FAULTS: dict[str, tuple[Answer, str]] = {
    "control": (reply(PAGE), STORED),
    "not-found": (reply("no", 404), FAILED),
    "gone": (reply("no", 410), FAILED),
    "unauthorised": (reply("no", 401, WWW_Authenticate="Basic"), FAILED),
    "forbidden": (reply("no", 403), FAILED),
    "teapot": (reply(PAGE, 418), FAILED),
    "partial": (reply(PAGE, 206), FAILED),
    "not-modified-unasked": (reply(status=304), FAILED),
    "server-error": (reply("no", 500), FAILED),
    "flapping": (in_turn(reply("no", 503), reply(PAGE)), STORED),
    "busy": (in_turn(reply("no", 429, Retry_After="1"), reply(PAGE)), STORED),
    "redirect-loop": (moved("/redirect-loop-2"), FAILED),
    "redirect-to-itself": (moved("/redirect-to-itself"), FAILED),
    "redirect-nowhere": (reply(status=302), FAILED),
    "redirect-7": (moved("/hop-6"), FAILED),
    "redirect-3": (moved("/hop-2"), STORED),
    "redirect-other-port": (moved("http://127.0.0.1:CANARY/"), FAILED),
    "redirect-other-name": (moved("http://localhost:CANARY/"), FAILED),
    "redirect-other-form": (moved("http://2130706433:CANARY/"), FAILED),
    "redirect-with-user": (moved("http://127.0.0.1@127.0.0.1:CANARY/"), FAILED),
    "redirect-file": (moved("file:///etc/passwd"), FAILED),
    "redirect-data": (moved("data:text/html,<p>x"), FAILED),
    "redirect-rubbish": (moved("http://[::1"), FAILED),
    "meta-refresh": (
        reply(article(head='<meta http-equiv="refresh" content="0;url=http://127.0.0.1:CANARY/">')),
        STORED,
    ),
    "gzip-good": (reply(PACKED, Content_Encoding="gzip"), STORED),
    "gzip-bomb": (reply(bomb(), Content_Encoding="gzip"), FAILED),
    "gzip-bomb-twice": (reply(bomb(2), Content_Encoding="gzip, gzip"), FAILED),
    "gzip-cut-off": (reply(PACKED[:-30], Content_Encoding="gzip"), FAILED),
    "gzip-that-is-none": (reply(PAGE, Content_Encoding="gzip"), FAILED),
    "deflate-bare": (reply(zlib.compress(PAGE.encode())[2:-4], Content_Encoding="deflate"), STORED),
    "brotli-unasked": (reply(brotli.compress(PAGE.encode()), Content_Encoding="br"), FAILED),
    "length-too-long": (reply(PAGE, length=len(PAGE.encode()) + 100), FAILED),
    "length-huge": (reply(PAGE, length=300 * MIB), FAILED),
    "chunked-good": (raw(*chunked(PAGE.encode())), STORED),
    "chunked-cut-off": (raw(*chunked(PAGE.encode(), end=b"")), FAILED),
    "chunked-rubbish": (raw(*chunked(PAGE.encode(), end=b"zz\r\n")), FAILED),
    "chunked-endless": (raw(*chunked(*[b"x" * MIB] * 12)), FAILED),
    "header-huge": (reply(PAGE, X_Long="a" * 100_000), FAILED),
    "no-http": (raw(b"\x00\x01\x02 this is no HTTP\r\n\r\n"), FAILED),
    "no-answer": (raw(b""), FAILED),
    "old-http": (
        raw(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE.encode()),
        STORED,
    ),
    "empty": (reply(""), FAILED),
    "no-article": (reply("<html><body><nav>Бет</nav></body></html>"), FAILED),
    "image": (reply(b"\xff\xd8\xff" * 500, kind="image/jpeg"), FILTERED),
    "json": (reply('{"a": 1}', kind="application/json"), FILTERED),
    "noindex": (reply(article(head='<meta name="robots" content="noindex,follow">')), FILTERED),
    "noindex-header": (reply(PAGE, X_Robots_Tag="noindex"), FILTERED),
    "noindex-other": (reply(PAGE, X_Robots_Tag="googlebot: noindex"), STORED),
    "referrer-policy": (reply(PAGE, Referrer_Policy="sys.exit"), STORED),
    "cookies": (cookies, STORED),
    "charset-lie": (reply(article(KAZAKH), kind="text/html; charset=windows-1251"), STORED),
    "charset-none": (reply(article(KAZAKH), kind="text/html"), STORED),
    "nul-bytes": (reply(PAGE.replace("кездесу", "кез\x00десу")), STORED),
    "surrogate": (reply(PAGE.replace("ақындар", "ақындар &#xD800;&#55357;")), STORED),
    "deep": (reply(article() + DEEP), "either"),
    "long-tag": (reply(article() + LONG_TAG), "either"),
    "many-paragraphs": (reply(article(text="<p>Кітап</p>" * 30_000)), "either"),
}
HELPERS: dict[str, Answer] = {
    "/redirect-loop-2": moved("/redirect-loop"),
    **{f"/hop-{n}": moved(f"/hop-{n - 1}") for n in range(1, 7)},
    "/hop-0": reply(PAGE),
}
SLOW: dict[str, Answer] = {
    "drip": raw(*chunked(*[b"<p>"] * 1200), pause=ENDLESS / 1200),
    "hanging-header": raw(b"HTTP/1.1 200 OK\r\nContent-", pause=ENDLESS),
    "hanging-body": raw(reply(PAGE, length=50_000), pause=ENDLESS),
}
HANGING = {"robots-hangs", *(f"slow-{name}" for name in SLOW)}
ASTRAY = (
    "file:///etc/passwd",
    "data:text/html,<p>x",
    "javascript:alert(1)",
    "ftp://127.0.0.1/x",
    "http://localhost:CANARY/1",
    "http://127.0.0.1:CANARY/2",
    "http://127.0.0.2:CANARY/3",
    "http://0x7f000001:CANARY/4",
    "http://[::1]:CANARY/5",
    "//127.0.0.1:CANARY/6",
    "http://user:pass@127.0.0.1:CANARY/7",
)


@dataclass(frozen=True)
class Crawled:
    data: Path
    runs: dict[str, SiteRun]
    roots: dict[str, str]
    canary: Web
    webs: dict[str, Web]


def aimed(answer: Answer, port: int) -> Answer:
    """The answer with the canary's port in it, six digits wide so that no length changes."""
    return answer.replace(b"CANARY", b"%06d" % port) if isinstance(answer, bytes) else answer


def faults_web(port: int) -> Web:
    pages = {f"/{name}": aimed(answer, port) for name, (answer, _) in FAULTS.items()}
    astray = [target.replace("CANARY", str(port)) for target in ASTRAY]
    return Web({"/": reply(listing([*pages, *astray])), **HELPERS, **pages})


def trap() -> Web:
    """A calendar without an end, and folders that repeat themselves."""

    async def month(asked: Asked, writer: asyncio.StreamWriter) -> None:
        number = int(asked.target.rpartition("=")[2] or 0) if "=" in asked.target else 0
        links = [f"/kun-{number}-{day}" for day in range(3)] + ["/a/b/a/b/a/b/", "/x/x/x/y"]
        more = f'<a rel="next" href="/?month={number + 1}">»</a>'
        writer.write(reply(listing(links, more)))
        await writer.drain()

    async def day(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(reply(PAGE))
        await writer.drain()

    web = Web({"/": month})
    web.answers |= {f"/kun-{n}-{d}": day for n in range(100) for d in range(3)}
    return web


def robots_webs() -> dict[str, Web]:
    """Sites that differ in their robots.txt alone."""
    told: dict[str, Answer] = {
        "robots-503": reply("no", 503),
        "robots-429": reply("no", 429),
        "robots-hangs": raw(b"HTTP/1.1 200 OK\r\n", pause=ENDLESS),
        "robots-cut-off": reply("User-agent: *\nAllow: /\n", length=5000),
        "robots-401": reply("no", 401),
        "robots-404": reply("no", 404),
        "robots-html": reply(article()),
        "robots-moved": moved("/r1"),
        "robots-moved-away": moved("http://127.0.0.1:CANARY/robots.txt"),
        "robots-all-closed": reply("User-agent: *\nDisallow: /\n", kind="text/plain"),
        "robots-one-closed": reply("User-agent: jarshy\nDisallow: /1-\n", kind="text/plain"),
        "robots-long": reply("# x\n" * 120_000 + "User-agent: *\nDisallow: /1-\n"),
    }
    pages: dict[str, Answer] = {"/1-kezdesu": reply(PAGE), "/2-kezdesu": reply(PAGE)}
    closed = reply("User-agent: *\nDisallow: /1-\n", kind="text/plain")
    more: dict[str, Answer] = {"/": reply(listing(pages)), "/r1": moved("/r2"), "/r2": closed}
    return {name: Web({"/robots.txt": answer, **more, **pages}) for name, answer in told.items()}


SOURCES: dict[str, tuple[str, Answer]] = {
    "feed-laughs": (
        "feed",
        reply(
            '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
            + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
            + "]><rss><channel><item><link>/1-kezdesu</link><title>&j;</title></item>"
            "</channel></rss>"
        ),
    ),
    "feed-outside": (
        "feed",
        reply(
            '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "http://127.0.0.1:CANARY/x">]>'
            "<rss><channel><item><link>/1-kezdesu</link><title>&x;</title></item></channel></rss>"
        ),
    ),
    "feed-is-html": ("feed", reply(article())),
    "sitemap-bomb": ("sitemap", reply(bomb(), kind="application/gzip")),
    "sitemap-of-itself": ("sitemap", reply()),
    "posts-deep": ("wordpress", reply("[" * 100_000, kind="application/json")),
    "posts-no-list": ("wordpress", reply('{"code": "rest_no_route"}', 404)),
    "posts-odd": ("wordpress", reply('[null, 1, {"id": "x"}, {"id": 5, "link": 7}]')),
    "posts-endless": (
        "wordpress",
        reply("[]", kind="application/json", X_WP_TotalPages="999999999", X_WP_Total="9"),
    ),
    "listing-500": ("listing", reply("no", 500)),
}


def source_site(name: str, web: Web) -> Site:
    kind = SOURCES[name][0]
    sources = [{"kind": kind, "url": f"{web.root}/source"}]
    return web.site(name, sources=sources, page_budget=30)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    data = tmp_path_factory.mktemp("hostile")
    with Web() as canary:
        port = canary.port
        webs = {"faults": faults_web(port), "trap": trap(), **robots_webs()}
        webs |= {
            f"slow-{n}": Web({"/": reply(listing(["/1-x"])), "/1-x": a}) for n, a in SLOW.items()
        }
        webs |= {name: Web({"/1-kezdesu": reply(PAGE)}) for name in SOURCES}
        for web in webs.values():
            web.__enter__()
        try:
            for name, (_, answer) in SOURCES.items():
                webs[name].answers["/source"] = aimed(answer, port)
            loop = f"<sitemap><loc>{webs['sitemap-of-itself'].root}/source</loc></sitemap>"
            index = reply(f"<sitemapindex>{loop}</sitemapindex>", kind="text/xml")
            webs["sitemap-of-itself"].answers["/source"] = index
            moved_away = webs["robots-moved-away"]
            moved_away.answers["/robots.txt"] = moved(f"http://127.0.0.1:{port}/robots.txt")
            sites = [
                source_site(name, web)
                if name in SOURCES
                else web.site(name, page_budget=40 if name == "trap" else 500)
                for name, web in webs.items()
            ]
            runs: dict[str, SiteRun] = {}
            for timeout in (PATIENT, HASTY):
                some = [one for one in sites if (one.id in HANGING) == (timeout == HASTY)]
                options = CrawlOptions(timeout_seconds=timeout)
                runs |= {run.site: run for run in crawl(some, data, options=options)}
            yield Crawled(data, runs, {n: web.root for n, web in webs.items()}, canary, webs)
        finally:
            for web in webs.values():
                web.__exit__(None, None, None)


def column(crawled: Crawled, site: str, path: str) -> str:
    """In which column of the account a page ended, by what the store says of it."""
    url = f"{crawled.roots[site]}/{path}"
    with Store.open(crawled.data) as store:
        pages = store.captures.resources(site, "page")
        goal = pages[url].state if url in pages else None
        if goal and goal.startswith("leads to "):
            url, goal = goal.removeprefix("leads to "), None
        found = [STORED] if store.articles.document_at(url) else []
        found += [FAILED] if any(f.url == url for f in store.captures.failures(site)) else []
        found += [FILTERED] if goal else []
    assert len(found) == 1, found
    return found[0]


def reason(crawled: Crawled, site: str, path: str) -> str:
    url = f"{crawled.roots[site]}/{path}"
    with Store.open(crawled.data) as store:
        return next(f.reason for f in store.captures.failures(site) if f.url == url)


def test_there_are_at_least_forty_faults() -> None:
    assert len(FAULTS) + len(SLOW) + len(SOURCES) + len(robots_webs()) + len(ASTRAY) >= 80
    assert len(FAULTS) >= 40


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_ends_in_its_column(crawled: Crawled, name: str) -> None:
    expected = FAULTS[name][1]
    found = column(crawled, "faults", name)
    assert found in ((STORED, FAILED) if expected == "either" else (expected,))


def test_the_account_of_every_site_is_exact(crawled: Crawled) -> None:
    assert set(crawled.runs) == set(crawled.roots)
    for run in crawled.runs.values():
        assert run.account.balanced, run
    account: Account = crawled.runs["faults"].account
    assert account.seen == len(FAULTS)
    assert account.filtered == sum(expected == FILTERED for _, expected in FAULTS.values())
    assert not any("lost" in note for note in account.notes)


@pytest.mark.parametrize("name", SLOW)
def test_what_never_ends_is_cut_and_failed(crawled: Crawled, name: str) -> None:
    run = crawled.runs[f"slow-{name}"]
    assert (run.account.seen, run.account.failed) == (1, 1)
    assert run.seconds < ENDLESS / 2
    assert reason(crawled, f"slow-{name}", "1-x") == "no complete answer in time"


def test_nothing_outside_the_site_was_ever_asked(crawled: Crawled) -> None:
    assert crawled.canary.log == []


def test_memory_stays_small(crawled: Crawled) -> None:
    log = (crawled.data / "log" / "crawl.log").read_text()
    peaks = re.findall(r"run ended: (\d+) MB at most", log)
    assert len(peaks) == 2
    assert all(50 < int(peak) < 250 for peak in peaks)


def test_cookies_are_never_sent(crawled: Crawled) -> None:
    asked = [one for web in crawled.webs.values() for one in web.log]
    assert not any("cookie" in one.headers or "referer" in one.headers for one in asked)
    assert all("jarshy" in one.headers["user-agent"].lower() for one in asked)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gzip-bomb", "larger than 10 MiB"),
        ("gzip-cut-off", "cut off"),
        ("length-too-long", "cut off"),
        ("length-huge", "larger than allowed"),
        ("chunked-endless", "larger than allowed"),
        ("redirect-to-itself", "in a circle"),
        ("redirect-7", "more than 5 redirects"),
        ("redirect-other-port", "away from the site"),
        ("server-error", "answers 500"),
    ],
)
def test_the_reason_is_told_in_words(crawled: Crawled, name: str, words: str) -> None:
    assert words in reason(crawled, "faults", name)


def test_text_in_a_charset_other_than_declared_is_right(crawled: Crawled) -> None:
    with Store.open(crawled.data) as store:
        for name in ("charset-lie", "charset-none"):
            document = store.articles.document_at(f"{crawled.roots['faults']}/{name}")
            assert document is not None
            assert document.article.title == KAZAKH


def test_a_trap_ends_with_its_budget(crawled: Crawled) -> None:
    run = crawled.runs["trap"]
    assert any("budget_hit" in note for note in run.account.notes)
    assert run.account.requests <= 45
    assert run.account.stored > 0
    assert not any(
        "/a/b/a" in target or "/x/x/" in target for target in crawled.webs["trap"].targets
    )


CLOSED = ("robots-503", "robots-429", "robots-hangs", "robots-cut-off", "robots-all-closed")


@pytest.mark.parametrize("name", CLOSED)
def test_without_a_readable_robots_txt_no_page_is_fetched(crawled: Crawled, name: str) -> None:
    assert crawled.webs[name].targets == []
    run = crawled.runs[name]
    assert run.account.seen == 0
    assert any("robots.txt" in note for note in run.account.notes)


@pytest.mark.parametrize("name", ["robots-401", "robots-404", "robots-html", "robots-moved-away"])
def test_where_there_is_no_robots_txt_all_may_be_fetched(crawled: Crawled, name: str) -> None:
    assert crawled.runs[name].account.stored == 2


@pytest.mark.parametrize("name", ["robots-one-closed", "robots-moved", "robots-long"])
def test_what_robots_txt_forbids_is_not_fetched(crawled: Crawled, name: str) -> None:
    account = crawled.runs[name].account
    assert (account.seen, account.stored, account.robots_denied) == (2, 1, 1)
    assert "/1-kezdesu" not in crawled.webs[name].targets


@pytest.mark.parametrize("name", SOURCES)
def test_a_hostile_source_is_survived(crawled: Crawled, name: str) -> None:
    run = crawled.runs[name]
    assert run.account.requests <= 30
    assert run.account.stored == (1 if name in ("feed-laughs", "feed-outside") else 0)
    assert run.account.stored or run.account.notes
