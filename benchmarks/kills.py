"""Kill `jarshy run` at random moments and count what is lost.

    python benchmarks/kills.py [--kills 300] [--seed N]

Sixty articles on one site, crawled and indexed by the command that cron calls. Each round kills
it with SIGKILL after a random time: the command, its crawling process, or both. Then: every
article that the store acknowledged before is there, was not fetched again, has one version and
one raw page, which is whole; the database is sound and the index opens. When a site is complete
an undisturbed run must find nothing to do, `warcio check` must pass on every file and the index
must hold every article; then a fresh folder is begun.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from webs import PARAGRAPH, Web, article, listing, reply  # noqa: E402

from crawler.checking import check_store  # noqa: E402
from crawler.store.store import Store  # noqa: E402
from indexer.build import check_index  # noqa: E402
from indexer.errors import IndexMissingError  # noqa: E402
from indexer.search import Searcher  # noqa: E402

ARTICLES = 60
SITE = """
url = "{root}/"
name.kk = "Сынақ"
delay_seconds = 0.02
allow_private_addresses = true
[[sources]]
kind = "listing"
url = "{root}/"
links = "a.item"
"""


class Round:
    """One data folder, from empty to complete, over many kills."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._folder = tempfile.TemporaryDirectory()
        self.data = Path(self._folder.name) / "data"
        self.config = Path(self._folder.name) / "config"
        (self.config / "sites").mkdir(parents=True)
        (self.config / "sites" / "test.toml").write_text(SITE.format(root=web.root), "utf-8")
        self._acknowledged: set[str] = set()
        web.log.clear()

    def start(self) -> subprocess.Popen[bytes]:
        told = [sys.executable, ROOT / "jarshy.py", "--data", self.data, "--config", self.config]
        quiet = subprocess.DEVNULL
        return subprocess.Popen([*told, "run", "test"], cwd=ROOT, stderr=quiet)

    def faults(self) -> Counter[str]:
        """What is wrong after a kill, by kind."""
        wrong: Counter[str] = Counter()
        asked = [self._web.root + target for target in self._web.targets]
        self._web.log.clear()
        with Store.open(self.data) as store:
            known = set(store.articles.known_urls("test"))
            wrong["lost"] = len(self._acknowledged - known)
            wrong["fetched again"] = sum(url in self._acknowledged for url in asked)
            wrong["twice"] = twice(store)
            wrong["damaged"] = len(list(check_store(store)))
        wrong["index does not open"] = not opens(self.data)
        self._acknowledged = known
        return wrong

    def complete(self) -> bool:
        if len(self._acknowledged) < ARTICLES:
            return False
        try:
            with Searcher.open(self.data) as searcher:
                return searcher.status().documents == ARTICLES
        except IndexMissingError:
            return False  # killed while the first index was made

    def finish(self) -> Counter[str]:
        """The faults after an undisturbed run; the folder is thrown away."""
        wrong: Counter[str] = Counter(**{"run failed": int(self.start().wait(120) != 0)})
        wrong += self.faults()
        files = sorted(map(str, (self.data / "warc").glob("*.gz")))
        wrong["warcio check"] = warcio_check(files) if files else 1
        wrong["index"] = len(list(check_index(self.data))) + (not self.complete())
        self._folder.cleanup()
        return wrong


def twice(store: Store) -> int:
    """Pages of which the store has two versions or two raw pages that it read."""
    query = """
        select count(*) from (
          select url from captures where outcome is not null group by url having count(*) > 1
          union select article_id from versions group by article_id having count(*) > 1)
    """
    with store._engine.connect() as connection:
        return int(connection.scalar(sa.text(query)) or 0)


def opens(data: Path) -> bool:
    """Whether the index is sound, or there is none yet."""
    if not (data / "index").exists():
        return True
    problems = [one for one in check_index(data) if "no index" not in one.lower()]
    return not problems


def warcio_check(files: Sequence[str]) -> int:
    told = [sys.executable, "-c", "from warcio.cli import main; main()", "check", *files]
    return int(subprocess.run(told, capture_output=True).returncode != 0)


def children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def kill(running: subprocess.Popen[bytes], chance: random.Random) -> str:
    """Kill the command, its child or both; says which."""
    whom = chance.choice(("command", "command", "child", "both"))
    victims = children(running.pid) if whom in ("child", "both") else []
    victims += [running.pid] if whom in ("command", "both") or not victims else []
    for pid in victims:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    running.wait(60)
    return whom


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=20261122)
    told = parser.parse_args()
    chance = random.Random(told.seed)
    wrong: Counter[str] = Counter()
    whom: Counter[str] = Counter()
    completed = 0
    with Web() as web:
        # Each story in words of its own: what all pages of a site say is cleaned away.
        stories = {n: f"{n}-кездесу туралы. {PARAGRAPH}" for n in range(ARTICLES)}
        pages = {
            f"/{n}-kezdesu": reply(article(f"Кездесу {n}", text)) for n, text in stories.items()
        }
        web.answers = {"/": reply(listing(pages)), **pages}
        undisturbed = Round(web)
        begun = time.monotonic()
        wrong += undisturbed.finish()
        longest = time.monotonic() - begun
        current = Round(web)
        for number in range(told.kills):
            running = current.start()
            time.sleep(chance.uniform(0.2 * longest, longest))
            whom[kill(running, chance)] += 1
            faults = current.faults()
            wrong += faults
            if +faults:
                print(f"kill {number}: {dict(+faults)}", file=sys.stderr)
            if current.complete():
                wrong += current.finish()
                completed += 1
                current = Round(web)
        wrong += current.finish()
    names = ("lost", "fetched again", "twice", "damaged", "index does not open", "warcio check")
    result = {"kills": told.kills, "of": dict(whom), "sites completed": completed}
    print(json.dumps({**result, **dict.fromkeys(names, 0), **dict(+wrong)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
