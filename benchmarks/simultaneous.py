"""Start `jarshy run` twice at once, again and again: one works, the other ends with 75.

    python benchmarks/simultaneous.py [--rounds 100]

Each round two commands are started at the same moment in one data folder, on a site that answers
slowly. Exactly one must end with exit code 75, in under a second of its own; the other is killed
with SIGKILL, and the lock must be free at once: the next round needs it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE = 'url = "http://127.0.0.1:9/"\nname.kk = "Сынақ"\nallow_private_addresses = true\n'


def start(folder: Path) -> tuple[subprocess.Popen[bytes], float]:
    options = ["--data", folder / "data", "--config", folder / "config"]
    told = [sys.executable, ROOT / "jarshy.py", *options, "run"]
    return subprocess.Popen(told, cwd=ROOT, stderr=subprocess.DEVNULL), time.monotonic()


def raced(folder: Path) -> tuple[int, float, int]:
    """How many of two runs were refused, after how many seconds; the loser's exit code."""
    runs = [start(folder), start(folder)]
    ended: list[tuple[int, float]] = []
    deadline = time.monotonic() + 20
    while not ended and time.monotonic() < deadline:
        for running, begun in runs:
            if running.poll() is not None:
                ended.append((running.returncode, time.monotonic() - begun))
        time.sleep(0.002)
    for running, _ in runs:
        running.kill()
        running.wait(10)
    code, took = ended[0] if ended else (-1, 99.0)
    return len(ended), took, code


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    told = parser.parse_args()
    times, wrong = [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config" / "sites").mkdir(parents=True)
        (folder / "config" / "sites" / "test.toml").write_text(SITE, "utf-8")
        for _ in range(told.rounds):
            refused, took, code = raced(folder)
            times.append(took)
            wrong += refused != 1 or code != 75
    result = {
        "rounds": told.rounds,
        "not one winner and one 75": wrong,
        "seconds to 75, median": round(statistics.median(times), 3),
        "most": round(max(times), 3),
        "of a second or more": sum(one >= 1 for one in times),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
