"""Which reports tell of one event: copies, other tellings, the same story in two languages.

Two reports are first made a candidate pair (the same day, a near-duplicate text, a link between
languages), then weighed by what they share: days, place, titles in quotation marks, names of
people, organisers, numbers. Days that contradict each other rule a pair out whatever else it
shares, so that two years of a series are never merged; and a group is only joined to another when
no two of their members contradict each other.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crawler.enrich.fingerprint import Signature, likeness, signature
from crawler.enrich.marks import names_in, titles_in
from crawler.enrich.name import same_name
from crawler.enrich.twins import are_translations, page_address, without_language
from crawler.model import Article, Event

ENOUGH = 5.0
COPY, LIKE, SOMEWHAT = 0.6, 0.4, 0.2
BAND = 4
LONGEST_EVENT = 31
NEAR_DAYS = 45


@dataclass(frozen=True, slots=True)
class Report:
    """What grouping needs of an article: `key` is any name for it, unique in a run.

    `titles` and `names` are as crawler.enrich.marks gives them; `url` and `twins` are addresses
    as crawler.enrich.twins cuts them, `trunk` the whole `address` without its language.
    """

    key: str
    url: str
    site: str | None
    language: str
    published: date | None
    event: Event
    signature: Signature
    titles: frozenset[str]
    names: frozenset[str]
    twins: frozenset[str]
    trunk: str
    address: str

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day, when both are told to the day."""
        try:
            first = date.fromisoformat(self.event.starts or "")
            return first, date.fromisoformat(self.event.ends or "")
        except ValueError:
            return None


def report_of(key: str, article: Article, event: Event) -> Report:
    """The report that an article and its event make."""
    return Report(
        key=key,
        url=page_address(article.url),
        trunk=without_language(article.url)[0],
        address=article.url,
        site=article.site,
        language=article.language,
        published=article.published.date() if article.published else None,
        event=event,
        signature=signature(article),
        titles=titles_in(article),
        names=names_in(article),
        twins=frozenset(page_address(url) for _, url in article.twins),
    )


def groups(reports: Sequence[Report]) -> tuple[frozenset[str], ...]:
    """Groups of two or more keys whose reports tell of one event, in order of the reports."""
    rare = _rare_marks(reports)
    weighed = [(weigh(a, b, rare), a, b) for a, b in _candidates(reports)]
    pairs = sorted(
        (row for row in weighed if row[0] >= ENOUGH),
        key=lambda row: (-row[0], row[1].key, row[2].key),
    )
    members: dict[str, list[Report]] = {report.key: [report] for report in reports}
    for _, one, two in pairs:
        a, b = members[one.key], members[two.key]
        if a is not b and not any(contradict(x, y) for x in a for y in b):
            a.extend(b)
            for report in b:
                members[report.key] = a
    return tuple(
        frozenset(report.key for report in members[report.key])
        for report in reports
        if len(members[report.key]) > 1 and members[report.key][0] is report
    )


def _rare_marks(reports: Sequence[Report]) -> frozenset[str]:
    """Titles and names that few reports share: only these tell events apart."""
    counts = Counter(mark for report in reports for mark in report.titles | report.names)
    most = max(4, len(reports) // 50)
    return frozenset(mark for mark, count in counts.items() if count <= most)


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
    if report.days is not None:
        first, last = report.days
        for offset in range(min((last - first).days, LONGEST_EVENT) + 1):
            yield "day", first + timedelta(days=offset)
    for start in range(0, len(report.signature), BAND):
        yield "band", start, report.signature[start : start + BAND]
    for url in (report.url, *report.twins):
        yield "url", url
    yield "trunk", report.trunk


def contradict(one: Report, two: Report) -> bool:
    """Whether two reports cannot be of one event: other days, another region, another town."""
    a, b = one.days, two.days
    if a is not None and b is not None and (a[1] < b[0] or b[1] < a[0]):
        return True
    if _differ(one.event.starts, two.event.starts, 4):
        return True
    places = ((one.event.region, two.event.region), (one.event.city, two.event.city))
    return any(x is not None and y is not None and x != y for x, y in places)


def _differ(one: str | None, two: str | None, length: int) -> bool:
    """Whether two half-known dates name different years."""
    if not one or not two or one.startswith("--") or two.startswith("--"):
        return False
    return one[:length] != two[:length]


def weigh(one: Report, two: Report, rare: frozenset[str]) -> float:
    """Points for two reports being of one event, 0 when they contradict each other."""
    if contradict(one, two):
        return 0.0
    if two.url in one.twins or one.url in two.twins or _translated(one, two):
        return 10.0
    like = likeness(one.signature, two.signature)
    days = _days(one, two)
    if like >= COPY and (days > 0 or _published_near(one, two)):
        return 8.0 + like
    if days == 0:
        return 0.0
    titles = one.titles & two.titles & rare
    specific = _specific(one, two, rare, like)
    if specific == 0 or (_same_voice(one, two) and like < LIKE and not titles):
        return 0.0
    return days + specific + _circumstances(one, two)


def _translated(one: Report, two: Report) -> bool:
    """Whether they stand on one site at one address in two languages, in the same weeks."""
    if one.site is None or one.site != two.site or one.language == two.language:
        return False
    return are_translations(one.address, two.address) and _published_near(one, two)


def _days(one: Report, two: Report) -> float:
    """2 for the same first day, 1 for common days, 0 where a day is not known."""
    if one.days is None or two.days is None:
        return 0.0
    return 2.0 if one.days[0] == two.days[0] else 1.0


def _published_near(one: Report, two: Report) -> bool:
    if one.published is None or two.published is None:
        return False
    return abs((one.published - two.published).days) <= NEAR_DAYS


def _same_voice(one: Report, two: Report) -> bool:
    """One library in one language: it seldom tells an event twice."""
    return one.site is not None and one.site == two.site and one.language == two.language


def _specific(one: Report, two: Report, rare: frozenset[str], like: float) -> float:
    """Points for what belongs to one event alone: wording, titles, names of people."""
    titles = len(one.titles & two.titles & rare)
    names = len(one.names & two.names & rare)
    points = 4.0 if like >= LIKE else 2.0 if like >= SOMEWHAT else 0.0
    points += min(4.0, 2.0 * titles)
    if names >= 2 or titles:
        points += min(4.0, 1.0 * names)
    return points


def _circumstances(one: Report, two: Report) -> float:
    """Points for kind, venue, organisers and number of people; fewer for different ones."""
    a, b = one.event, two.event
    points = 1.0 if a.kinds[:1] == b.kinds[:1] and a.kinds else 0.5 * bool({*a.kinds} & {*b.kinds})
    if a.venue and b.venue:
        points += 1.0 if same_name(a.venue, b.venue) else -0.5
    if any(same_name(x, y) for x in a.organisers for y in b.organisers):
        points += 1.0
    if a.participants and a.participants == b.participants:
        points += 1.0
    if a.city and a.city == b.city:
        points += 0.5
    return points


def group_of(found: Iterable[frozenset[str]]) -> Mapping[str, frozenset[str]]:
    """The group of each key that is in one."""
    return {key: group for group in found for key in group}
