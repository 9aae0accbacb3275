"""A process that is stopped while others wait for it: they go on within the length of a lease."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa
from test_store import ARTICLE, EVENT, NOW
from test_workers import wait_until
from test_workers_beside import PATIENCE, URL, Machine, machine

from crawler.errors import StoreError
from crawler.store.postgres import LOCK_SPACE, Turn, in_turn
from crawler.store.schema import articles, meta
from crawler.store.store import Store

__all__ = ["machine"]
LEASE = 8.0  # seconds; a busy machine must be able to renew it
BUSY = 20.0  # seconds more that a busy machine may take
HELD = sa.text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    f" WHERE locktype = 'advisory' AND classid = {LOCK_SPACE} AND objid = :turn AND granted"
    " AND wait_event_type = 'Lock'"
)


@pytest.fixture
def hasty(machine: Machine) -> Machine:
    """A machine with short leases and something to index, to correct and to group."""
    (machine.config / "jarshy.toml").write_text(f"[crawl]\nlease_seconds = {LEASE}\n", "utf-8")
    assert machine.tell("index").exit_code == 0
    told = f'["{URL.format("a")}"]\ncity = "Ақтау"\n'
    (machine.config / "corrections.toml").write_text(told, "utf-8")
    with machine.store() as store:
        assert store.articles.save(ARTICLE, EVENT, NOW) == "stored"
    lines = machine.lines("a")
    lines.write_text(lines.read_text("utf-8").replace("ашылды", "жабылды"), "utf-8")
    return machine


@contextmanager
def stopped_in(
    turn: Turn, machine: Machine, words: list[object], row: sa.Select[tuple[object]]
) -> Iterator[subprocess.Popen[str]]:
    """A command that sleeps in its turn: stopped while it waits for a row, which it then gets."""
    with machine.store() as store:
        with store._engine.connect() as connection, store._engine.connect() as look:
            connection.execute(row.with_for_update())
            process = machine.start(*words)
            wait_until(lambda: look.scalar(HELD, {"turn": int(turn)}) or process.poll() is not None)
            assert process.poll() is None, process.communicate()
            process.send_signal(signal.SIGSTOP)
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


AT_A = sa.select(articles.c.id).where(articles.c.url == URL.format("a"))
GATHERED = sa.select(meta.c.value).where(meta.c.key == "gathered")


@pytest.mark.parametrize(
    ("command", "turn", "row", "code", "says"),
    [
        ("index", Turn.CHANGES, AT_A, 75, "The lease of the index was lost"),
        ("import", Turn.CHANGES, AT_A, 75, "The lease of the site a was lost"),
        ("reprocess", Turn.GROUPS, GATHERED, 1, "Has this machine slept"),
    ],
)
def test_who_is_stopped_in_its_turn_keeps_nobody_waiting_for_longer_than_a_lease(
    hasty: Machine, command: str, turn: Turn, row: sa.Select[tuple[object]], code: int, says: str
) -> None:
    words = [command, *([hasty.data.parent / "lines.jsonl"] if command == "import" else [])]
    with stopped_in(turn, hasty, words, row) as process, hasty.store() as other:
        began = time.monotonic()
        if turn is Turn.GROUPS:
            with other.groups.work():
                pass
        else:
            changed = replace(ARTICLE, title="Жаңа тақырып")
            assert other.articles.save(changed, EVENT, NOW) == "updated"
        assert time.monotonic() - began < LEASE + BUSY
        # Nothing but the silence of the stopped one can have been waited for.
        assert time.monotonic() - began > LEASE / 2
        process.send_signal(signal.SIGCONT)
        _, told = process.communicate(timeout=PATIENCE)
        assert process.returncode == code, told
        assert says in told
        assert "Traceback" not in told
    assert hasty.tell(*words).exit_code == 0


def test_who_waits_in_vain_is_told_what_to_do(hasty: Machine) -> None:
    """The other one is at work all the time, so that no server ends it for its silence."""
    with hasty.store() as store, hasty.store() as other:
        other.cut_off_after(0.2)
        with in_turn(store._engine, Turn.CHANGES), pytest.raises(StoreError) as caught:
            other.articles.save(ARTICLE, EVENT, NOW)
        assert "lock timeout" in str(caught.value)
        assert "Another process holds it for very long" in str(caught.value)
        assert other.articles.save(ARTICLE, EVENT, NOW) == "unchanged"


def settings_of(store: Store) -> tuple[object, ...]:
    names = ("idle_in_transaction_session_timeout", "lock_timeout")
    with store._engine.connect() as connection:
        return tuple(connection.scalar(sa.text(f"SHOW {name}")) for name in names)


def test_every_process_sets_how_long_it_may_be_waited_for(machine: Machine) -> None:
    with machine.store() as store:
        assert settings_of(store) == ("5min", "10min")
        store.cut_off_after(7)
        assert settings_of(store) == ("7s", "14s")
        store.cut_off_after(9)
        assert settings_of(store) == ("9s", "18s")
        assert store.articles.count() == 2
        assert settings_of(store) == ("9s", "18s")
