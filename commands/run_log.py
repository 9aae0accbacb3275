"""The log of runs: one JSON line for each, however it ended."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from commands.session import Session, say
from crawler.errors import JarshyError
from crawler.health import SiteHealth
from crawler.model import Account
from crawler.store.runs import COUNTS, SiteRun

COLUMNS = COUNTS[:7]


@dataclass(slots=True)
class RunRecord:
    """What a run is known to have done so far; `ended` is `ok`, `interrupted` or an error."""

    started: datetime
    runs: Sequence[SiteRun] = ()
    unhealthy: Sequence[SiteHealth] = ()
    notified: Sequence[str] = ()
    documents: int | None = None
    ended: str = field(default="ok")


def total_of(runs: Sequence[SiteRun]) -> Account:
    """The sum of all accounts."""
    return Account(**{name: sum(getattr(one.account, name) for one in runs) for name in COUNTS})


@contextmanager
def logged(session: Session) -> Iterator[RunRecord]:
    """Keep a line of what the block did in `log/runs.jsonl`, also when it is broken off."""
    record = RunRecord(datetime.now(UTC))
    try:
        yield record
    except (KeyboardInterrupt, SystemExit):
        record.ended = "interrupted"
        record.runs = record.runs or _finished(session, record.started)
        raise
    except BaseException as error:
        record.ended = f"failed: {error}"[:500]
        raise
    finally:
        _write(session, record)


def _finished(session: Session, started: datetime) -> Sequence[SiteRun]:
    """The accounts of a crawl that a signal ended."""
    try:
        with session.store() as store:
            latest = store.runs.latest().values()
            return [one for one in latest if one.started_at >= started]
    except JarshyError:
        return ()


def _write(session: Session, record: RunRecord) -> None:
    folder = session.data / "log"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (folder / "runs.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(_line(record) + "\n")
    except OSError as error:
        say(f"! {folder}: the line about this run cannot be written ({error.strerror})")


def _line(record: RunRecord) -> str:
    total = total_of(record.runs)
    line = {
        "started": record.started.isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - record.started).total_seconds(), 1),
        "ended": record.ended,
        "sites": len(record.runs),
        "unreachable": [one.site for one in record.runs if one.is_down],
        "unhealthy": {one.site: [r.code for r in one.grave] for one in record.unhealthy},
        "notified": list(record.notified),
        **{name: getattr(total, name) for name in (*COLUMNS, "requests", "bytes")},
        "documents": record.documents,
    }
    # Letters beyond ASCII are escaped: no line separator of Unicode can break the line.
    return json.dumps(line)
