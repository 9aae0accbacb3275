"""One state of an index as one row of documents: the segments' columns and postings joined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from indexer.engines.arrays import Array
from indexer.engines.protocol import VALUE_FIELDS, Prefix, Term
from indexer.engines.segment import Segment, Values

_EPOCH = 719163  # date(1970, 1, 1).toordinal()
_LONGEST_MONTHLY = 364

REMEMBERED = 8_000


def _is_begin(term: Term | Prefix) -> bool:
    return isinstance(term, Prefix)


class State:
    """Documents are numbered through all segments; deleted ones keep their numbers."""

    def __init__(self, segments: Sequence[Segment], live: Sequence[Array]) -> None:
        self.segments = segments
        sizes = [len(segment) for segment in segments]
        self.bases = [sum(sizes[:number]) for number in range(len(sizes))]
        self.size = sum(sizes)
        self.live = _join(live, bool)
        self.ids = _join([segment.ids for segment in segments], np.int64)
        self.first_days = _join([segment.first_days for segment in segments], np.int32)
        self.last_days = _join([segment.last_days for segment in segments], np.int32)
        self._known_spans: dict[tuple[str, str, bool], tuple[tuple[int, int], ...]] = {}
        self.lengths = _join([segment.lengths for segment in segments], np.float32)

    @cached_property
    def mean_length(self) -> float:
        """The mean weighted length of a document; 1 for an empty index."""
        return float(self.lengths.mean()) if self.size else 1.0

    @cached_property
    def values(self) -> Mapping[str, Values]:
        """Facets with the segments' codes made one; `year` and `month` among them.

        What is dated by its year alone has no month.
        """
        found = {name: self._joined_values(name) for name in VALUE_FIELDS}
        days = (self.first_days.astype(np.int64) - _EPOCH).astype("datetime64[D]")
        short = self.last_days - self.first_days < _LONGEST_MONTHLY
        for facet, unit, has in (("year", "Y", np.ones(self.size, bool)), ("month", "M", short)):
            told = days[has].astype(f"datetime64[{unit}]")
            names, codes = np.unique(told, return_inverse=True)
            starts = np.concatenate([[0], np.cumsum(has)]).astype(np.uint32)
            found[facet] = Values(tuple(map(str, names)), starts, codes.astype(np.uint32))
        return found

    @cached_property
    def owners(self) -> Mapping[str, Array]:
        """For each facet the document of each code."""
        return {name: values.owners() for name, values in self.values.items()}

    @cached_property
    def columns(self) -> Mapping[str, tuple[Array, ...]]:
        """For each facet the codes of each document; nothing where documents have many."""
        return {name: values.columns() for name, values in self.values.items()}

    def _joined_values(self, name: str) -> Values:
        names: dict[str, int] = {}
        codes, starts, base = [], [np.zeros(1, np.uint32)], 0
        for segment in self.segments:
            values = segment.values[name]
            numbers = [names.setdefault(value, len(names)) for value in values.names]
            codes.append(np.array(numbers, np.uint32)[values.codes.astype(np.int64)])
            starts.append(values.starts[1:] + np.uint32(base))
            base += len(values.codes)
        return Values(tuple(names), np.concatenate(starts), _join(codes, np.uint32))

    def postings(self, term: Term | Prefix) -> tuple[Array, Array]:
        """The documents of a term or a beginning, each once, and its weighted counts there."""
        docs: list[Array] = []
        counts: list[Array] = []
        for segment, base, (start, end) in zip(
            self.segments,
            self.bases,
            self._spans(term.field, term.text, _is_begin(term)),
            strict=True,
        ):
            if start == end:
                continue
            found = segment.fields[term.field].stretch(start, end)
            if _is_begin(term):
                sums = np.bincount(found.docs, found.weights)
                which = np.flatnonzero(sums)
                docs.append(which + base)
                counts.append(sums[which].astype(np.float32))
            else:
                docs.append(found.docs.astype(np.intp) + base)
                counts.append(found.weights.astype(np.float32))
        return _join(docs, np.int64), _join(counts, np.float32)

    def frequency(self, term: Term | Prefix) -> int:
        """How many postings a term or a beginning has."""
        spans = self._spans(term.field, term.text, _is_begin(term))
        return sum(end - start for start, end in spans)

    def _spans(self, field: str, text: str, begin: bool) -> tuple[tuple[int, int], ...]:
        """Where a term's postings stand in each segment; remembered."""
        key = field, text, begin
        spans = self._known_spans.get(key)
        if spans is None:
            fields = (segment.fields[field] for segment in self.segments)
            spans = tuple(
                one.span_of_beginning(text) if begin else one.span(text) for one in fields
            )
            if len(self._known_spans) >= REMEMBERED:
                self._known_spans.clear()
            self._known_spans[key] = spans
        return spans

    def standing(self, stem: str, wanted: Array) -> tuple[Array, Array]:
        """Where a stem stands in the wanted documents: indices into `wanted`, word numbers."""
        indices, places = [], []
        spans = self._spans("stem", stem, begin=False)
        ends = np.searchsorted(wanted, [*self.bases, self.size]).tolist()
        each = zip(self.segments, self.bases, spans, pairwise(ends), strict=True)
        for segment, base, span, (start, end) in each:
            if start == end or span[0] == span[1]:
                continue
            here = wanted[start:end] - base
            which, where = segment.fields["stem"].standing_in(*span, here)
            indices.append(which + start)
            places.append(where)
        return _join(indices, np.int64), _join(places, np.int64)


def _join(parts: Sequence[Array], dtype: object) -> Array:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, dtype)  # type: ignore[call-overload]
