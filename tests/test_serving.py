"""The server of several processes: all answer, a dead one is replaced, all end together."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from searchui.processes import Connections, can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system cannot fork")

# An application that tells which process answers.
PROGRAM = """
import os
from flask import Flask
from searchui.serving import serve
app = Flask("numbers")
app.get("/")(lambda: str(os.getpid()))
serve(app, "127.0.0.1", 0, lambda address: print(address, flush=True), processes=2)
"""


PATIENCE = 120.0  # seconds; how long things take on a busy machine is not what is tested


class Server:
    """A server in a process of its own, with two processes below it."""

    def __init__(self, *command: str) -> None:
        self.first = subprocess.Popen(
            [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self.first.stdout is not None
        line = self.first.stdout.readline()
        self.address = line.split("http://")[1].split("/")[0]

    def ask(self, path: str = "/") -> tuple[http.client.HTTPConnection, str]:
        """One answer over a new connection, which stays open."""
        connection = http.client.HTTPConnection(self.address, timeout=PATIENCE)
        connection.request("GET", path)
        return connection, connection.getresponse().read().decode()

    def answering(self, count: int = 8) -> list[int]:
        """The processes that answer so many connections, all open at once."""
        asked = [self.ask() for _ in range(count)]
        for connection, _ in asked:
            connection.close()
        return [int(answer) for _, answer in asked]


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server("-c", PROGRAM)
    yield found
    found.first.kill()
    found.first.communicate()


def eventually(is_so: Callable[[], bool], within: float = PATIENCE) -> bool:
    """Whether something comes true in time."""
    last = time.monotonic() + within
    while time.monotonic() < last:
        if is_so():
            return True
        time.sleep(0.05)
    return False


def is_gone(process: int) -> bool:
    """Whether a process has ended; one that nobody has waited for has, too."""
    try:
        return Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_connections_are_shared_out_evenly(server: Server) -> None:
    assert eventually(lambda: len(set(server.answering())) == 2)

    def shared_out() -> bool:
        numbers = server.answering(8)
        assert server.first.pid not in numbers
        return sorted(map(numbers.count, set(numbers))) in ([2, 6], [3, 5], [4, 4])

    # On a busy machine the system may give one of them no time for a while.
    assert sum(shared_out() for _ in range(15)) >= 3


def test_a_process_that_dies_is_replaced(server: Server) -> None:
    assert eventually(lambda: len(set(server.answering())) == 2)
    one, other = set(server.answering())
    os.kill(one, signal.SIGKILL)
    assert eventually(lambda: len(set(server.answering()) - {one}) == 2)
    assert one not in server.answering()
    assert eventually(lambda: other in server.answering())


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_all_processes_end_when_told(server: Server, told: signal.Signals) -> None:
    assert eventually(lambda: len(set(server.answering())) == 2)
    processes = set(server.answering())
    server.first.send_signal(told)
    assert server.first.wait(timeout=PATIENCE) == 0
    assert all(map(is_gone, processes))
    with pytest.raises(OSError, match="refused"):
        server.ask()


def test_no_process_outlives_the_first(server: Server) -> None:
    assert eventually(lambda: len(set(server.answering())) == 2)
    processes = set(server.answering())
    server.first.kill()
    assert eventually(lambda: all(map(is_gone, processes)))


def test_the_command_serves_with_several_processes(tmp_path: Path) -> None:
    command = ("jarshy.py", "--data", str(tmp_path), "serve", "--port", "0", "--processes", "2")
    found = Server(str(Path(__file__).parent.parent / command[0]), *command[1:])
    try:
        connection, page = found.ask("/")
        connection.close()
        assert '<html lang="kk"' in page
    finally:
        found.first.terminate()
        assert found.first.wait(timeout=PATIENCE) == 0
        found.first.communicate()


def test_the_process_with_more_connections_is_the_busier() -> None:
    connections = Connections(2)
    assert not connections.is_busier(0)
    connections.note(0, 3)
    connections.note(1, 2)
    assert connections.is_busier(0)
    assert not connections.is_busier(1)
