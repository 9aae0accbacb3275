"""Which other articles tell of the events of these: the groups that the store keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crawler.errors import StoreError
from crawler.store.groups import Telling
from searchui.archive import Archive

Others = Mapping[int, tuple[Telling, ...]]


def others_on(archive: Archive, ids: Iterable[int]) -> Others:
    """The other articles on the event of each, by id; nothing where there is no store."""
    try:
        store = archive.store
        return store.groups.told_by(ids) if store is not None else {}
    except StoreError:
        # The index answers by itself: a damaged store must not take the search away.
        return {}
