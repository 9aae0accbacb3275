"""All titles of one state of the index: files that the indexing run wrote, mapped by servers.

A state has one small file that names the others (`.state`), says which of their rows hold and
counts the topics. So a server has nothing to read or to work out when there is a new state.
"""

from __future__ import annotations

import heapq
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from indexer.engines.arrays import Array, common, read_arrays, write_arrays
from indexer.title_file import TitleFile

BEGIN = "titles-"
STATE = ".state"
# Of the titles that have the words typed, so many of the newest are looked at.
MOST_LOOKED_AT = 2_000
MOST_TOPICS = 10_000  # the most frequent; anniversaries are topics, and have no end


@dataclass(frozen=True, slots=True)
class Titles:
    """The files of a state; `live` says of each row of each file whether it holds."""

    files: tuple[TitleFile, ...] = ()
    live: tuple[Array, ...] = ()
    topics: Mapping[str, int] = field(default_factory=dict)

    def having(self, words: Sequence[str], whole: int) -> Iterator[tuple[int, str]]:
        """Ids and titles, newest first, that have the rarest of some words.

        The first `whole` are words, the others beginnings of words (see TitleFile.having).
        """
        told = zip(self.files, self.live, strict=True)
        found = [file.having(words, whole, live)[-MOST_LOOKED_AT:] for file, live in told]
        if not found:
            return
        ids = np.concatenate([file.ids[rows] for file, rows in zip(self.files, found, strict=True)])
        rows = np.concatenate(found)
        files = np.repeat(np.arange(len(found)), [len(one) for one in found])
        for at in np.argsort(ids)[::-1][:MOST_LOOKED_AT].tolist():
            yield int(ids[at]), self.files[files[at]].title(int(rows[at]))


def has_titles(names: Iterable[str]) -> bool:
    """Whether a state that has these files has titles; one of an earlier version has none."""
    return _state_among(names) is not None


def _state_among(names: Iterable[str]) -> str | None:
    return next((one for one in names if one.startswith(BEGIN) and one.endswith(STATE)), None)


def titles_of(folder: Path, names: Iterable[str], before: Titles | None = None) -> Titles:
    """The titles of the state that has these files, sharing with `before` what both have."""
    told = _state_among(names)
    if told is None:
        return Titles()
    arrays, about = read_arrays(folder / told)
    known = {one.name: one for one in before.files} if before else {}
    files = tuple(known.get(one) or TitleFile(folder / one) for one in about["files"])
    return Titles(files, tuple(arrays[one] for one in about["files"]), about["topics"])


def write_state(folder: Path, files: Sequence[TitleFile], live: Sequence[Array]) -> list[str]:
    """Write what a state has; returns the names of all its files."""
    names = [one.name for one in files]
    arrays = dict(zip(names, live, strict=True))
    state = fresh_name(STATE)
    write_arrays(folder / state, arrays, {"files": names, "topics": _topics(files, live)})
    return [state, *names]


def _topics(files: Sequence[TitleFile], live: Sequence[Array]) -> dict[str, int]:
    """The most frequent topics and how many articles that have a title tell of each."""
    counts: dict[str, int] = {}
    for file, mask in zip(files, live, strict=True):
        for topic, rows in file.topics(mask):
            counts[topic] = counts.get(topic, 0) + len(rows)
    most = heapq.nsmallest(MOST_TOPICS, counts, key=lambda one: (-counts[one], one))
    return {one: counts[one] for one in most}


def fresh_name(ending: str) -> str:
    """A name that no file has."""
    return f"{BEGIN}{secrets.token_hex(8)}{ending}"


def forget_titles(folder: Path, used: Collection[str]) -> None:
    """Take away the files that no state has any more, or that no state came to have."""
    for path in folder.glob(f"{BEGIN}*"):
        if path.name not in used:
            path.unlink(missing_ok=True)


def cleared(file: TitleFile, live: Array, ids: Array) -> Array:
    """Which rows still hold when articles of these rising ids were told anew or removed."""
    few, many = (ids, file.ids) if len(ids) < len(file.ids) else (file.ids, ids)
    gone = common(np.asarray(few), np.asarray(many))
    if not len(gone):
        return live
    mask = np.array(live)
    mask[np.searchsorted(file.ids, gone)] = False
    return mask
