"""A real WordPress of more than a hundred posts: plain and pretty addresses, changed, REST off."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from wordpress.harvests import SITE
from wordpress.server import WordPress, missing_packages, running_wordpress

from crawler.crawling import crawl
from crawler.recognition import recognise
from crawler.sites import load_site, site_from
from crawler.store.runs import SiteRun
from crawler.store.store import Store

POSTS = 104
CLASSIC = {"template": "twentytwentyone", "stylesheet": "twentytwentyone"}
BLOCK = {"template": "twentytwentythree", "stylesheet": "twentytwentythree"}
FRONTS: Mapping[str, Mapping[str, str]] = {
    "pretty": CLASSIC,
    "plain": {**BLOCK, "permalink_structure": ""},
    "closed": {**CLASSIC, "without_rest": "1"},
}
TEXT = (
    "Облыстық кітапханада {n}-рет «Кітап – білім бұлағы» көрмесі ашылды. Оған мектеп оқушылары мен "
    "студенттер қатысып, жаңа түскен кітаптармен танысты. Кездесу соңында сауалнама жүргізілді."
)
ADDED = "Толықтыру: көрме 25 қарашаға дейін ұзартылды, келушілерді күн сайын күтеміз."
Runs = dict[str, SiteRun]


@pytest.fixture(scope="module")
def wordpress() -> Iterator[WordPress]:
    missing = missing_packages()
    if missing:
        told = f"Debian packages are missing: apt-get install {' '.join(missing)}"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(told)
    with running_wordpress(FRONTS) as site:
        yield site


@pytest.fixture(scope="module")
def ids(wordpress: WordPress) -> list[int]:
    start = datetime(2018, 1, 10, 10)
    posts = [post(n, f"{start + timedelta(days=9 * n):%Y-%m-%d %H:%M:%S}") for n in range(POSTS)]
    return [told["id"] for told in wordpress.act(*posts)]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("addresses") / "data"


def post(number: int, published: str | None = None) -> dict[str, object]:
    dated = {"published": published} if published else {}
    title = f"Көрме ашылды: {number}-күн"
    return {
        "do": "add",
        "title": title,
        "slug": f"korme-{number}",
        "content": TEXT.format(n=number),
        **dated,
    }


def crawled(wordpress: WordPress, data: Path, days: int = 0) -> Runs:
    files = [data.parent / f"{front}.toml" for front in FRONTS]
    for file in files:
        file.write_text(SITE.format(url=wordpress.urls[file.stem]), encoding="utf-8")
    now = datetime.now(UTC) + timedelta(days=days)
    return {run.site: run for run in crawl([load_site(file) for file in files], data, now=now)}


@pytest.fixture(scope="module")
def first(wordpress: WordPress, ids: list[int], data: Path) -> Runs:
    assert len(ids) == POSTS
    return crawled(wordpress, data)


@pytest.fixture(scope="module")
def second(wordpress: WordPress, first: Runs, data: Path) -> Runs:
    assert first
    return crawled(wordpress, data)


@pytest.fixture(scope="module")
def moved(wordpress: WordPress, second: Runs, ids: list[int], data: Path) -> Runs:
    """Days in the addresses from now on; one old post edited, one new."""
    assert second
    wordpress.act({"do": "permalinks", "structure": "/%year%/%monthnum%/%postname%/"})
    wordpress.act({"do": "flush_rules"})
    edit = {"do": "edit", "id": ids[40], "post_content": f"{TEXT.format(n=40)}\n\n{ADDED}"}
    wordpress.act(edit, post(POSTS))
    return crawled(wordpress, data)


def count(data: Path, site: str) -> int:
    with Store.open(data) as store:
        return store.articles.count(site)


@pytest.mark.parametrize("front", FRONTS)
def test_all_posts_are_stored_whatever_their_addresses(front: str, first: Runs, data: Path) -> None:
    account = first[front].account
    assert account.stored == POSTS, account
    assert account.balanced
    assert account.failed == 0


@pytest.mark.parametrize("front", FRONTS)
def test_unchanged_it_costs_three_requests(front: str, second: Runs) -> None:
    account = second[front].account
    assert account.seen == account.unchanged > 0
    assert account.requests <= 3
    assert account.bytes <= 50_000


@pytest.mark.parametrize("front", ["pretty", "closed"])
def test_other_addresses_double_no_article(front: str, moved: Runs, data: Path) -> None:
    account = moved[front].account
    assert account.balanced
    assert account.stored == 1, account
    assert count(data, front) == POSTS + 1


@pytest.mark.parametrize("front", ["pretty", "closed"])
def test_a_first_look_proposes_a_file_that_crawls(
    front: str, wordpress: WordPress, first: Runs, tmp_path: Path
) -> None:
    assert first
    found = recognise(wordpress.urls[front], private=True)
    assert found.cms == "wordpress"
    site = site_from(tomllib.loads(found.toml), tmp_path / "wordpress.toml")
    (run,) = crawl([site.model_copy(update={"page_budget": 12})], tmp_path)
    assert run.account.stored > 0, found.remarks
    assert run.account.failed == 0


def test_an_edited_post_is_updated_under_its_first_address(
    wordpress: WordPress, moved: Runs, data: Path
) -> None:
    assert moved["pretty"].account.updated == 1
    with Store.open(data) as store:
        document = store.articles.document_at(f"{wordpress.urls['pretty']}korme-40/")
    assert document is not None
    assert document.version == 2
    assert document.article.paragraphs[-1] == ADDED


def test_the_look_at_old_posts_finds_them_where_they_stand_now(
    wordpress: WordPress, moved: Runs, data: Path
) -> None:
    assert moved
    again = crawled(wordpress, data, days=88)
    for front in FRONTS:
        account = again[front].account
        assert account.balanced
        assert (account.stored, account.failed) == (0, 0), (front, account)
        assert count(data, front) == POSTS + 1
        with Store.open(data) as store:
            assert not [one for one in store.articles.known(front) if one.missing_since]
