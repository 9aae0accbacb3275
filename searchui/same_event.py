"""Which other articles tell of the events of these: the groups that the store keeps.

What the index counts are articles, and the pages say so; where the groups of all of them are
known at no cost, the number of events stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crawler.errors import StoreError
from crawler.store.groups import Telling
from searchui.archive import Archive
from searchui.wording import Wording

Others = Mapping[int, tuple[Telling, ...]]


def others_on(archive: Archive, ids: Iterable[int]) -> Others:
    """The other articles on the event of each, by id; nothing where there is no store."""
    try:
        store = archive.store
        return store.groups.told_by(ids) if store is not None else {}
    except StoreError:
        # The index answers by itself: a damaged store must not take the search away.
        return {}


def first_of_each(ids: Iterable[int], others: Others) -> frozenset[int]:
    """Of these articles the first on each event; one without others tells of its own."""
    told: set[int] = set()
    for one in ids:
        if told.isdisjoint(other.article_id for other in others.get(one, ())):
            told.add(one)
    return frozenset(told)


def events_among(ids: Iterable[int], others: Others) -> int:
    """How many events these articles tell of."""
    return len(first_of_each(ids, others))


def events_in(archive: Archive, articles: int) -> int | None:
    """How many events all articles of the collection tell of; None where there is no store."""
    try:
        return articles - archive.store.groups.repeats() if archive.store else None
    except StoreError:
        return None


def counted(articles: int, events: int | None, say: Wording) -> str:
    """`45 articles on 43 events`; the articles alone where the events are as many or unknown."""
    told = say("count.articles", n=articles)
    if events is None or events == articles:
        return told
    return say("count.told", articles=told, about=say("count.about", n=events))
