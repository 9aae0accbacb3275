"""How the words of a question stand together in the best documents: near, in a row, in the title.

The places of a word are one sorted array of keys, `index * WIDTH + place`, where the index counts
the documents looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from indexer.engines.arrays import Array

WIDTH = 1 << 17  # wider than any place, so that keys sort by document, then by place
NEAR = 8
# Titles come first; the words of the next part are numbered from segment.GAP on.
TITLE_END = 50


@dataclass(frozen=True, slots=True)
class Closeness:
    """Shares from 0 to 1 for each document looked at.

    `near`: of the pairs of neighbours in the question, those within NEAR words of each other, in
    either order, nearer ones counting more. `runs`: of its stretches of three words, those that
    stand one after the other. `title`: of its words, those in the title.
    """

    near: Array
    runs: Array
    title: Array


def keys_of(indices: Array, places: Array) -> Array:
    """The keys of places; both arrays are as long as each other."""
    keys: Array = indices * WIDTH + places
    return keys


def closeness(words: Sequence[Array], size: int) -> Closeness:
    """How the words (their keys, in the order of the question) stand in `size` documents."""
    near, runs = np.zeros(size, np.float32), np.zeros(size, np.float32)
    before = np.zeros(size, bool)
    for one, other in pairwise(words):
        on, back = _gaps(one, other, size)
        gaps = np.minimum(on, back)
        near += np.where(gaps <= NEAR, gaps**-0.5, 0).astype(np.float32)
        runs += before & (on == 1)
        before = on == 1
    title = np.zeros(size, np.float32)
    for keys in words:
        has = np.zeros(size, bool)
        has[keys[keys % WIDTH < TITLE_END] // WIDTH] = True
        title += has
    return Closeness(
        near / max(len(words) - 1, 1), runs / max(len(words) - 2, 1), title / max(len(words), 1)
    )


def _gaps(here: Array, there: Array, size: int) -> tuple[Array, Array]:
    """In each document the least distance on to another word, and the least one back to it."""
    on, back = np.full(size, WIDTH, np.int64), np.full(size, WIDTH, np.int64)
    if len(here) and len(there):
        after = np.searchsorted(there, here, side="right")
        ok = after < len(there)
        np.minimum.at(on, here[ok] // WIDTH, there[after[ok]] - here[ok])
        ok = after > 0
        gaps = here[ok] - there[after[ok] - 1]
        np.minimum.at(back, here[ok] // WIDTH, np.where(gaps == 0, WIDTH, gaps))
    return on, back
