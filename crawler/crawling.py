"""Crawling several sites side by side, in a process of its own.

A process of its own, because Twisted's reactor starts once in a process only, and because a
page that brings the crawl down must not bring down the program that called it. The two talk in
JSON lines: the parent sends the sites, the child its accounts. When the parent dies, the
child's input ends and it stops at once, which the store survives like any crash.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from crawler.enrich.registry import Registry
from crawler.errors import JarshyError, StoreError
from crawler.model import Account
from crawler.options import CrawlOptions
from crawler.sharing import Share
from crawler.sites import Site
from crawler.store.heartbeat import own_name
from crawler.store.lock import held_locks
from crawler.store.runs import SiteRun
from crawler.store.store import Store

Progress = Callable[[str, Account], None]
LOG_LIMIT = 5_000_000
# How long the pages under way get to come in after a signal, before the child is killed.
PATIENCE_SECONDS = 25.0


class CrawlError(JarshyError):
    """The crawling process broke down."""


def crawl(
    sites: Sequence[Site],
    data: Path,
    progress: Progress | None = None,
    options: CrawlOptions | None = None,
    now: datetime | None = None,
    look: Sequence[str] = (),
    registry: Registry | None = None,
    share: Share | None = None,
    ended: Progress | None = None,
) -> list[SiteRun]:
    """Crawl the sites into the store of a data folder; their accounts, in the order given.

    `progress` is called with a site's id and its account so far, `ended` with the last one. A
    site that is down gets an account with `reachable` false and a note; the others go on. On
    Ctrl-C or SIGTERM the pages under way are finished and stored, then KeyboardInterrupt or
    SystemExit(143) is raised.
    `now` stands in for the clock's time at the start; with `look` those addresses are fetched
    instead of what the sites' sources name. In a store that several machines use, each site is
    taken with a lease, as `share` says, and one that another machine holds is left to it: it has
    no account here. Raises StoreError and CrawlError.
    """
    options = options or CrawlOptions()
    with Store.open(data) as store:
        store.captures.try_out()
        if share is None:
            # A worker does it once, when it begins: it crawls again and again.
            store.captures.mend_tail()
        if store.is_shared and share is None:
            share = Share(own_name(), options.lease_seconds, only_due=False)
        started = now or datetime.now(UTC)
        run_id = store.runs.begin("crawl", started)
    told = {
        "sites": [site.model_dump(mode="json") for site in sites],
        "data": str(data.resolve()),
        "run_id": run_id,
        "options": options.model_dump(mode="json"),
        "now": now.isoformat() if now else None,
        "look": list(look),
        "registry": dict(registry.names) if registry else None,
        "share": asdict(share) if share else None,
    }
    _run_child(told, _log_file(data), progress, ended)
    with Store.open(data) as store:
        store.runs.finish(run_id, now or datetime.now(UTC))
        runs = {one.site: one for one in store.runs.of_run(run_id)}
    return [runs[site.id] for site in sites if site.id in runs]


def _run_child(
    told: dict[str, Any], log: Path, progress: Progress | None, ended: Progress | None
) -> None:
    with log.open("ab") as errors:
        child = subprocess.Popen(
            [sys.executable, "-m", "crawler.crawl_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=Path(__file__).parent.parent,
            start_new_session=True,
            pass_fds=held_locks(),
        )
    assert child.stdin is not None
    assert child.stdout is not None
    with child, _signals_passed_on(child) as caught:
        child.stdin.write(json.dumps(told).encode() + b"\n")
        child.stdin.flush()
        _follow(child.stdout, progress, ended)
        code = child.wait()
    if caught:
        raise KeyboardInterrupt if caught[0] == signal.SIGINT else SystemExit(143)
    if code != 0:
        raise CrawlError(f"The crawl broke down (code {code})", f"See the end of {log}.")


def _follow(lines: IO[bytes], progress: Progress | None, ended: Progress | None) -> None:
    for line in lines:
        told = json.loads(line)
        if "error" in told:
            raise StoreError(told["error"], told["remedy"])
        account = told["account"]
        for listener in (progress, ended if told["last"] else None):
            if listener is not None:
                listener(told["site"], Account(**{**account, "notes": tuple(account["notes"])}))


@contextmanager
def _signals_passed_on(child: subprocess.Popen[bytes]) -> Iterator[list[int]]:
    """Hand Ctrl-C and SIGTERM to the child and wait for it; gives what was caught."""
    caught: list[int] = []

    def pass_on(number: int, _frame: Any) -> None:
        if not caught:
            killer = threading.Timer(PATIENCE_SECONDS, child.kill)
            killer.daemon = True
            killer.start()
        caught.append(number)
        child.send_signal(signal.SIGTERM if len(caught) < 3 else signal.SIGKILL)

    if threading.current_thread() is not threading.main_thread():
        yield caught
        return
    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield caught
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _log_file(data: Path) -> Path:
    """Where the child's warnings go: `log/crawl.log`, the one before it kept when it is long."""
    folder = data / "log"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "crawl.log"
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(folder / "crawl.log.1")
    return path
