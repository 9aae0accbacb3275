"""A real PostgreSQL for tests: Debian's programs, with a folder and a port of its own."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

PATIENCE = 30.0
ROLE, PASSWORD = "jarshy", "kilt-sozi"
SETTINGS = {"max_connections": "40", "shared_buffers": "32MB", "autovacuum": "off"}
CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs; None where there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = debian[-1] if debian else shutil.which("initdb")
    return Path(found).parent if found else None


class PostgresServer:
    """A server behind a socket and a port; a careful one loses nothing when it is killed."""

    def __init__(self, folder: Path, port: int, careful: bool) -> None:
        self.folder = folder
        self.port = port
        self._settings = {**SETTINGS, **({} if careful else CARELESS)}
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0

    def url(self, name: str) -> str:
        """The address of a database over the socket, without a password."""
        return f"postgresql+psycopg://{ROLE}@/{name}?host={self.folder}&port={self.port}"

    def network_url(self, name: str, role: str = ROLE, password: str = PASSWORD) -> str:
        """The address of a database over the network, which asks for the password."""
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{name}"

    def fresh(self, more: str = "") -> str:
        """The name of a new, empty database; `more` of how to make it, in SQL."""
        self._made += 1
        name = f"store{self._made}"
        self.tell(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE template0 {more}")
        return name

    def tell(self, command: str, name: str = "postgres") -> list[tuple[object, ...]]:
        """Give a command as the superuser; what it answers."""
        where = {"host": str(self.folder), "port": self.port, "user": "admin", "dbname": name}
        with psycopg.connect(**where, autocommit=True) as connection:  # type: ignore[arg-type]
            cursor = connection.execute(command.encode())
            return cursor.fetchall() if cursor.description else []

    def make(self) -> None:
        """Make the server's files, its superuser and the role of the store."""
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        how = ["--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={secret}"]
        where = ["-D", self.folder / "data", "-U", "admin", "-E", "UTF8", "--locale=C.UTF-8"]
        if _user() is not None:
            for path in (self.folder, secret):
                shutil.chown(path, _user())
        done = subprocess.run(
            [_program("initdb"), *where, *how, "--no-sync"],
            user=_user(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        self.start()
        self.tell(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{PASSWORD}'")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        places = {"unix_socket_directories": self.folder, "listen_addresses": "127.0.0.1"}
        told = {**self._settings, **places, "port": self.port}
        options = [part for name, value in told.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [_program("postgres"), "-D", self.folder / "data", *options],
                user=_user(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.tell("SELECT 1")
                return
            except psycopg.OperationalError:
                told_log = (self.folder / "log").read_text("utf-8", "replace")[-2000:]
                assert self._process.poll() is None, told_log
                assert time.monotonic() < deadline, told_log
                time.sleep(0.05)

    def kill(self) -> None:
        """End the server and all its processes with SIGKILL, as a power cut does."""
        assert self._process is not None
        pids = [*_children(self._process.pid), self._process.pid]
        for pid in reversed(pids):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(PATIENCE)

    def stop(self) -> None:
        """End the server without ado."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(PATIENCE)


@contextmanager
def running_postgres(careful: bool = False) -> Iterator[PostgresServer]:
    """A server with the role `jarshy` and no database; all of it is gone afterwards."""
    # A socket must have a path of less than 108 bytes, so no folder of pytest's.
    with tempfile.TemporaryDirectory(prefix="jarshy-pg-", ignore_cleanup_errors=True) as name:
        server = PostgresServer(Path(name), free_port(), careful)
        try:
            server.make()
            yield server
        finally:
            server.stop()


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _program(name: str) -> Path:
    folder = programs()
    assert folder is not None
    return folder / name


def _user() -> str | None:
    """As whom the server runs: PostgreSQL refuses root."""
    if os.getuid() != 0:
        return None
    known = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _children(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.parent.name))
    return found
