"""An index made of rows that stand ready, by the engine's own code in two processes."""

from __future__ import annotations

import gc
import pickle
import resource
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from indexer.build import _Work
from indexer.engines.choice import engine_named
from indexer.engines.protocol import Part
from indexer.place import current_folder, fresh_folder, index_root, use_folder
from indexer.rows import Row
from indexer.workers import analyzer_in
from measuring import busy
from measuring.rows import LEARNED, PIECE, PROCESSES, moved_rows

Piece = tuple[int, int]  # its number, and the number of the share of it
PARTS = "parts.pickle"  # what stands on the disk or the cluster already, so that one can go on


@dataclass(frozen=True, slots=True)
class Fed:
    """A piece that was written: its part, seconds, megabytes at most.

    Seconds of the clock in all, of processor time in all, and of processor time to read the rows.
    """

    part: Part
    seconds: float
    busy: float
    reading: float
    memory: int


@dataclass(slots=True)
class Progress:
    """What was written so far: the pieces, and seconds of the clock and of the cluster."""

    done: dict[Piece, Fed] = field(default_factory=dict)
    seconds: float = 0.0
    cluster: float = 0.0


def feed(data: Path, rows: Path, count: int, seconds: float) -> str:
    """Go on with an index of so many rows, for at most so long; what to tell."""
    folder = started(data, rows)
    path = folder.parent / PARTS
    now = pickle.loads(path.read_bytes()) if path.exists() else Progress()
    shares = PROCESSES if count < PROCESSES * PIECE else 1  # of a piece
    every = [(piece, share) for piece in range(count // PIECE) for share in range(shares)]
    _write(folder, rows, [(one, shares) for one in every if one not in now.done], now, seconds)
    if len(now.done) < len(every):
        return f"{PIECE * len(now.done) // shares} of them so far, {now.seconds:.0f} s"
    begun, cluster = time.perf_counter(), busy.of_cluster()
    committed(data, folder, [now.done[one].part for one in sorted(now.done)], count)
    path.unlink()
    return _told(now, count, time.perf_counter() - begun, busy.of_cluster() - cluster)


def committed(data: Path, folder: Path, parts: list[Part], count: int) -> None:
    """Make parts the index in use, with a manifest, as a rebuild does."""
    analysis = analyzer_in(folder).fingerprint
    work = _Work(folder, engine_named(), analysis, count, lambda: None)
    work.commit(parts, set(), 0)
    use_folder(data, folder)


def _write(
    folder: Path, rows: Path, wanted: list[tuple[Piece, int]], now: Progress, seconds: float
) -> None:
    """Two processes write pieces; after every few the progress is on the disk."""
    until = time.monotonic() + seconds
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        while wanted and time.monotonic() < until:
            some, wanted = wanted[: 2 * PROCESSES], wanted[2 * PROCESSES :]
            started, cluster = time.perf_counter(), busy.of_cluster()
            pieces = [piece for (piece, _), _ in some]
            shares = [(share, shares) for (_, share), shares in some]
            made = pool.map(_fed, [folder] * len(some), [rows] * len(some), pieces, shares)
            now.done.update(zip((piece for piece, _ in some), made, strict=True))
            now.seconds += time.perf_counter() - started
            now.cluster += busy.of_cluster() - cluster
            (folder.parent / PARTS).write_bytes(pickle.dumps(now))


def _told(now: Progress, count: int, commit: float, cluster: float) -> str:
    own = resource.getrusage(resource.RUSAGE_SELF)
    here = sum(one.busy - one.reading for one in now.done.values()) + own.ru_utime + own.ru_stime
    there = now.cluster + cluster
    return (
        f"{count / (now.seconds + commit):.0f} docs/s: {now.seconds:.0f} s in two processes,"
        f" {commit:.0f} s to commit; processor time: {1000 * here / count:.2f} ms an article here"
        + (f", {1000 * there / count:.2f} ms on the cluster" if there else "")
        + f" ({count / (here + there):.0f} docs/s a core);"
        f" at most {max(one.memory for one in now.done.values())} MB a process,"
        f" {own.ru_maxrss // 1024} MB to commit ({busy.load()})"
    )


def started(data: Path, rows: Path) -> Path:
    """The folder of the index that is being made, with what was learned from the articles."""
    root = index_root(data)
    root.mkdir(parents=True, exist_ok=True)
    if (root / PARTS).exists():
        return next(one for one in root.glob("built-*") if not _is_current(data, one))
    for old in root.glob("built-*"):
        shutil.rmtree(old)
    folder = fresh_folder(data)
    for name in LEARNED:
        if (rows / name).exists():
            shutil.copy(rows / name, folder)
    engine_named().create(folder, lambda _generation, _files: None)
    return folder


def _is_current(data: Path, folder: Path) -> bool:
    return (index_root(data) / "current").exists() and current_folder(data) == folder


def _fed(folder: Path, analysed: Path, piece: int, share: tuple[int, int]) -> Fed:
    """In a process of its own: a piece, or the share (number, of how many), becomes one part."""
    gc.disable()
    spent = 0.0

    def rows() -> Iterator[Row]:
        nonlocal spent
        waiting = islice(moved_rows(analysed, piece), share[0], None, share[1])
        while True:
            started = time.process_time()
            row = next(waiting, None)
            spent += time.process_time() - started
            if row is None:
                return
            yield row

    started, worked = time.perf_counter(), time.process_time()
    part = engine_named().prepare(folder, rows())
    assert part is not None
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    worked = time.process_time() - worked
    return Fed(part, time.perf_counter() - started, worked, spent, memory)
