"""Joining dictionaries: streamed, and by files of like size.

A file is joined with others about as large as itself, so a term is written again as often as the
collection doubles, not with every update (tiers, as of a log-structured merge tree: O'Neil and
others, 1996). Memory holds some terms of each file, however large they are.
"""

from __future__ import annotations

import secrets
import tempfile
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import numpy as np

from indexer.engines.arrays import Array, read_arrays, write_streams
from indexer.engines.opensearch.dictionary import COUNT, FIELDS, file_name, type_of_ends
from indexer.engines.syncing import sync
from indexer.engines.terms import Terms

JOIN_FROM = 8
IN_MEMORY = 200_000  # terms of all files together; some 40 MB


def tidied(folder: Path, names: Sequence[str]) -> tuple[str, ...]:
    """Join dictionaries of a folder when there are many; the names of those there are then."""
    sizes = {name: (folder / name).stat().st_size for name in names}
    old = to_join(sizes)
    if not old:
        return tuple(names)
    made = file_name(secrets.token_hex(8))
    join([folder / name for name in old], folder / made)
    sync(folder / made)
    return (*(name for name in names if name not in old), made)


def to_join(sizes: Mapping[str, int]) -> set[str]:
    """Which of so many files of these sizes to make one: the smallest, while others are as small.

    Half of those allowed at least, so that there is room again for a while.
    """
    if len(sizes) < JOIN_FROM:
        return set()
    chosen: set[str] = set()
    total = 0
    for name in sorted(sizes, key=lambda one: (sizes[one], one)):
        if len(chosen) >= JOIN_FROM // 2 and sizes[name] > total:
            break
        chosen.add(name)
        total += sizes[name]
    return chosen


def join(paths: Sequence[Path], path: Path) -> None:
    """Write the sum of several dictionaries as a new one; what adds up to 0 is left out."""
    files = [read_arrays(one)[0] for one in paths]
    with ExitStack() as stack:
        streams: dict[str, tuple[np.dtype[np.generic], BinaryIO]] = {}
        for name in FIELDS:
            kind = type_of_ends(sum(one[f"{name}.terms"].nbytes for one in files))
            types = {"terms": np.dtype(np.uint8), "ends": kind, "counts": COUNT}
            spools = {
                part: stack.enter_context(tempfile.TemporaryFile(dir=path.parent)) for part in types
            }
            _spool(_sums([_Terms(one, name) for one in files]), types, spools)
            streams |= {f"{name}.{part}": (types[part], spools[part]) for part in types}
        write_streams(path, streams)


class _Terms:
    """The terms of a field of one file and their counts, read so many at a time."""

    def __init__(self, arrays: Mapping[str, Array], name: str) -> None:
        self._terms = Terms(arrays[f"{name}.terms"], arrays[f"{name}.ends"])
        self._counts = arrays[f"{name}.counts"]
        self._next = 0
        self.texts: list[str] = []
        self.counts: list[int] = []

    @property
    def has_more(self) -> bool:
        """Whether there are terms after those in memory."""
        return self._next < len(self._terms)

    def fill(self, many: int) -> None:
        """Have terms in memory, if there are any left."""
        if not self.texts and self.has_more:
            last = min(self._next + many, len(self._terms))
            self.texts = self._terms.texts(self._next, last)
            self.counts = self._counts[self._next : last].tolist()
            self._next = last

    def take(self, upto: str | None) -> dict[str, int]:
        """Those in memory up to a term (all for None), and no longer there then."""
        end = len(self.texts) if upto is None else bisect_right(self.texts, upto)
        taken = dict(zip(self.texts[:end], self.counts[:end], strict=True))
        del self.texts[:end], self.counts[:end]
        return taken


def _sums(files: Sequence[_Terms]) -> Iterator[list[tuple[str, int]]]:
    """The terms of all files in order with the sums of their counts, in stretches."""
    many = max(IN_MEMORY // len(files), 1)
    while True:
        for one in files:
            one.fill(many)
        if not any(one.texts for one in files):
            return
        # Beyond the first of these, a file may have more of the terms than are in memory.
        upto = min((one.texts[-1] for one in files if one.has_more), default=None)
        total: Counter[str] = Counter()
        for one in files:
            total.update(one.take(upto))
        yield sorted((term, count) for term, count in total.items() if count)


def _spool(
    sums: Iterator[list[tuple[str, int]]],
    types: Mapping[str, np.dtype[np.generic]],
    spools: Mapping[str, BinaryIO],
) -> None:
    end = 0
    for stretch in sums:
        terms = [term.encode() for term, _ in stretch]
        lengths = np.array([len(term) for term in terms], np.int64)
        ends = end + np.cumsum(lengths)
        counts = np.array([count for _, count in stretch], types["counts"])
        spools["terms"].write(b"".join(terms))
        spools["ends"].write(ends.astype(types["ends"]).tobytes())
        spools["counts"].write(counts.tobytes())
        end += int(lengths.sum())
