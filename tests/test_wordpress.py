"""A real WordPress, as Debian packages it: first crawl, next crawls, edits, in two themes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from wordpress.harvests import (
    ADDED,
    LONG_AGO,
    POSTS,
    THEMES,
    Changes,
    Harvest,
    Post,
    change,
    faults,
    harvest,
    published,
)
from wordpress.posts import SLIDER, chosen_articles
from wordpress.server import WordPress, missing_packages, running_wordpress

from crawler.store.store import Store

in_both_themes = pytest.mark.parametrize("theme", THEMES)


@pytest.fixture(scope="module")
def wordpress() -> Iterator[WordPress]:
    missing = missing_packages()
    if missing:
        told = f"Debian packages are missing: apt-get install {' '.join(missing)}"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(told)
    with running_wordpress(THEMES) as site:
        yield site


@pytest.fixture(scope="module")
def posts(wordpress: WordPress) -> list[Post]:
    return published(wordpress, chosen_articles(POSTS))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wordpress") / "data"


@pytest.fixture(scope="module")
def harvests(wordpress: WordPress, posts: list[Post], data: Path) -> dict[str, Harvest]:
    return harvest(wordpress, posts, data)


@pytest.fixture(scope="module")
def changes(
    wordpress: WordPress, posts: list[Post], harvests: dict[str, Harvest], data: Path
) -> Changes:
    assert harvests, "the changes come after the first crawls"
    return change(wordpress, posts, data)


@in_both_themes
def test_the_first_crawl_stores_every_post_and_accounts_for_it(
    theme: str, harvests: dict[str, Harvest]
) -> None:
    account = harvests[theme].first.told.account
    assert (account.seen, account.stored) == (POSTS, POSTS), harvests[theme].first.failures
    assert account.updated == account.unchanged == account.failed == account.filtered == 0
    assert account.balanced
    assert account.notes == ()


@in_both_themes
def test_a_run_tells_how_often_it_asked(theme: str, harvests: dict[str, Harvest]) -> None:
    for run in (harvests[theme].first, harvests[theme].second):
        assert run.told.account.requests == len(run.asked), run.asked


@in_both_themes
def test_the_first_crawl_asks_for_each_post_once(theme: str, harvests: dict[str, Harvest]) -> None:
    asked = harvests[theme].first.asked
    assert len(asked) == len(set(asked))
    assert len(asked) <= POSTS + 5  # robots.txt, lists, the feed


@in_both_themes
def test_every_stored_post_is_its_story_to_the_letter(
    theme: str, posts: list[Post], harvests: dict[str, Harvest]
) -> None:
    assert faults(posts, harvests[theme].found) == {}


@in_both_themes
def test_pictures_keep_their_captions(
    theme: str, posts: list[Post], harvests: dict[str, Harvest]
) -> None:
    for post in posts:
        images = harvests[theme].found[post.url].article.images
        got = {image.url.rpartition("/")[2]: image.caption for image in images}
        got.pop(f"{post.article.id}.jpg", None)  # the picture above the title
        assert got == {image.file: image.caption for image in post.article.images}, post.url


@in_both_themes
def test_papers_keep_their_links(
    theme: str, posts: list[Post], harvests: dict[str, Harvest]
) -> None:
    for post in posts:
        papers = harvests[theme].found[post.url].article.attachments
        names = tuple(paper.url.rpartition("/")[2] for paper in papers)
        assert names == post.article.links.attachments, post.url


@in_both_themes
def test_the_slider_left_by_a_plugin_is_taken_out_and_told(
    theme: str, posts: list[Post], harvests: dict[str, Harvest]
) -> None:
    told = [harvests[theme].found[post.url].article.removed for post in posts]
    sliders = [any(SLIDER in one.text for one in removed) for removed in told]
    assert sum(sliders) >= POSTS // 3


@in_both_themes
def test_an_unchanged_site_costs_three_requests(theme: str, harvests: dict[str, Harvest]) -> None:
    run = harvests[theme].second
    account = run.told.account
    assert account.seen == account.unchanged
    assert account.stored == account.updated == account.failed == account.filtered == 0
    assert len(run.asked) <= 3, run.asked
    assert account.bytes <= 50_000


def test_an_edited_post_becomes_a_version(changes: Changes, data: Path) -> None:
    document = changes.found[changes.edited.url]
    assert document.version == 2
    assert faults([changes.edited], changes.found) == {}
    with Store.open(data) as store:
        before, after = store.articles.versions(document.id)
    assert after.article.paragraphs == (*before.article.paragraphs, ADDED)


def test_an_edit_is_found_when_the_clock_of_the_site_is_slow(changes: Changes) -> None:
    assert faults([changes.slow], changes.found) == {}


def test_a_new_post_is_stored(changes: Changes) -> None:
    assert faults([changes.fresh], changes.found) == {}


def test_a_new_post_with_an_old_date_is_stored(changes: Changes) -> None:
    assert faults([changes.backdated], changes.found) == {}
    assert changes.found[changes.backdated.url].article.published == LONG_AGO


def test_nothing_else_becomes_a_version(changes: Changes) -> None:
    versions = {url: document.version for url, document in changes.found_then.items()}
    edited = {changes.edited.url, changes.slow.url}
    assert {url for url, version in versions.items() if version > 1} <= edited


def test_a_trashed_post_is_missing_first_and_gone_a_week_later(changes: Changes) -> None:
    assert changes.missing == {changes.trashed.url}
    assert changes.found[changes.trashed.url].gone_since is None
    gone = [url for url, document in changes.found_then.items() if document.gone_since]
    assert gone == [changes.trashed.url]


def test_a_gone_post_is_kept(changes: Changes) -> None:
    assert faults([changes.trashed], changes.found_then) == {}


def test_the_account_of_changes_is_exact_and_cheap(changes: Changes) -> None:
    account = changes.today.told.account
    versions = [document.version for document in changes.found.values()]
    told = (account.stored, account.updated, account.failed)
    assert told == (2, versions.count(2), 1), changes.today.failures
    assert list(changes.today.failures) == [changes.trashed.url]
    assert account.balanced
    assert account.requests == len(changes.today.asked)
    # robots.txt, two lists and, as a post vanished, the whole list; then the five posts.
    assert len(changes.today.asked) <= 9, changes.today.asked


def test_a_week_later_the_missing_post_is_settled_cheaply(changes: Changes) -> None:
    account = changes.next_week.told.account
    assert (account.stored, account.updated, account.failed) == (0, 1, 0)
    assert account.balanced
    # robots.txt, two lists, the missing post; those edited shortly before the last run may be
    # looked at again, as clocks differ.
    assert len(changes.next_week.asked) <= 7, changes.next_week.asked
