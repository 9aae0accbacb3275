"""The first word of a command must not cost much memory (its time is in the benchmarks)."""

from __future__ import annotations

import subprocess
import sys

# The high-water mark of this very program: getrusage would tell its parent's.
FIRST_WORD = """
from pathlib import Path
from indexer.analysis import default_analyzer
analyzer = default_analyzer()
analyzer.expansions(analyzer.query_tokens("китапхана көрмесінде өтті"))
status = Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""


def test_the_first_word_is_read_in_little_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_WORD], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 80 * 1024
