"""Runs a real cluster for a command: `python tests/opensearch/nodes.py COUNT -- COMMAND...`.

Every node is a process of its own, so that a test can kill one. What the command needs to know
stands in its environment: JARSHY_OPENSEARCH_URL, and JARSHY_TEST_CLUSTER, the folder of the
nodes with one file `<number>.pid` each.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
PATIENCE = 240.0
MEMORY = "700m"


def class_path(folder: Path) -> str:
    """The jars that Maven has fetched, or fetches now."""
    told = folder / "class-path"
    if not told.exists():
        command = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:build-classpath"]
        subprocess.run([*command, f"-Dmdep.outputFile={told}"], check=True)
    return told.read_text("utf-8").strip()


def free_ports(count: int = 5) -> int:
    """The first of some ports in a row, and of as many a hundred above, that nobody listens on."""
    for first in range(19_400, 29_000, 200):
        ports = [first + more + number for more in (0, 100) for number in range(count)]
        if all(_free(port) for port in ports):
            return first
    raise RuntimeError("no free ports")


def _free(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) != 0


class Nodes:
    """The nodes of one cluster, numbered from 1."""

    def __init__(self, folder: Path, founders: int, first_port: int) -> None:
        self.folder = folder
        self.founders = founders
        self.first_port = first_port
        self._mine: dict[int, subprocess.Popen[bytes]] = {}

    @classmethod
    def running(cls) -> Nodes:
        """The cluster that this command was started with."""
        folder = Path(os.environ["JARSHY_TEST_CLUSTER"])
        return cls(folder, **json.loads((folder / "about.json").read_text()))

    def urls(self, count: int = 3) -> str:
        """The addresses of the nodes."""
        return ",".join(f"http://127.0.0.1:{self.first_port + one}" for one in range(count))

    def start(self, number: int) -> None:
        """Start a node; it joins the others by itself."""
        told = [str(self.folder / f"node-{number}"), str(number), str(self.first_port)]
        java = ["java", f"-Xms{MEMORY}", f"-Xmx{MEMORY}", "-cp", class_path(self.folder)]
        with (self.folder / f"{number}.log").open("ab") as log:
            process = subprocess.Popen(
                [*java, str(HERE / "Node.java"), *told, str(self.founders)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
            )
        (self.folder / f"{number}.pid").write_text(str(process.pid))
        self._mine[number] = process

    def kill(self, number: int) -> None:
        """End a node at once, as a power cut would."""
        path = self.folder / f"{number}.pid"
        if path.exists():
            os.kill(int(path.read_text()), signal.SIGKILL)
            path.unlink()
        if number in self._mine:
            self._mine.pop(number).wait()

    def wait(self, count: int) -> None:
        """Wait until so many nodes are together and every shard has its copies."""
        until = time.monotonic() + PATIENCE
        asked = f"wait_for_nodes=%3E%3D{count}&wait_for_status=green&timeout=5s"
        while time.monotonic() < until:
            for number in range(5):
                url = f"http://127.0.0.1:{self.first_port + number}/_cluster/health?{asked}"
                try:
                    with urllib.request.urlopen(url, timeout=10) as answer:
                        if not json.load(answer)["timed_out"]:
                            return
                except (OSError, ValueError):
                    continue
            time.sleep(0.5)
        raise TimeoutError(f"no cluster of {count} nodes; see {self.folder}/*.log")

    def end(self) -> None:
        """End all nodes."""
        for path in list(self.folder.glob("*.pid")):
            self.kill(int(path.stem))


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the nodes end with us
    count, command = int(sys.argv[1]), sys.argv[3:]
    with tempfile.TemporaryDirectory(prefix="jarshy-cluster-") as temporary:
        nodes = Nodes(Path(temporary), count, free_ports())
        about = {"founders": count, "first_port": nodes.first_port}
        (nodes.folder / "about.json").write_text(json.dumps(about))
        try:
            class_path(nodes.folder)
            for number in range(1, count + 1):
                nodes.start(number)
            nodes.wait(count)
            told = {"JARSHY_TEST_CLUSTER": temporary, "JARSHY_OPENSEARCH_URL": nodes.urls()}
            return subprocess.run(command, env=os.environ | told).returncode
        finally:
            nodes.end()
            time.sleep(0.5)  # until the killed have let go of their files


if __name__ == "__main__":
    sys.exit(main())
