"""Which reports tell of one event: copies, other tellings, the same story in two languages.

Two reports are first made a candidate pair (the same day, a near-duplicate text, a link between
languages), then weighed by what they share (crawler.enrich.weighing). Days that contradict each
other rule a pair out whatever else it shares, so that two years of a series are never merged; and
a group is only joined to another when no two of their members contradict each other.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from crawler.enrich.report import Report, link_keys
from crawler.enrich.weighing import ENOUGH, contradict, weigh

# A title or name that more reports than this have tells no event from another. A number, not a
# share: so one more report changes little, and what it changes can be found (crawler.gathering).
RARE = 8


def groups(reports: Sequence[Report]) -> tuple[frozenset[str], ...]:
    """Groups of two or more keys whose reports tell of one event, in order of the reports."""
    rare = _rare_marks(reports)
    weighed = [(weigh(a, b, rare), a.key, b.key) for a, b in _candidates(reports)]
    found = joined(reports, [row for row in weighed if row[0] >= ENOUGH])
    of = {key: group for group in found for key in group}
    return tuple(dict.fromkeys(of[r.key] for r in reports if r.key in of))


def joined(
    reports: Iterable[Report], pairs: Iterable[tuple[float, str, str]]
) -> tuple[frozenset[str], ...]:
    """The groups that pairs (points, key, key) make, the surest pairs first.

    What no row of pairs connects does not influence each other, so a part of all reports may be
    joined alone.
    """
    members: dict[str, list[Report]] = {report.key: [report] for report in reports}
    ordered = sorted((-points, min(one, two), max(one, two)) for points, one, two in pairs)
    for _, one, two in ordered:
        a, b = members[one], members[two]
        if a is not b and not any(contradict(x, y) for x in a for y in b):
            a.extend(b)
            for report in b:
                members[report.key] = a
    found = (frozenset(report.key for report in row) for row in members.values() if len(row) > 1)
    return tuple(dict.fromkeys(found))


def _rare_marks(reports: Sequence[Report]) -> frozenset[str]:
    """Titles and names that few reports share: only these tell events apart."""
    counts = Counter(mark for report in reports for mark in report.titles | report.names)
    return frozenset(mark for mark, count in counts.items() if count <= RARE)


def _candidates(reports: Sequence[Report]) -> Iterator[tuple[Report, Report]]:
    """Pairs that share a day, a band of their signatures or a link, each once."""
    buckets: dict[object, list[int]] = defaultdict(list)
    for number, report in enumerate(reports):
        for key in _bucket_keys(report):
            buckets[key].append(number)
    seen: set[tuple[int, int]] = set()
    for numbers in buckets.values():
        for pair in itertools.combinations(numbers, 2):
            if pair not in seen:
                seen.add(pair)
                yield reports[pair[0]], reports[pair[1]]


def _bucket_keys(report: Report) -> Iterator[object]:
    if report.span is not None:
        first, last = report.span
        for offset in range((last - first).days + 1):
            yield first + timedelta(days=offset)
    yield from link_keys(report)
