"""Whole crawls of real servers on loopback: the five demo sites, and sites that are down."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from webs import PARAGRAPH, Asked, Web, article, listing, reply

from crawler.checking import check_store
from crawler.crawling import crawl
from crawler.errors import LockedError
from crawler.model import Account
from crawler.sites import Site
from crawler.store.lock import run_lock
from crawler.store.runs import SiteRun
from crawler.store.store import Store
from demoweb.articles import SITES, load_articles
from demoweb.web import DemoWeb

ROOT = Path(__file__).parent.parent
KILLS = 20
PROGRAM = """
import json, sys
from pathlib import Path
from crawler.crawling import crawl
from crawler.sites import Site
from crawler.store.lock import run_lock

data, sites = Path(sys.argv[1]), json.loads(sys.argv[2])
try:
    with run_lock(data):
        crawl([Site.model_validate(one) for one in sites], data)
except KeyboardInterrupt:
    sys.exit(130)
"""


@dataclass(frozen=True)
class Crawled:
    web: DemoWeb
    data: Path
    first: dict[str, SiteRun]
    told: list[tuple[str, Account]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    data = tmp_path_factory.mktemp("crawl") / "data"
    told: list[tuple[str, Account]] = []
    with DemoWeb(load_articles(), first_port=0) as web:
        runs = crawl(web.sites, data, lambda site, account: told.append((site, account)))
        web.forget_requests()
        yield Crawled(web, data, {run.site: run for run in runs}, told)


def bytes_of(web: DemoWeb, site: str) -> int:
    return sum(served.bytes for served in web.request_log[site])


@pytest.mark.parametrize("site", SITES)
def test_first_crawl_stores_every_article_of_the_demo(crawled: Crawled, site: str) -> None:
    published = [one for one in crawled.web.articles() if one.site == site]
    with Store.open(crawled.data) as store:
        assert store.articles.count(site) == len(published)
        for one in published:
            found = store.articles.document_at(crawled.web.address_of(one.id))
            assert found is not None, one.id
            assert found.article.site == site


def test_account_of_every_site_adds_up(crawled: Crawled) -> None:
    assert set(crawled.first) == set(SITES)
    for run in crawled.first.values():
        assert run.account.balanced, run
        assert run.reachable
        assert run.account.stored > 0
        assert "lost" not in " ".join(run.account.notes)


def test_progress_tells_growing_accounts_and_the_last_is_the_final_one(crawled: Crawled) -> None:
    for site in SITES:
        told = [account for name, account in crawled.told if name == site]
        assert [one.stored for one in told] == sorted(one.stored for one in told)
        assert told[-1].stored == crawled.first[site].account.stored


def test_every_stored_article_has_its_raw_page(crawled: Crawled) -> None:
    with Store.open(crawled.data) as store:
        ids = list(store.captures.latest_ids())
        assert len(ids) >= store.articles.count()
        for capture_id in ids[:10]:
            found = store.captures.read(capture_id)
            assert found is not None
            assert found[1].status == 200
            assert found[1].body


def test_a_page_that_answers_404_is_a_failure_with_its_reason(crawled: Crawled) -> None:
    with Store.open(crawled.data) as store:
        failures = store.captures.failures("syrdariya")
    assert [failure.reason for failure in failures] == ["the server answers 404"]
    assert crawled.first["syrdariya"].account.failed == 1


def test_second_crawl_of_unchanged_sites_is_small(crawled: Crawled) -> None:
    crawled.web.forget_requests()
    runs = crawl(crawled.web.sites, crawled.data)
    for run in runs:
        assert run.account.balanced
        assert (run.account.stored, run.account.updated) == (0, 0), run
        assert run.account.seen == run.account.unchanged + run.account.failed
        assert run.account.requests == len(crawled.web.request_log[run.site]) <= 3
        assert bytes_of(crawled.web, run.site) <= run.account.bytes <= 50_000


def test_new_edited_and_withdrawn_articles_are_noticed(crawled: Crawled) -> None:
    web = crawled.web
    edited = {site: next(a for a in web.articles() if a.site == site) for site in SITES}
    title = "Оқырмандар күні: жаңартылған хабарлама"
    for one in edited.values():
        web.edit(one.id, title=title)
    web.forget_requests()
    runs = {run.site: run for run in crawl(web.sites, crawled.data)}
    with Store.open(crawled.data) as store:
        for site, one in edited.items():
            document = store.articles.document_at(web.address_of(one.id))
            assert document is not None
            assert document.article.title == title, site
            assert document.version == 2, site
            assert runs[site].account.updated >= 1
            assert len(web.request_log[site]) <= 3 + runs[site].account.updated + 2


def test_a_site_that_is_down_is_told_and_the_others_go_on(tmp_path: Path, crawled: Crawled) -> None:
    with Web() as web:
        down = web.site("down")
    up = crawled.web.sites[4]
    runs = {run.site: run for run in crawl([down, up], tmp_path)}
    assert not runs["down"].reachable
    assert runs["down"].account.seen == 0
    assert any("refuses connections" in note for note in runs["down"].account.notes)
    assert runs[up.id].reachable
    assert runs[up.id].account.stored > 0


@contextmanager
def program(data: Path, sites: list[Site]) -> Iterator[subprocess.Popen[bytes]]:
    """A program of its own that crawls, as cron starts it; killed at the end if it still runs."""
    told = json.dumps([site.model_dump(mode="json") for site in sites])
    running = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(data), told], cwd=ROOT, start_new_session=True
    )
    try:
        yield running
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
        running.wait(10)


def wait_until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def wait_for_articles(data: Path, number: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if (data / "store.sqlite").exists():
            with Store.open(data) as store:
                if store.articles.count() >= number:
                    return
        time.sleep(0.05)
    raise AssertionError("the crawl did not get going")


@pytest.fixture(scope="module")
def many() -> Iterator[Web]:
    """A site with forty articles on one listing."""
    with Web() as web:
        pages = {f"/{n}-kezdesu": reply(article(f"Кездесу {n}")) for n in range(40)}
        web.answers = {"/": reply(listing(pages)), **pages}
        yield web


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_crawl_cleanly(tmp_path: Path, many: Web, number: int) -> None:
    with program(tmp_path, [many.site(delay_seconds=0.2)]) as running:
        wait_for_articles(tmp_path, 3)
        begun = time.monotonic()
        running.send_signal(number)
        code = running.wait(timeout=30)
        assert time.monotonic() - begun < 15
    assert code == (143 if number == signal.SIGTERM else 130)
    with Store.open(tmp_path) as store:
        (run,) = store.runs.of_run(1)
        assert store.articles.count() == run.account.stored > 0
        assert run.account.balanced
        assert any("ended early" in note for note in run.account.notes)


def test_nothing_is_lost_nor_fetched_twice_by_kill_9_at_any_moment(
    tmp_path: Path, many: Web
) -> None:
    site = many.site(delay_seconds=0.03)
    many.log.clear()
    chance = random.Random(20261122)
    known: set[str] = set()
    amid = 0
    for _ in range(KILLS):
        with program(tmp_path, [site]) as running:
            wait_until(lambda: many.log)
            time.sleep(chance.uniform(0.0, 0.2))
            running.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(5)
        with Store.open(tmp_path) as store:
            stored = set(store.articles.known_urls(site.id))
            assert not store.damages()
        # A page asked for and killed before it was kept is asked for again; no stored one is.
        assert not known.intersection(many.root + target for target in many.targets)
        assert known <= stored
        amid += 0 < len(stored - known) < 40
        known = stored
        many.log.clear()
    assert amid >= 5, "hardly a kill came between two pages"
    crawl([site], tmp_path)
    with Store.open(tmp_path) as store:
        assert store.articles.count() == 40
        assert list(check_store(store)) == []


BREAKING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from scrapy import signals
from twisted.python.failure import Failure
from crawler.crawl_process import SideBySide
from crawler.errors import StoreError
from crawler.store.store import Store
from crawler.visit import Fetched

class Probe(SideBySide):
    def _listen(self, crawler, visit, assignment):
        super()._listen(crawler, visit, assignment)
        page = Fetched("http://lib.example/1", None, ())
        visit.ledger.see(page.asked)
        told = {"item": page, "response": None, "spider": None}
        for error in (ValueError("a bug"), StoreError("the disk is full")):
            crawler.signals.send_catch_log(signals.item_error, failure=Failure(error), **told)
        source = Failure(KeyError("another"))
        crawler.signals.send_catch_log(signals.spider_error, failure=source, **told)
        print(visit.ledger.account.failed, self.error, *visit.ledger.notes)

with Store.open(Path(sys.argv[1])) as store:
    site = {"id": "lib", "name": {"kk": "x"}, "url": "http://lib.example/", "sources": []}
    run_id = store.runs.begin("crawl", datetime.now(UTC))
    told = {"run_id": run_id, "options": {}, "sites": [site], "now": None}
    Probe(told, store)._start_more()
    print(*((one.url, one.reason) for one in store.captures.failures("lib")))
"""


