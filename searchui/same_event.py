"""Whether two articles tell of one event: a cautious rule over the facts read from them."""

from __future__ import annotations

from crawler.model import Document, Event
from searchui.dates import partial_date


def tells_the_same(one: Document, other: Document) -> bool:
    """Same first day, place and kind not at odds, and another library or another language.

    Two reports of one library in one language are taken for two events (a programme and its
    report, or two evenings of a series). Meant for articles that are alike in words already.
    """
    first, second = one.event, other.event
    same_source = (one.article.site, one.article.language) == (
        other.article.site,
        other.article.language,
    )
    if same_source or not first.starts or first.starts != second.starts:
        return False
    found = partial_date(first.starts)
    if found is None or found.day is None:
        return False
    return _same_place(first, second) and bool(set(first.kinds) & set(second.kinds))


def _same_place(first: Event, second: Event) -> bool:
    return first.region is None or second.region is None or first.region == second.region
