"""A worker goes on when what works for it breaks down: its crawling child, its config."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
from test_workers import PAGES, Town, children_of, ended, town, wait_until

from commands.breakdowns import LONGEST_PAUSE, LONGEST_REST, Breakdowns
from crawler.sites import Site

__all__ = ["town"]
WORK = ("work", "--every", "1", "--name", "w1")


def heard(worker: subprocess.Popen[str], words: str) -> str:
    """The next line with these words."""
    assert worker.stderr is not None
    for line in worker.stderr:
        assert "Traceback" not in line
        if words in line:
            return line
    raise AssertionError(f"never said: {words}")


@pytest.mark.parametrize("town", [(0.1, 0.0, 4)], indirect=True)
def test_a_worker_whose_child_is_killed_goes_on_with_others_and_comes_back(town: Town) -> None:
    worker = town.start("w1", *WORK)
    wait_until(lambda: town.articles() >= 2)
    (child,) = children_of(worker.pid)
    with town.store() as store:
        under_way = {one.name for one in store.leases.held()}
        os.kill(child, signal.SIGKILL)
    heard(worker, "The crawl broke down (code -9)")
    left = heard(worker, "left for later")
    sites = {name.removeprefix("site:") for name in under_way if name.startswith("site:")}
    assert set(left.removeprefix("! ").partition(":")[0].split(", ")) & sites
    hosts = [name.removeprefix("host:") for name in under_way if name.startswith("host:")]
    before = {one.host: len(one.log) for one in town.libraries}
    others = [one for one in town.libraries if one.host not in hosts]
    wait_until(lambda: any(len(one.log) > before[one.host] for one in others))
    wait_until(lambda: town.articles() == town.all)
    assert worker.poll() is None
    worker.send_signal(signal.SIGTERM)
    ended(worker, 128 + signal.SIGTERM)


@pytest.mark.parametrize("town", [(0.1, 0.0, 2)], indirect=True)
def test_with_once_a_killed_child_ends_the_worker(town: Town) -> None:
    worker = town.start("w1")
    wait_until(lambda: town.articles() >= 1)
    os.kill(children_of(worker.pid)[0], signal.SIGKILL)
    assert "The crawl broke down (code -9)" in ended(worker, 1)


def test_a_slip_in_the_config_is_told_and_ends_no_worker(town: Town) -> None:
    config = Path(town.options("w1")[3])
    known = sorted((config / "sites").iterdir())
    kept = [one.read_text("utf-8") for one in known[1:]]
    for one in known[1:]:
        one.unlink()
    worker = town.start("w1", *WORK)
    wait_until(lambda: town.articles() == PAGES)
    right = (config / "jarshy.toml").read_text("utf-8")
    (config / "jarshy.toml").write_text(right.replace("sites_at_once", "sites_at_onec"), "utf-8")
    known[1].write_text(kept[0], "utf-8")
    assert "jarshy.toml" in heard(worker, "sites_at_onec")
    heard(worker, "Going on in 1 s.")
    heard(worker, "Going on in 2 s.")
    (config / "jarshy.toml").write_text(right, "utf-8")
    wait_until(lambda: town.articles() == 2 * PAGES)
    worker.send_signal(signal.SIGTERM)
    ended(worker, 128 + signal.SIGTERM)
    (config / "jarshy.toml").write_text(right.replace("contact", "contcat"), "utf-8")
    told = town.tell("w1", *WORK)
    assert told.exit_code == 2
    assert "contcat" in told.output


def site(name: str) -> Site:
    told = {"id": name, "url": f"https://{name}.kz/", "name": {"kk": name}, "cms": "wordpress"}
    return Site.model_validate({**told, "region": "astana"})


def test_suspects_rest_longer_each_time_and_are_crawled_alone() -> None:
    now = [0.0]
    breakdowns = Breakdowns(30, lambda: now[0])
    a, b, c = sites = [site(name) for name in "abc"]
    assert breakdowns.chosen(sites, sites) == sites
    assert breakdowns.chosen(sites, []) == []
    breakdowns.suspect(["a", "b"])
    assert breakdowns.chosen(sites, sites) == [c]
    assert breakdowns.chosen(sites, [a, b]) == []
    now[0] += 300
    assert breakdowns.chosen(sites, sites) == [a]  # breaks down again
    breakdowns.suspect(["a"])
    assert breakdowns.chosen(sites, sites) == [b]
    breakdowns.clear(["b"])
    assert breakdowns.chosen(sites, sites) == [b, c]
    now[0] += 599
    assert breakdowns.chosen(sites, sites) == [b, c]
    now[0] += 1
    assert breakdowns.chosen(sites, sites) == [a]
    for _ in range(100):
        now[0] += LONGEST_REST
        assert breakdowns.chosen(sites, sites) == [a]
    assert [breakdowns.pause() for _ in range(3)] == [30, 60, LONGEST_PAUSE]
    breakdowns.over()
    assert breakdowns.pause() == 30


def test_the_same_trouble_in_a_row_is_told_once() -> None:
    breakdowns = Breakdowns(1)
    assert [breakdowns.is_news(words) for words in ("a", "a", "b", "a")] == [
        True,
        False,
        True,
        True,
    ]
    breakdowns.over()
    assert breakdowns.is_news("a")


def test_a_second_worker_of_one_name_is_told(town: Town) -> None:
    with town.store() as store:
        store.leases.name(["site:elsewhere"])
        lease = store.leases.take(["site:elsewhere"], "w1", 3000)
        assert lease is not None
        told = town.tell("w1", "work", "--once", "--name", "w1")
        assert "A worker called w1 was heard of at 2" in told.output
        store.leases.give_back(lease)
