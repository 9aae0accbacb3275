"""Kill the crawl at random moments and count what is lost.

    python benchmarks/kills.py [--kills 300] [--seed N]

Sixty articles on one site. Each round starts the crawl as cron would, kills it with SIGKILL after
a random time, and checks: every article that the store acknowledged is there once, was fetched
once, and its raw page is whole. At the end one undisturbed run must complete the site.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from webs import Web, article, listing, reply  # noqa: E402

from crawler.checking import check_store  # noqa: E402
from crawler.crawling import crawl  # noqa: E402
from crawler.store.store import Store  # noqa: E402

ARTICLES = 60
PROGRAM = """
import json, sys
from pathlib import Path
from crawler.crawling import crawl
from crawler.sites import Site
from crawler.store.lock import run_lock

with run_lock(Path(sys.argv[1])):
    crawl([Site.model_validate(json.loads(sys.argv[2]))], Path(sys.argv[1]))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=20261122)
    told = parser.parse_args()
    chance = random.Random(told.seed)
    lost = twice = damaged = rounds = fresh = 0
    with Web() as web:
        pages = {f"/{n}-kezdesu": reply(article(f"Кездесу {n}")) for n in range(ARTICLES)}
        web.answers = {"/": reply(listing(pages)), **pages}
        site = web.site(delay_seconds=0.02)
        folder = tempfile.TemporaryDirectory()
        acknowledged: set[str] = set()
        for _ in range(told.kills):
            data = Path(folder.name)
            program = [sys.executable, "-c", PROGRAM, str(data), site.model_dump_json()]
            running = subprocess.Popen(program, cwd=ROOT, start_new_session=True)
            time.sleep(chance.uniform(0.8, 2.6))
            running.send_signal(signal.SIGKILL)
            running.wait()
            time.sleep(0.1)
            with Store.open(data) as store:
                known = list(store.articles.known_urls(site.id))
                damaged += len(store.damages())
            fetched = [web.root + target for target in web.targets]
            lost += len(acknowledged - set(known))
            twice += sum(fetched.count(url) > 1 for url in known)
            acknowledged = set(known)
            rounds += 1
            if len(known) == ARTICLES:
                lost, twice, damaged = _finished(data, site, lost, twice, damaged)
                fresh += 1
                folder.cleanup()
                folder, acknowledged = tempfile.TemporaryDirectory(), set()
                web.log.clear()
        lost, twice, damaged = _finished(Path(folder.name), site, lost, twice, damaged)
        folder.cleanup()
    result = {"kills": rounds, "sites completed": fresh + 1, "lost": lost, "fetched twice": twice}
    print(json.dumps({**result, "damages": damaged}))


def _finished(
    data: Path, site: object, lost: int, twice: int, damaged: int
) -> tuple[int, int, int]:
    crawl([site], data)  # type: ignore[list-item]
    with Store.open(data) as store:
        lost += ARTICLES - store.articles.count()
        damaged += len(list(check_store(store)))
    return lost, twice, damaged


if __name__ == "__main__":
    main()