def test_what_breaks_the_reader_is_heard_and_told_apart_from_a_broken_store(tmp_path: Path) -> None:
    """Scrapy swallows what goes wrong while it tells of errors: see that it can be told."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BREAKING, tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    first, second = done.stdout.splitlines()
    assert first == "1 the disk is full reading a list broke down: KeyError('another')", done.stderr
    assert second == "('http://lib.example/1', \"reading broke down: ValueError('a bug')\")"


def test_two_runs_at_once_one_gets_75_within_a_second(tmp_path: Path, many: Web) -> None:
    with program(tmp_path, [many.site(delay_seconds=0.3)]) as running:
        wait_for_articles(tmp_path, 1)
        begun = time.monotonic()
        with pytest.raises(LockedError) as caught, run_lock(tmp_path):
            pass
        assert time.monotonic() - begun < 1
        assert caught.value.exit_code == 75
        assert str(running.pid) in caught.value.message
        running.kill()
        running.wait(5)
        with run_lock(tmp_path):
            pass


def test_an_article_missing_twice_a_week_apart_is_gone(tmp_path: Path) -> None:
    start = datetime(2026, 11, 22, 9, tzinfo=UTC)
    page, front = reply(article("Көрме")), reply(listing(["/1-korme"]))
    with Web({"/": front, "/1-korme": page}) as web:
        site = web.site()
        crawl([site], tmp_path, now=start)
        web.answers["/1-korme"] = reply("жоқ", 404)
        accounts = []
        for days in (60, 63, 70):
            (run,) = crawl([site], tmp_path, now=start + timedelta(days=days))
            accounts.append(run.account)
            with Store.open(tmp_path) as store:
                document = store.articles.document_at(f"{web.root}/1-korme")
                assert document is not None
                assert (document.gone_since is not None) == (days == 70)
    assert [one.failed for one in accounts] == [1, 0, 0]
    assert [one.updated for one in accounts] == [0, 0, 1]


def test_a_page_that_tells_several_events_gives_several_articles(tmp_path: Path) -> None:
    def page(*titles: str) -> bytes:
        parts = "".join(
            f'<div class="event" id="e{n}"><h2>{title}</h2><p>{PARAGRAPH}</p></div>'
            for n, title in enumerate(titles)
        )
        return reply(f"<html><body><h1>Жаңалықтар</h1><div class='all'>{parts}</div></body></html>")

    layout = {"title": "h1", "body": ".all", "split": ".event"}
    with Web({"/": reply(listing(["/2019"])), "/2019": page("Көрме", "Кездесу", "Байқау")}) as web:
        site = web.site(layouts=[layout])
        (first,) = crawl([site], tmp_path)
        (second,) = crawl([site], tmp_path)
        web.answers["/2019"] = page("Көрме", "Кездесу")
        (third,) = crawl([site], tmp_path, now=datetime.now(UTC) + timedelta(days=80))
    assert (first.account.seen, first.account.stored) == (1, 1)
    assert second.account.unchanged == 1
    assert second.account.requests <= 2
    assert third.account.balanced
    with Store.open(tmp_path) as store:
        urls = store.articles.on_page(f"{web.root}/2019")
        assert urls == [f"{web.root}/2019#e{n}" for n in range(3)]
        gone = [bool(store.articles.document_at(url).gone_since) for url in urls]  # type: ignore[union-attr]
    assert gone == [False, False, True]


async def validated(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """A robots.txt with an ETag that it honours."""
    if asked.headers.get("if-none-match") == '"1"':
        writer.write(reply(status=304, ETag='"1"'))
    else:
        writer.write(reply("User-agent: *\nDisallow: /1-", kind="text/plain", ETag='"1"'))
    await writer.drain()


def test_robots_txt_is_used_for_a_day_then_asked_for_conditionally(tmp_path: Path) -> None:
    start = datetime(2026, 11, 22, 9, tzinfo=UTC)
    pages = {"/1-kezdesu": reply(article("Бір")), "/2-kezdesu": reply(article("Екі"))}
    with Web({"/robots.txt": validated, "/": reply(listing(pages)), **pages}) as web:
        site, asked = web.site(), []
        for hours in (0, 6, 25, 30):
            web.log.clear()
            (run,) = crawl([site], tmp_path, now=start + timedelta(hours=hours))
            asked.append([one for one in web.log if one.target == "/robots.txt"])
            assert "/1-kezdesu" not in web.targets
            assert run.account.requests <= 3
        web.answers["/robots.txt"] = reply("no", 503)
        web.log.clear()
        (shut,) = crawl([site], tmp_path, now=start + timedelta(hours=60))
        assert web.targets == []
    assert [len(one) for one in asked] == [1, 0, 1, 0]
    assert "if-none-match" in asked[2][0].headers
    assert shut.account.seen == 0
