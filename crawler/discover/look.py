"""A plan that asks for addresses somebody named, instead of what a site's sources name."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.discover.judge import Action, Decision
from crawler.discover.plan import Plan
from crawler.discover.steps import Step
from crawler.model import Link


class Look(Plan):
    """Fetches some addresses of a site, whatever its sources are."""

    def __init__(self, plan: Plan, urls: Iterable[str]) -> None:
        super().__init__(plan.site, plan.memory, plan.now)
        self._urls = tuple(dict.fromkeys(urls))

    def begin(self) -> Step:
        """Each address once."""
        return Step(tuple(Decision(Link(url, ""), Action.NEW) for url in self._urls))

    def may_be_article(self, url: str) -> bool:
        """Whatever a named address leads to is looked at."""
        return True
