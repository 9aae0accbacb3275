"""A site's health in a reader's language."""

from __future__ import annotations

from datetime import datetime

from crawler.health import Reason, SiteHealth
from searchui.dates import moment
from searchui.wording import Wording


def reason_words(reason: Reason, say: Wording) -> str:
    """One reason in a sentence or two; the log's own words are not in it."""
    told = dict(reason.facts)
    count = told.pop("n", None)
    told.pop("detail", None)
    values = {
        name: moment(value, say) if isinstance(value, datetime) else say.number(int(value))
        for name, value in told.items()
    }
    number = int(count) if isinstance(count, int) else None
    return say(f"health.{reason.code}_reason", number, **values)


def health_words(health: SiteHealth, say: Wording) -> str:
    """All of a site's reasons, the worst first; that all is well where there are none."""
    if not health.reasons:
        return say(f"health.{health.state}_reason")
    return " ".join(reason_words(reason, say) for reason in health.reasons)
