"""How surely two reports tell of one event: days, place, titles, names, organisers, numbers."""

from __future__ import annotations

from collections.abc import Container

from crawler.enrich.fingerprint import likeness
from crawler.enrich.name import same_name
from crawler.enrich.report import Report
from crawler.enrich.twins import are_translations
from crawler.model import Event

ENOUGH = 5.0
COPY, LIKE, SOMEWHAT = 0.6, 0.4, 0.2
NEAR_DAYS = 45
CROWD = 15


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


def weigh(one: Report, two: Report, rare: Container[str]) -> float:
    """Points for two reports being of one event, 0 when they contradict each other.

    `rare` are the titles and names that few reports share; others tell nothing.
    """
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
    titles = sum(title in rare for title in one.titles & two.titles)
    names = sum(name in rare for name in one.names & two.names)
    specific = _specific(titles, names, like) + _same_crowd(one.event, two.event)
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


def _specific(titles: int, names: int, like: float) -> float:
    """Points for what belongs to one event alone: wording, titles, names of people."""
    points = 4.0 if like >= LIKE else 2.0 if like >= SOMEWHAT else 0.0
    points += min(4.0, 2.0 * titles)
    if names >= 2 or titles:
        points += min(4.0, 1.0 * names)
    return points


def _same_crowd(one: Event, two: Event) -> float:
    """Points for the same number of people, no small one, at the same kind of event and house."""
    if one.participants is None or one.participants != two.participants:
        return 0.0
    alike = one.venue and two.venue and same_name(one.venue, two.venue)
    same = alike and one.kinds[:1] == two.kinds[:1] and one.participants >= CROWD
    return 2.0 if same else 0.0


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
