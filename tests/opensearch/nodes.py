"""Runs a real cluster for a command: `python tests/opensearch/nodes.py COUNT [--tls] -- COMMAND...`.

Every node is a process of its own, so that a test can kill one. What the command needs to know
stands in its environment: JARSHY_OPENSEARCH_URL, and JARSHY_TEST_CLUSTER, the folder of the
nodes with one file `<number>.pid` each. How it is started and ended is in `with_cluster.py`. With
--tls the nodes have the security plugin and what compose.yaml gives them (`secured.py`), and the
environment has USER, PASSWORD and CA too.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path

import secured

HERE = Path(__file__).parent
MOST = 5
PATIENCE = 240.0
MEMORY = "700m"
OPTIONS = (f"-Xms{MEMORY}", f"-Xmx{MEMORY}", "-XX:+ExitOnOutOfMemoryError")
# The kernel ends a child when its parent dies, in whatever way; setpriv is in Debian's util-linux.
BOUND = ("setpriv", "--pdeathsig", "KILL")


class ClusterError(Exception):
    """The cluster is not to be had; the message says why."""


@dataclass(frozen=True, slots=True)
class About:
    """What the processes that use a cluster know of it; `owner` is the process that ends it.

    With a `password` the cluster has TLS, and one user.
    """

    name: str
    founders: int
    first_port: int
    owner: int
    password: str = ""


def bound(command: list[str]) -> list[str]:
    """The command, to be ended with the process that starts it where the system can do so."""
    return [*BOUND, *command] if shutil.which(BOUND[0]) else command


class Nodes:
    """The nodes of one cluster, numbered from 1; of those below some may be away."""

    def __init__(self, folder: Path, about: About) -> None:
        self.folder = folder
        self.about = about
        self._mine: dict[int, subprocess.Popen[bytes]] = {}

    @classmethod
    def running(cls) -> Nodes:
        """The cluster that this command was started with."""
        folder = Path(os.environ["JARSHY_TEST_CLUSTER"])
        return cls(folder, About(**json.loads((folder / "about.json").read_text())))

    @classmethod
    def new(cls, folder: Path, about: About) -> Nodes:
        """A cluster none of whose nodes is there yet."""
        (folder / "about.json").write_text(json.dumps(asdict(about)))
        if about.password:
            homes = {f"search{one}": folder / f"node-{one}/node_1" for one in range(1, MOST + 1)}
            secured.prepare(folder, homes)
        return cls(folder, about)

    def urls(self, count: int = 3) -> str:
        """The addresses of the nodes."""
        scheme = "https" if self.about.password else "http"
        first = self.about.first_port
        return ",".join(f"{scheme}://127.0.0.1:{first + one}" for one in range(count))

    def environment(self) -> dict[str, str]:
        """What Jarshy has to be told."""
        told = {"JARSHY_TEST_CLUSTER": str(self.folder), "JARSHY_OPENSEARCH_URL": self.urls()}
        if self.about.password:
            told["JARSHY_OPENSEARCH_CA"] = str(self.folder / secured.CA)
            told["JARSHY_OPENSEARCH_USER"] = secured.USER
            told["JARSHY_OPENSEARCH_PASSWORD"] = self.about.password
        return told

    def start(self, number: int) -> None:
        """Start a node; it joins the others by itself and ends with the calling process."""
        about, path = self.about, (self.folder / "class-path").read_text().strip()
        told = [number, about.first_port, about.founders, about.name]
        how = ["-Djarshy.secured=true"] if about.password else []
        java = ["java", *OPTIONS, *how, f"-Djava.io.tmpdir={self.folder}", "-cp", path]
        around = os.environ | {"JARSHY_OPENSEARCH_PASSWORD": about.password}
        command = [*java, str(HERE / "Node.java"), str(self.folder), *map(str, told)]
        with (self.folder / f"{number}.log").open("ab") as log:
            process = subprocess.Popen(
                bound(command),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
                env=around,
            )
        (self.folder / f"{number}.pid").write_text(str(process.pid))
        self._mine[number] = process

    def kill(self, number: int) -> None:
        """End a node at once, as a power cut would; does nothing to one that is away."""
        path = self.folder / f"{number}.pid"
        if path.exists():
            pid = int(path.read_text())
            if self.is_node(pid):
                os.kill(pid, signal.SIGKILL)
            path.unlink()
            while self.is_node(pid):
                time.sleep(0.05)
        if number in self._mine:
            self._mine.pop(number).wait()

    def has(self, number: int) -> bool:
        """Whether a node's process is there."""
        pid = self._named(number)
        return pid is not None and self.is_node(pid)

    def is_node(self, pid: int) -> bool:
        """Whether the process is there, and a node of this cluster: numbers are used again."""
        try:
            told = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
        return str(self.folder).encode() in told

    def away(self) -> dict[int, int]:
        """Nodes that this process has started and that ended by themselves: number, exit code."""
        codes = {number: one.poll() for number, one in self._mine.items()}
        ended = {number: code for number, code in codes.items() if code is not None}
        return {n: code for n, code in ended.items() if self._named(n) == self._mine[n].pid}

    def _named(self, number: int) -> int | None:
        path = self.folder / f"{number}.pid"
        return int(path.read_text()) if path.exists() else None

    def wait(self, count: int) -> None:
        """Wait until just so many nodes are together and every shard has its copies."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for number, code in self.away().items():
                raise ClusterError(f"node {number} has ended ({ending(code)}):\n{self.log(number)}")
            if self._healthy(count):
                return
            time.sleep(0.5)
        logs = "\n".join(f"node {n}:\n{self.log(n)}" for n in range(1, count + 1))
        raise ClusterError(f"no green cluster of {count} nodes in {PATIENCE:.0f} s\n{logs}")

    def _healthy(self, count: int) -> bool:
        asked = f"wait_for_nodes={count}&wait_for_status=green&timeout=5s"
        for url in self.urls(MOST).split(","):
            try:
                health = json.loads(self._ask("GET", f"{url}/_cluster/health?{asked}", 10))
            except (OSError, ValueError):
                continue
            if health["cluster_name"] == self.about.name and not health["timed_out"]:
                return True
        return False

    def empty(self) -> None:
        """Drop what tests have left, so that later ones don't wait for the copies of all that."""
        for url in self.urls().split(","):
            try:
                self._ask("DELETE", f"{url}/jarshy*", 60)
            except OSError:
                continue
            return
        raise ClusterError("no node drops the tests' indices")

    def _ask(self, method: str, url: str, timeout: float) -> bytes:
        headers = secured.credentials(self.about.password) if self.about.password else {}
        context = secured.trusting(self.folder) if self.about.password else None
        asked = urllib.request.Request(url, method=method, headers=headers)
        with urllib.request.urlopen(asked, timeout=timeout, context=context) as told:
            return bytes(told.read())

    def log(self, number: int, lines: int = 12) -> str:
        """The end of what a node has written, without the places in Java's code."""
        path = self.folder / f"{number}.log"
        told = path.read_text("utf-8", "replace").splitlines() if path.exists() else []
        plain = [line for line in told if "\tat " not in line and line.strip()]
        return "\n".join(f"  {line[:300]}" for line in plain[-lines:])

    def end_own(self) -> None:
        """End the nodes that this process has started."""
        for number in list(self._mine):
            self.kill(number)

    def end(self) -> None:
        """End all nodes, whoever has started them."""
        for path in list(self.folder.glob("*.pid")):
            self.kill(int(path.stem))


def ending(code: int) -> str:
    """What an exit code means."""
    if code == -signal.SIGKILL:
        return "killed: out of memory?"
    return f"signal {-code}" if code < 0 else f"exit code {code}"


if __name__ == "__main__":
    from with_cluster import main

    sys.exit(main(sys.argv[1:]))
