"""One segment made of several, without the documents that were deleted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.engines.arrays import Array
from indexer.engines.layout import (
    LoosePostings,
    Made,
    Numbers,
    ValueLists,
    field_arrays,
    word_arrays,
)
from indexer.engines.protocol import TEXT_FIELDS, VALUE_FIELDS
from indexer.engines.segment import Segment


def merge(segments: Sequence[Segment], kept: Sequence[Array]) -> Made:
    """One segment of several; `kept` says of each which documents stay (booleans)."""
    shifts = _shifts(kept)
    arrays = {
        name: np.concatenate([s.arrays[name][k] for s, k in zip(segments, kept, strict=True)])
        for name in ("ids", "sequences", "first_days", "last_days", "lengths")
    }
    for name in TEXT_FIELDS:
        arrays |= field_arrays(name, _joined(name, segments, kept, shifts), name == "stem")
    counted: dict[str, int] = {}
    for segment in segments:
        for word, count in segment.word_counts():
            counted[word] = counted.get(word, 0) + count
    arrays |= word_arrays(list(counted), np.array(list(counted.values()), np.uint32))
    names: dict[str, list[str]] = {}
    for name in VALUE_FIELDS:
        lists = _joined_values(name, segments, kept)
        names[name] = list(lists.names)
        arrays |= lists.arrays(name)
    return Made(arrays, {"fields": list(TEXT_FIELDS), "values": names})


def _shifts(kept: Sequence[Array]) -> list[Array]:
    """For each segment the new number of each of its documents that stay."""
    found, base = [], 0
    for mask in kept:
        found.append(np.cumsum(mask) - 1 + base)
        base += int(mask.sum())
    return found


def _joined(
    name: str, segments: Sequence[Segment], kept: Sequence[Array], shifts: Sequence[Array]
) -> LoosePostings:
    terms = Numbers()
    parts: list[list[Array]] = [[], [], [], [], [], []]
    place_base = 0
    for segment, mask, shift in zip(segments, kept, shifts, strict=True):
        field = segment.fields[name]
        numbers = np.array([terms[text] for text in field.terms.texts()], np.int64)
        first = field.first.astype(np.int64)
        sizes = first[1:] - first[:-1]
        stay = mask[field.docs]
        counts = field.counts.astype(np.int64)
        ends = np.cumsum(counts)
        for part, values in zip(
            parts,
            (
                np.repeat(numbers, sizes)[stay],
                shift[field.docs][stay],
                field.counts[stay],
                field.weights[stay],
                (ends - counts + place_base)[stay],
                field.places if field.places is not None else np.zeros(0, np.uint16),
            ),
            strict=True,
        ):
            part.append(values)
        place_base += len(parts[5][-1])
    joined = [np.concatenate(part) for part in parts]
    return LoosePostings(list(terms), *joined)


def _joined_values(name: str, segments: Sequence[Segment], kept: Sequence[Array]) -> ValueLists:
    lists = ValueLists()
    for segment, mask in zip(segments, kept, strict=True):
        values = segment.values[name]
        for doc in np.flatnonzero(mask).tolist():
            start, end = int(values.starts[doc]), int(values.starts[doc + 1])
            lists.add([values.names[code] for code in values.codes[start:end].tolist()])
    return lists
