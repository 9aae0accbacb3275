"""Threads that ask at once are answered one after the other, in the order in which they came."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

from indexer.turns import Turns

MOST = 5.0  # seconds


def _started(turns: Turns, number: int, told: list[int]) -> threading.Thread:
    def work() -> None:
        with turns:
            told.append(number)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    last = time.monotonic() + MOST
    while len(turns) <= number and not told and time.monotonic() < last:
        time.sleep(0.001)
    return thread


def test_threads_get_their_turns_in_order() -> None:
    turns, told = Turns(), list[int]()
    with turns:
        threads = [_started(turns, number, told) for number in range(6)]
        assert told == []
    for thread in threads:
        thread.join(MOST)
    assert told == list(range(6))


def test_an_error_hands_the_turn_on() -> None:
    turns = Turns()
    for _ in range(2):
        with suppress(ValueError), turns:
            raise ValueError
    with turns:
        assert len(turns) == 0


def test_never_two_at_once() -> None:
    turns, inside, most = Turns(), [0], [0]

    def work() -> None:
        for _ in range(50):
            with turns:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0)
                inside[0] -= 1

    threads = [threading.Thread(target=work, daemon=True) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(MOST)
    assert not any(thread.is_alive() for thread in threads)
    assert most == [1]
