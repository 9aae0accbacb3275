"""How many pages 1, 2 and 4 workers crawl in a second: forty demo sites, one PostgreSQL store.

    python benchmarks/workers.py [--delay SECONDS] [--at-once N] [--budget PAGES] [WORKERS ...]

The five demo sites are served eight times over, each site on a host of loopback of its own. With a delay
as on real sites the workers mostly wait; without one the processors are the limit. Every run
begins with an empty database. All processes, the database and the sites share the machine.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from database_server import PostgresServer, running_postgres  # noqa: E402

from crawler.store.place import database_url  # noqa: E402
from crawler.store.store import Store  # noqa: E402
from demoweb.articles import SITES, load_articles  # noqa: E402
from demoweb.web import SITE_FILES, DemoWeb  # noqa: E402

TIMES = 8
JARSHY = Path(sys.executable).parent / "jarshy"


def config(folder: Path, webs: list[DemoWeb], told: argparse.Namespace) -> None:
    """The sites' files, and how many are crawled at once."""
    (folder / "sites").mkdir(parents=True)
    rows = ["[crawl]", 'contact = "mailto:bench@example.kz"', f"sites_at_once = {told.at_once}"]
    (folder / "jarshy.toml").write_text("\n".join(rows))
    for number, web in enumerate(webs):
        for name, root in web.roots.items():
            if name != SITES[number % len(SITES)]:
                continue
            text = (SITE_FILES / f"{name}.toml").read_text("utf-8")
            head = f'url = "{root}/"\npage_budget = {told.budget}\n'
            text = re.sub("(?m)^delay_seconds = .*$", f"delay_seconds = {told.delay}", text)
            (folder / "sites" / f"{name}{number}.toml").write_text(head + text, "utf-8")


def measure(number: int, server: PostgresServer, home: Path) -> str:
    """One run: its line of the table."""
    address = server.url(server.fresh())
    Store.open(home / "empty", database_url(address, "bench")).close()
    command = (JARSHY, "--config", home / "config")
    begun = time.monotonic()
    workers = [
        subprocess.Popen(
            [
                *command,
                "--data",
                home / f"{number}-{n}",
                "work",
                "--once",
                "--every",
                "1",
                "--name",
                f"w{n}",
            ],
            env={**os.environ, "JARSHY_STORE": address},
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(number)
    ]
    told = [worker.communicate()[1] for worker in workers]
    seconds = time.monotonic() - begun
    with Store.open(home / "empty", database_url(address, "bench")) as store:
        runs = list(store.runs.latest().values())
    stored = sum(run.account.stored for run in runs)
    asked = sum(run.account.requests for run in runs)
    shares = [text.count(" seen, ") for text in told]
    return (
        f"{number} workers  {seconds:6.1f} s  {asked / seconds:6.1f} requests/s  "
        f"{stored / seconds:6.1f} articles/s  {stored} articles of {len(runs)} sites, "
        f"sites a worker {shares}"
    )


def main() -> None:
    """Print a line for each number of workers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workers", nargs="*", type=int, default=[1, 2, 4])
    parser.add_argument("--delay", type=float, default=1.0)
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--budget", type=int, default=12, help="requests a site")
    told = parser.parse_args()
    articles = load_articles()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jarshy-bench-")))
        webs = [
            stack.enter_context(DemoWeb(articles, first_port=9100, host=f"127.0.1.{n + 1}"))
            for n in range(TIMES * len(SITES))
        ]
        config(home / "config", webs, told)
        server = stack.enter_context(running_postgres(careful=True))
        print(
            f"{len(webs)} sites, {told.delay} s between requests, "
            f"{told.at_once} sites at once a worker, at most {told.budget} requests a site"
        )
        for number in told.workers or [1, 2, 4]:
            print(measure(number, server, home), flush=True)


if __name__ == "__main__":
    main()
