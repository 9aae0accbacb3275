"""Sites that break as real ones do, served and crawled: each is flagged with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from webs import PARAGRAPH, Web, listing, reply

from crawler.crawling import crawl
from crawler.health import SiteHealth, site_health
from crawler.sites import Site
from crawler.store.store import Store

START = datetime(2026, 11, 1, 9, tzinfo=UTC)
LAYOUT = {"title": "h1.name", "body": ".story", "published": "time"}
BEFORE = 10


def page(number: int, css: str = "story", day: int | None = 1, times: int = 6) -> bytes:
    """An article; `day` of October 2026 is its date."""
    told = f'<time datetime="2026-10-{day:02}">{day}.10.2026</time>' if day else ""
    body = "".join(f"<p>{PARAGRAPH} ({number}, {n})</p>" for n in range(times))
    return reply(
        f'<!doctype html><html lang="kk"><head><meta charset="utf-8"></head><body><main>'
        f'<h1 class="name">Кездесу {number}</h1>{told}<div class="{css}">{body}</div>'
        f"</main></body></html>"
    )


@dataclass(frozen=True)
class Broken:
    """How each site was before and after its change."""

    before: dict[str, SiteHealth]
    after: dict[str, SiteHealth]
    articles: dict[str, int]


def paths(numbers: Sequence[int]) -> list[str]:
    return [f"/{n}-kezdesu" for n in numbers]


def put(web: Web, numbers: range, **told: object) -> None:
    """Serve articles and name them first on the front page."""
    old = [target for target in web.answers if target != "/"]
    web.answers |= {
        f"/{n}-kezdesu": page(n, **{"day": 1 + n % 28, **told})  # type: ignore[arg-type]
        for n in numbers
    }
    web.answers["/"] = reply(listing([*paths(list(reversed(numbers))), *old]))


def redesigned(web: Web) -> None:
    put(web, range(BEFORE, BEFORE + 3), css="new-text")


def shortened(web: Web) -> None:
    put(web, range(BEFORE, BEFORE + 8), times=1)


def undated(web: Web) -> None:
    put(web, range(BEFORE, BEFORE + 6), day=None)


def emptied(web: Web) -> None:
    web.answers["/"] = reply(listing(paths(range(BEFORE))).replace('class="item"', 'class="x"'))


def failing(web: Web) -> None:
    put(web, range(BEFORE, BEFORE + 4))
    web.answers |= dict.fromkeys(paths(range(BEFORE, BEFORE + 4)), reply("no", 500))
    web.answers["/"] = reply(listing(paths(range(BEFORE, BEFORE + 4))))


def well(web: Web) -> None:
    put(web, range(BEFORE, BEFORE + 8))


CHANGES = {
    "well": (well, []),
    "redesigned": (redesigned, ["layout"]),
    "shortened": (shortened, ["shrinks"]),
    "undated": (undated, ["undated"]),
    "emptied": (emptied, ["empty"]),
    "failing": (failing, ["pages"]),
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broken]:
    data = tmp_path_factory.mktemp("health")
    webs = {name: Web() for name in CHANGES}
    for web in webs.values():
        web.__enter__()
        put(web, range(BEFORE))
    try:
        sites = [web.site(name, layouts=[LAYOUT]) for name, web in webs.items()]
        crawl(sites, data, now=START)
        before = looked_at(sites, data, START)
        for name, (change, _) in CHANGES.items():
            change(webs[name])
        later = START + timedelta(days=1)
        crawl(sites, data, now=later)
        with Store.open(data) as store:
            counts = {site.id: store.articles.count(site.id) for site in sites}
        yield Broken(before, looked_at(sites, data, later), counts)
    finally:
        for web in webs.values():
            web.__exit__(None, None, None)


def looked_at(sites: Sequence[Site], data: Path, now: datetime) -> dict[str, SiteHealth]:
    with Store.open(data) as store:
        return {one.site: one for one in site_health(sites, store, now)}


def codes(health: SiteHealth) -> list[str]:
    return [reason.code for reason in health.grave]


@pytest.mark.parametrize("name", CHANGES)
def test_a_site_that_broke_is_flagged_with_the_reason(broken: Broken, name: str) -> None:
    assert broken.before[name].healthy, broken.before[name]
    assert broken.before[name].articles == BEFORE
    assert codes(broken.after[name]) == CHANGES[name][1]
    assert broken.after[name].healthy is (name == "well")


def test_the_fallback_reads_a_redesigned_site_and_hides_nothing(broken: Broken) -> None:
    assert broken.articles["redesigned"] == BEFORE + 3
    (reason,) = broken.after["redesigned"].grave
    assert (reason.facts["n"], reason.facts["of"]) == (3, 3)


def test_a_layout_that_stays_broken_stays_flagged(tmp_path: Path) -> None:
    with Web() as web:
        put(web, range(30), css="new-text")
        site = web.site(layouts=[LAYOUT])
        crawl([site], tmp_path, now=START)
        health = looked_at([site], tmp_path, START)[site.id]
    assert health.articles == 30
    assert codes(health) == ["layout"]


def test_a_site_is_flagged_when_it_was_unreachable_three_runs_in_a_row(tmp_path: Path) -> None:
    with Web() as web:
        put(web, range(3))
        site = web.site(layouts=[LAYOUT])
        crawl([site], tmp_path, now=START)
    for day in (1, 2, 3):
        now = START + timedelta(days=day)
        crawl([site], tmp_path, now=now)
        health = looked_at([site], tmp_path, now)[site.id]
        assert health.state == "down"
        assert codes(health) == ["unreachable"] * (day == 3)
        assert health.reasons[0].facts["n"] == day
    assert health.articles == 3


def test_a_robots_txt_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with Web({"/robots.txt": reply("no", 503)}) as closed, Web() as forbidden:
        forbidden.answers["/robots.txt"] = reply("User-agent: *\nDisallow: /")
        sites = [closed.site("closed"), forbidden.site("forbidden")]
        crawl(sites, tmp_path, now=START)
        told = looked_at(sites, tmp_path, START)
    assert codes(told["closed"]) == ["robots_unreadable"]
    assert codes(told["forbidden"]) == ["robots"]
