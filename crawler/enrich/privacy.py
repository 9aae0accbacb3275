"""What may never become a fact: e-mail addresses and people's personal numbers.

A personal number (IIN) of Kazakhstan has twelve digits, the first six of them a day of birth;
texts write it in one piece or in two to four. Telephone numbers are kept out with them.
"""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.model import Event

EMAIL = re.compile(r"[^\s@]\s?(?:@|\(at\)|\[at\])\s?[^\s@]{1,64}\.\w")
# Eleven digits or more, single spaces, dashes and brackets between them not counted.
LONG_NUMBER = re.compile(r"\d(?:[ \u00a0()‑–-]{0,2}\d){10}")


def is_personal(text: str) -> bool:
    """Whether an e-mail address, a personal number or a telephone number stands in a text."""
    return EMAIL.search(text) is not None or LONG_NUMBER.search(text) is not None


def without_personal(event: Event) -> Event:
    """The event without facts, and words they were read from, that have such in them."""
    return replace(
        event,
        venue=_kept(event.venue),
        city=_kept(event.city),
        organisers=_all(event.organisers),
        topics=_all(event.topics),
        titles=_all(event.titles),
        evidence=tuple(one for one in event.evidence if not is_personal(one.words)),
    )


def _kept(text: str | None) -> str | None:
    return None if text is None or is_personal(text) else text


def _all(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text for text in texts if not is_personal(text))
