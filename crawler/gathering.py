"""Bringing the groups of articles that tell of one event up to the store, bit by bit.

Only what changed is weighed again, and what a change makes weigh otherwise: a title or name that
becomes common, or rare again, tells its articles' pairs anew. The groups are the same as
crawler.enrich.grouping.groups would make of all articles at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from crawler.enrich.grouping import RARE, joined
from crawler.enrich.report import (
    Report,
    link_keys,
    mark_keys,
    report_from_json,
    report_of,
    report_to_json,
)
from crawler.enrich.weighing import ENOUGH, weigh
from crawler.store.documents import Change
from crawler.store.groups import GroupWork, Pair, StoredReport
from crawler.store.store import Store

STEP = 200
REMEMBERED = 4000

Progress = Callable[[int, int], None]


def gather(store: Store, progress: Progress | None = None) -> int:
    """Group what changed since the last time; how many articles that were.

    Every step is one transaction: a run that is broken off goes on where it was. `progress` gets
    the articles done and about how many there are to do.
    """
    since = store.groups.gathered()
    total = min(store.articles.count(), store.articles.last_sequence() - since)
    changes = store.articles.changes_after(since)
    known = _Known()
    done = 0
    while part := list(islice(changes, STEP)):
        with store.groups.work() as work:
            _Step(work, known).take(part)
        done += len(part)
        if progress is not None:
            progress(done, max(done, total))
    return done


@dataclass
class _Known:
    """Reports read lately: a day's articles are looked at again and again."""

    by_id: dict[int, Report] = field(default_factory=dict)

    def of(self, work: GroupWork, ids: Collection[int]) -> Mapping[int, Report]:
        if len(self.by_id) > REMEMBERED:
            self.by_id.clear()
        missing = set(ids) - self.by_id.keys()
        for key, told in work.reports(missing).items():
            self.by_id[key] = report_from_json(told)
        return {key: self.by_id[key] for key in ids if key in self.by_id}


class _Step:
    """Some changes, weighed and grouped inside one transaction."""

    def __init__(self, work: GroupWork, known: _Known) -> None:
        self._work = work
        self._known = known

    def take(self, changes: Iterable[Change]) -> None:
        """Bring the groups up to these changes."""
        rows = list(changes)
        fresh = {
            row.article_id: report_of(str(row.article_id), row.document.article, row.document.event)
            for row in rows
            if row.document is not None
        }
        touched = {row.article_id for row in rows}
        anew = touched | self._keep(fresh, touched - fresh.keys())
        before = self._work.connected(anew)
        self._work.put_pairs(anew, self._pairs(anew))
        around = before | self._work.connected(anew)
        self._work.put_groups(around, self._groups(around), rows[-1].sequence)

    def _keep(self, fresh: Mapping[int, Report], gone: Collection[int]) -> set[int]:
        """Store the reports; the articles whose titles or names have become rare or common."""
        for key in gone:
            self._known.by_id.pop(key, None)
        self._known.by_id.update(fresh)
        stored = [_stored(key, report) for key, report in fresh.items()]
        old = self._work.keys([*fresh, *gone])
        moved: set[int] = set()
        for key in (*fresh, *gone):
            marks = frozenset(mark_keys(fresh[key]).values()) if key in fresh else frozenset()
            moved |= old.get(key, frozenset()) ^ (marks | _links(fresh.get(key)))
        before = self._work.counts(moved)
        self._work.put(stored, gone)
        after = self._work.counts(moved)
        turned = (k for k in moved if (before.get(k, 0) <= RARE) != (after.get(k, 0) <= RARE))
        return self._work.having(turned)

    def _pairs(self, ids: Collection[int]) -> Iterator[Pair]:
        """Every pair of these articles with others, or among them, that is of one event."""
        reports = self._known.of(self._work, ids)
        rare = self._rare(reports.values())
        seen: set[tuple[int, int]] = set()
        for key, near in self._near(reports):
            one = reports[key]
            for other, two in self._known.of(self._work, near).items():
                pair = (min(key, other), max(key, other))
                if pair in seen:
                    continue
                seen.add(pair)
                points = weigh(one, two, rare)
                if points >= ENOUGH:
                    yield points, *pair

    def _near(self, reports: Mapping[int, Report]) -> Iterator[tuple[int, set[int]]]:
        """The articles worth comparing with each of these: they share a day, wording or a link."""
        links = {key: link_keys(report) for key, report in reports.items()}
        holders = self._work.holders({number for numbers in links.values() for number in numbers})
        days: dict[tuple[date, date], set[int]] = {}
        for key, report in reports.items():
            near = {one for number in links[key] for one in holders.get(number, ())}
            if report.span is not None:
                if report.span not in days:
                    days[report.span] = self._work.on_days(report.span)
                near |= days[report.span]
            yield key, near - {key}

    def _rare(self, reports: Iterable[Report]) -> set[str]:
        """The titles and names of these reports that few articles have."""
        keys = {mark: key for report in reports for mark, key in mark_keys(report).items()}
        counts = self._work.counts(keys.values())
        return {mark for mark, key in keys.items() if counts.get(key, 0) <= RARE}

    def _groups(self, ids: Collection[int]) -> list[list[int]]:
        reports = self._known.of(self._work, ids)
        pairs = [(points, str(a), str(b)) for points, a, b in self._work.pairs(ids)]
        found = joined(reports.values(), pairs)
        return [[int(key) for key in group] for group in found]


def _stored(key: int, report: Report) -> StoredReport:
    keys = frozenset(mark_keys(report).values()) | _links(report)
    told = report_to_json(report)
    return StoredReport(key, report.site, report.language, report.span, told, keys)


def _links(report: Report | None) -> frozenset[int]:
    return frozenset() if report is None else link_keys(report)
