"""Who may write to an index of the cluster: the process whose alias it has.

An index has one alias for writing, `<index>-writer-<state>-<next>-<random>`: `state` is in use,
`next` is the number of the state that the alias's holder, and nobody else ever, may make. All
documents are written, marked and deleted through it. Who takes the index over replaces it by an
alias of its own, in one step that fails if the old one is gone (compare and set); so does a
commit. From then on the cluster itself refuses whatever the holder before sends: a process that
was stopped, or cut off, and wakes later changes nothing (a fencing token, after Kleppmann, "How
to do distributed locking", 2016).
"""

from __future__ import annotations

import multiprocessing
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.engines.opensearch.cluster import FIRST_WAIT, LONGEST_WAIT, Cluster
from indexer.engines.opensearch.errors import BusyError, ClusterError, WriterLostError
from indexer.engines.opensearch.pointer import read_pointer, settle
from indexer.errors import IndexOutdatedError

# Names the holder's alias to the processes that it starts from then on.
VARIABLE = "JARSHY_WRITER_"
# Names it in the folder of an index that is being made, to those that it started before.
FIRST = "opensearch.writer"
SWAPPING = 120.0  # seconds; the cluster itself waits 30 for its nodes
HEARING = 300.0  # it parts with a node that lags for 90
_ALIAS = re.compile(r"(.+)-writer-(\d+)-(\d+)-([0-9a-f]{8})")


@dataclass(frozen=True, slots=True)
class Writer:
    """The right to write an index: the state in use, and the one that may be made."""

    index: str
    state: int
    next: int
    mark: str

    @property
    def name(self) -> str:
        """The alias."""
        return f"{self.index}-writer-{self.state}-{self.next}-{self.mark}"


def new_writer(index: str, state: int = 0, after: int = 0) -> Writer:
    """A right that nobody has had before; its state comes after the number `after`."""
    return Writer(index, state, after + 1, secrets.token_hex(4))


def hold(writer: Writer) -> None:
    """Write by this right from now on, in this process and those that it starts."""
    os.environ[VARIABLE + writer.index] = writer.name


def writer_of(cluster: Cluster, folder: Path) -> Writer:
    """The right by which this process writes the index of a folder; taken where it has none.

    Raises WriterLostError in a process of a crew whose master has none any more.
    """
    pointer = read_pointer(folder)
    told = os.environ.get(VARIABLE + pointer.index)
    if told is None and not pointer.generation and (folder / FIRST).is_file():
        told = (folder / FIRST).read_text("utf-8")
    mine = _parsed(told) if told else None
    if mine is None and multiprocessing.parent_process() is not None:
        raise _lost(pointer.index)
    return mine or take_over(cluster, folder, lambda: None)


def take_over(cluster: Cluster, folder: Path, prove: Callable[[], None]) -> Writer:
    """Become the one who may write the index of a folder.

    `prove` raises when this process may not. A state that the one before has committed on the
    cluster but not in the folder is finished. Raises WriterLostError when another process takes
    it at the same moment, ClusterError when the folder is a copy that lags behind the cluster, or
    a node of it that does not hear of this.
    """
    pointer = read_pointer(folder)
    before = _writers(cluster, pointer.index)
    prove()  # after the look: who is proven now comes after all who can be seen
    state = max([pointer.generation, *(one.state for one in before)])
    mine = new_writer(pointer.index, state, max([state, *(one.next for one in before)]))
    mine = _heard(cluster, before, mine, prove)
    hold(mine)
    found = settle(folder, state)
    if found < state:
        message = f"{folder}: this copy of the index has state {found}, the cluster {state}"
        remedy = "Index with the folder that was written last, or run `jarshy index --rebuild`."
        raise ClusterError(message, remedy)
    return mine


def conclude(cluster: Cluster, writer: Writer) -> None:
    """Have the state that was made count, if the right to make it still stands."""
    done = Writer(writer.index, writer.next, writer.next, writer.mark)
    with writing(cluster, writer):
        _swap(cluster, [writer], done)  # a node that lags could only let this process write on
    os.environ.pop(VARIABLE + writer.index, None)


def is_in_force(cluster: Cluster, writer: Writer) -> bool:
    """Whether a right to write stands; IndexOutdatedError when its index is gone."""
    return writer in _writers(cluster, writer.index)


@contextmanager
def writing(cluster: Cluster, writer: Writer) -> Iterator[None]:
    """Tell a lost right from a lost index, both of which the cluster can't find."""
    try:
        yield
    except IndexOutdatedError:
        if _is_index_lost(cluster, writer):
            raise
        raise _lost(writer.index) from None


def _is_index_lost(cluster: Cluster, writer: Writer) -> bool:
    """Whether the cluster has lost the index, not the writer its right."""
    try:
        return is_in_force(cluster, writer)
    except IndexOutdatedError:
        # One that is only being made is dropped by who takes over.
        return writer.state > 0


def _heard(
    cluster: Cluster, before: Sequence[Writer], mine: Writer, prove: Callable[[], None]
) -> Writer:
    """Put the right `mine` in the place of those before; the one that all nodes know of.

    A node that has not heard of it would still let the writer before in. All know of it once they
    have heard of any later change, so it is replaced by another mark until one reaches them all.
    """
    until, wait = time.monotonic() + HEARING, FIRST_WAIT
    while not _swap(cluster, before, mine):
        if time.monotonic() > until:
            message = f"{mine.index}: a node of the cluster lags behind the others"
            raise BusyError(message, "See GET /_cluster/health; start that node anew.")
        time.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)
        prove()
        before, mine = [mine], replace(mine, mark=secrets.token_hex(4))
    return mine


def _swap(cluster: Cluster, before: Sequence[Writer], mine: Writer) -> bool:
    """Put a right in the place of others; whether every node is known to have heard of it."""
    old = [
        {"remove": {"index": mine.index, "alias": one.name, "must_exist": True}} for one in before
    ]
    new = {"add": {"index": mine.index, "alias": mine.name}}
    try:
        told = cluster.ask(
            "POST", "/_aliases", {"actions": [*old, new]}, patience=SWAPPING, timeout=SWAPPING / 3
        )
    except ClusterError as error:
        there = _writers(cluster, mine.index)
        if mine in there:
            return False  # the first try had no answer, but was done
        if isinstance(error, BusyError) or set(before) <= set(there):
            raise
        raise _lost(mine.index) from None
    if not before and _writers(cluster, mine.index) != [mine]:
        # An index from before there were such aliases, taken twice at once.
        cluster.ask("DELETE", f"/{mine.index}/_alias/{mine.name}")
        raise _lost(mine.index)
    return bool(told.get("acknowledged", True))


def _writers(cluster: Cluster, index: str) -> list[Writer]:
    told = cluster.ask("GET", f"/{index}/_alias")[index]["aliases"]
    return [one for name in told if (one := _parsed(name)) is not None]


def _parsed(alias: str) -> Writer | None:
    found = _ALIAS.fullmatch(alias)
    return Writer(found[1], int(found[2]), int(found[3]), found[4]) if found else None


def _lost(index: str) -> WriterLostError:
    message = f"{index}: another process has taken the index over"
    return WriterLostError(message, "Nothing of this run is in it; run `jarshy index` again.")
