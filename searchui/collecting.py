"""All answers of a search, page after page, as far as the index lets one read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from indexer.caps import MAX_SIZE, MAX_WINDOW
from indexer.model import Hit, SearchRequest
from indexer.search import Searcher


@dataclass(frozen=True, slots=True)
class Collected:
    """The first hits of a search and how many there are in all."""

    hits: tuple[Hit, ...]
    total: int

    @property
    def cut(self) -> bool:
        """Whether there is more than was collected."""
        return self.total > len(self.hits)


def collect(searcher: Searcher, request: SearchRequest, limit: int = MAX_WINDOW) -> Collected:
    """Up to `limit` hits, in the request's order."""
    hits: list[Hit] = []
    total = 0
    for number in range(1, min(limit, MAX_WINDOW) // MAX_SIZE + 1):
        page = searcher.search(replace(request, page=number, size=MAX_SIZE))
        hits += page.hits
        total = page.total
        if len(hits) >= total or not page.hits:
            break
    return Collected(tuple(hits[:limit]), total)
