"""Run the benchmarks and keep what they print: `python -m benchmarks [NAME ...] [--write]`.

Each is a program of its own whose output becomes a section of RESULTS.md, with the date and the
machine. Those that need reference data say so and are left out without it (JARSHY_REFERENCE
names its folder). Speeds are medians and ratios beside a reference in the same run.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
REFERENCE = Path(os.environ.get("JARSHY_REFERENCE", ROOT.parent / "shared"))
# Name -> arguments; {reference} marks what needs the reference data.
PROGRAMS: dict[str, tuple[str, ...]] = {
    "cleaning": ("cleaning.py", "--news", "{reference}/eval/news"),
    "hostile": ("hostile.py",),
    "stems": ("stems.py", "honest", "{reference}/eval"),
    "stems-shipped": ("stems.py", "score", "{reference}/eval"),
    "rewriting": ("rewriting.py", "{reference}/eval"),
    "events": ("events.py", "--all"),
    "search": ("search.py", "{reference}/eval"),
    "crawling": ("crawling.py",),
    "kills": ("kills.py",),
    "workers": ("workers.py", "--budget", "10"),
    "simultaneous": ("simultaneous.py",),
    "pages": ("pages.py",),
    "store": ("store.py",),
}


def machine() -> str:
    """Cores, memory, Python: what a figure depends on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB, Python {platform.python_version()}"


def measured(name: str) -> str | None:
    """The output of one benchmark; None when it can't be run here."""
    told = PROGRAMS[name]
    if not (ROOT / "benchmarks" / told[0]).exists():
        return None
    if any("{reference}" in part for part in told) and not REFERENCE.exists():
        print(f"{name}: no reference data, left out (set JARSHY_REFERENCE)", file=sys.stderr)
        return None
    arguments = [part.format(reference=REFERENCE) for part in told[1:]]
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / told[0], *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        raise SystemExit(f"{name} failed with exit code {done.returncode}")
    return done.stdout.rstrip()


def section(name: str, printed: str) -> str:
    """One section of the results."""
    day = datetime.now(UTC).date()
    return f"## {name}\n\n{day}, {machine()}\n\n```\n{printed}\n```\n"


def keep(name: str, text: str) -> None:
    """Put a section into RESULTS.md in place of the one of that name."""
    told = RESULTS.read_text("utf-8") if RESULTS.exists() else "# Results of the benchmarks\n"
    old = re.compile(rf"^## {re.escape(name)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if old.search(told):
        told = old.sub(lambda _: text + "\n", told)
    else:
        told = f"{told.rstrip()}\n\n{text}"
    RESULTS.write_text(told.rstrip() + "\n", "utf-8")


def main() -> None:
    """Run the named benchmarks, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name", nargs="*", choices=[*PROGRAMS, []], help="which; all by default")
    parser.add_argument("--write", action="store_true", help="keep the results in RESULTS.md")
    told = parser.parse_args()
    for name in told.name or PROGRAMS:
        printed = measured(name)
        if printed is None:
            continue
        text = section(name, printed)
        print(text)
        if told.write:
            keep(name, text)


if __name__ == "__main__":
    main()
