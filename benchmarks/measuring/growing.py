"""A larger index of the embedded engine made of copies of a smaller one's segments.

Writing the segments of a million articles takes two cores ten minutes and tells nothing that those
of 200,000 don't: every process writes its 10,000 by themselves. What the size changes is the search,
the commit and the opening, and for those the copies do: other numbers and days, the same words.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from indexer.engines.arrays import read_arrays
from indexer.engines.layout import Made
from indexer.engines.protocol import Part
from indexer.engines.whoosh.engine import _write
from indexer.place import current_folder
from measuring import busy
from measuring.feeding import committed, started
from measuring.rows import SHIFT


def grow(data: Path, small: Path, rows: Path, count: int) -> str:
    """Make an index of `count` articles in `data` of the one in `small`; what to tell."""
    folder = started(data, rows)
    paths = sorted(current_folder(small).glob("MAIN_*.arrays"))
    parts: list[Part] = []
    size = 0  # of the smaller index
    for copy in range(count):
        for path in paths:
            arrays, told = read_arrays(path)
            ids = arrays["ids"] + copy * size
            days = np.int32(SHIFT * copy)
            moved = {
                "ids": ids,
                "sequences": ids,
                "first_days": arrays["first_days"] - days,
                "last_days": arrays["last_days"] - days,
            }
            parts.append(_write(folder, Made({**arrays, **moved}, told)))
        size = size or sum(len(part.ids) for part in parts)
        if (copy + 1) * size >= count:
            break
    begun = time.perf_counter()
    committed(data, folder, parts, count)
    return f"{len(parts)} segments, {time.perf_counter() - begun:.0f} s to commit ({busy.load()})"
