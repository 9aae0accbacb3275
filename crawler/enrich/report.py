"""What grouping needs of a stored article, and the keys under which its like are looked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from crawler.enrich.fingerprint import Signature, signature
from crawler.enrich.marks import names_in, titles_in
from crawler.enrich.twins import page_address, without_language
from crawler.model import Article, Event

BAND = 4
# Days of a longer event than this are looked up no further.
LONGEST_EVENT = 31
ROWS = ("kinds", "organisers", "topics", "titles", "libraries")


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

    @property
    def span(self) -> tuple[date, date] | None:
        """The days on which its like are looked for: of a long event only the first ones."""
        if self.days is None:
            return None
        first, last = self.days
        return first, min(last, first + timedelta(days=LONGEST_EVENT))


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
        event=replace(event, evidence=()),
        signature=signature(article),
        titles=titles_in(article),
        names=names_in(article),
        twins=frozenset(page_address(url) for _, url in article.twins),
    )


def report_to_json(report: Report) -> str:
    """One line of JSON from which `report_from_json` makes the report again."""
    told = asdict(report)
    for name in ("titles", "names", "twins"):
        told[name] = sorted(told[name])
    told["published"] = report.published.isoformat() if report.published else None
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode("utf-8")


def report_from_json(text: str) -> Report:
    """The report that `report_to_json` wrote."""
    told: dict[str, Any] = json.loads(text)
    event = told["event"]
    event |= {name: tuple(event[name]) for name in (*ROWS, "evidence")}
    told |= {name: frozenset(told[name]) for name in ("titles", "names", "twins")}
    told["event"] = Event(**event)
    told["signature"] = tuple(told["signature"])
    told["published"] = date.fromisoformat(told["published"]) if told["published"] else None
    return Report(**told)


def link_keys(report: Report) -> frozenset[int]:
    """Numbers that two reports share when wording or addresses make them worth comparing."""
    return frozenset(_number(*parts) for parts in _links(report))


def mark_keys(report: Report) -> dict[str, int]:
    """The number of each title and name of a report."""
    return {mark: _number("mark", mark) for mark in report.titles | report.names}


def _links(report: Report) -> Iterator[tuple[object, ...]]:
    for start in range(0, len(report.signature), BAND):
        yield "band", start, report.signature[start : start + BAND]
    for url in (report.url, *report.twins):
        yield "url", url
    yield "trunk", report.trunk


def _number(*parts: object) -> int:
    """A signed number of 64 bits for anything, the same on every machine."""
    told = repr(parts).encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "big", signed=True)
