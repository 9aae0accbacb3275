"""Starts a cluster, runs a command with it and ends all of it, however the command ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import secured
from nodes import HERE, MOST, About, ClusterError, Nodes, bound, ending

USAGE, UNAVAILABLE, INTERRUPTED = 2, 69, 130  # as in sysexits.h, and as shells tell of Ctrl-C
PREFIX = "jarshy-cluster-"
NODE_MEMORY = 1.1  # GB that a node takes of the machine, with what Java has beside its heap
BESIDE = 1.0  # GB for the tests
TRIES = 3
MAVEN = (
    "mvn -q -B -Dmaven.wagon.rto=60000"
    " -Dmaven.wagon.http.retryHandler.count=3 -Daether.connector.requestTimeout=60000"
)


def main(told: list[str]) -> int:
    """Run `COUNT [--tls] -- COMMAND...`; the command's exit code, or 69 without a cluster."""
    tls = told[1:2] == ["--tls"]
    command = told[3 if tls else 2 :]
    if not command or not told[0].isdecimal() or told[2 if tls else 1] != "--":
        print("nodes.py COUNT [--tls] -- COMMAND...", file=sys.stderr)
        return USAGE
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda one, _: sys.exit(128 + one))  # so that the nodes end with us
    try:
        enough_memory(int(told[0]))
        with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as temporary:
            return with_cluster(Path(temporary), int(told[0]), command, tls)
    except ClusterError as error:
        print(f"No OpenSearch cluster for the tests: {error}", file=sys.stderr)
        return UNAVAILABLE
    except KeyboardInterrupt:
        return INTERRUPTED


def with_cluster(folder: Path, count: int, command: list[str], tls: bool = False) -> int:
    """Run the command; what went wrong on the nodes is told if it fails."""
    sweep(folder)
    fetch(folder)
    if tls:
        fetch_plugin(folder)
    with started(folder, count, tls) as nodes:
        code = subprocess.run(bound(command), env=os.environ | nodes.environment()).returncode
        for number, how in nodes.away().items():
            print(f"node {number} has ended by itself ({ending(how)})", file=sys.stderr)
        for path in sorted(folder.glob("*.log")) if code else ():
            print(f"node {path.stem}:\n{nodes.log(int(path.stem))}", file=sys.stderr)
    return code if code >= 0 else 128 - code


@contextmanager
def started(folder: Path, count: int, tls: bool = False) -> Iterator[Nodes]:
    """So many nodes, on other ports if somebody else was quicker; they end with the block."""
    for left in reversed(range(TRIES)):
        name, password = f"jarshy-tests-{os.getpid()}", token_hex(16) if tls else ""
        about = About(name, count, free_ports(), os.getpid(), password)
        nodes = Nodes.new(folder, about)
        try:
            for number in range(1, count + 1):
                nodes.start(number)
            nodes.wait(count)
            yield nodes
            return
        except ClusterError as error:
            if not left or "Address already in use" not in str(error):
                raise
        finally:
            nodes.end()


def fetch(folder: Path) -> None:
    """Have Maven write which jars make OpenSearch; it fetches those that it doesn't have yet."""
    maven(["-C", "dependency:build-classpath", f"-Dmdep.outputFile={folder / 'class-path'}"])


def fetch_plugin(folder: Path) -> None:
    """Add the security plugin to the class path."""
    plugin, path = folder / "plugin", folder / "class-path"
    maven(["dependency:copy", f"-DoutputDirectory={plugin}"])
    try:
        path.write_text(secured.unpack(plugin, path.read_text().strip()))
    except secured.DamagedError as error:
        raise ClusterError(str(error)) from None


def maven(told: list[str]) -> None:
    """Run Maven, again when the line was bad; ClusterError when it can't be done."""
    if shutil.which("mvn") is None or shutil.which("javac") is None:
        raise ClusterError("Maven or Java's compiler is missing (Debian: maven, default-jdk)")
    command = [*MAVEN.split(), "-f", str(HERE / "pom.xml"), *told]
    for left in reversed(range(TRIES)):
        code = subprocess.run(command).returncode
        if code == 0:
            return
        if left:
            print(f"Maven ended with {ending(code)}; once more in 10 s", file=sys.stderr)
            time.sleep(10)
    raise ClusterError(
        "Maven could not fetch it, see above. It needs Maven Central (115 MB, once);"
        " a mirror or a proxy is named in ~/.m2/settings.xml"
    )


def enough_memory(count: int) -> None:
    """Refuse a machine that could only fail in the middle: one node more joins for a while."""
    path = Path("/proc/meminfo")
    if not path.exists():
        return
    lines = dict(line.split(":", 1) for line in path.read_text().splitlines())
    free = int(lines["MemAvailable"].split()[0]) / 1e6
    needed = (count + 1) * NODE_MEMORY + BESIDE
    if free < needed:
        raise ClusterError(f"it takes {needed:.1f} GB of memory, {free:.1f} GB are free")


def free_ports() -> int:
    """The first of some ports in a row, and of as many a hundred above, that can be had."""
    begin = os.getpid() % 40  # several clusters that start at once don't try the same
    for number in range(40):
        first = 19_400 + (begin + number) % 40 * 200
        if all(_free(first + more + one) for more in (0, 100) for one in range(MOST)):
            return first
    raise ClusterError("no free ports from 19400 to 27400")


def _free(port: int) -> bool:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def sweep(own: Path) -> None:
    """Remove what a run left that was killed before it could do so itself."""
    for path in own.parent.glob(f"{PREFIX}*/about.json"):
        try:
            about = About(**json.loads(path.read_text()))
        except (OSError, ValueError, TypeError):
            continue
        if path.parent != own and not Path(f"/proc/{about.owner}").exists():
            Nodes(path.parent, about).end()
            shutil.rmtree(path.parent, ignore_errors=True)
