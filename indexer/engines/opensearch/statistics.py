"""What formulas need to know of the whole index: sizes, and how many documents things find."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from indexer.engines.opensearch.cluster import Cluster
from indexer.engines.opensearch.dictionary import Dictionary
from indexer.engines.protocol import Prefix, Term

REMEMBERED = 20_000
Filter = dict[str, Any]


@dataclass(slots=True)
class Statistics:
    """Of one state. `visible` finds its documents, `size` is their number.

    `mean` is their mean length, `power` that of the idf in the ranking.
    """

    cluster: Cluster
    index: str
    dictionary: Dictionary
    visible: Sequence[Filter]
    size: int
    mean: float
    power: float
    _known: dict[str, int] = field(default_factory=dict)

    def frequency(self, term: Term | Prefix) -> int:
        """In how many documents a term stands."""
        return self.dictionary.frequency(term)

    def learn(self, filters: Iterable[Filter]) -> None:
        """Ask the cluster, in one request, for the counts not known yet."""
        asked = {key: one for one in filters if (key := _key(one)) not in self._known}
        if not asked:
            return
        if len(self._known) + len(asked) > REMEMBERED:
            self._known.clear()
        searches = (
            {
                "size": 0,
                "track_total_hits": True,
                "query": {"bool": {"filter": [one, *self.visible]}},
            }
            for one in asked.values()
        )
        for key, told in zip(asked, self.cluster.many(self.index, searches), strict=True):
            self._known[key] = int(told["hits"]["total"]["value"])

    def count(self, one: Filter) -> int:
        """How many documents a filter finds; asks for what was forgotten."""
        while (known := self._known.get(_key(one))) is None:
            self.learn([one])
        return known

    def rarity(self, frequency: int) -> float:
        """How rare something is that so many documents have."""
        size = max(self.size, frequency)
        return float(math.log(1 + (size - frequency + 0.5) / (frequency + 0.5)) ** self.power)


def _key(one: Filter) -> str:
    return json.dumps(one, ensure_ascii=False)
