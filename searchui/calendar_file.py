"""An event as an iCalendar file (RFC 5545): whole days, lines folded at 75 octets."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from crawler.model import Document
from searchui.dates import partial_date
from searchui.labels import Labels
from searchui.plain import plain_text
from searchui.rows import plain_title

FOLD = 74


def event_days(document: Document) -> tuple[date, date] | None:
    """First and last day where both are known to the day, else None."""
    first = partial_date(document.event.starts)
    last = partial_date(document.event.ends) or first
    if first is None or last is None:
        return None
    if None in (first.year, first.month, first.day, last.year, last.month, last.day):
        return None
    return (
        date(first.year or 0, first.month or 0, first.day or 0),
        date(last.year or 0, last.month or 0, last.day or 0),
    )


def icalendar(document: Document, labels: Labels) -> str | None:
    """The file's text with CR LF line ends; None where the event's days are not known."""
    days = event_days(document)
    if days is None:
        return None
    first, last = days
    event = document.event
    place = labels.where(event)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Jarshy//Library events//EN",
        "BEGIN:VEVENT",
        f"UID:article-{document.id}@jarshy",
        f"DTSTAMP:{_stamp(document.first_seen)}",
        f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{max(first, last) + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(plain_title(document, labels))}",
    ]
    if place:
        lines.append(f"LOCATION:{_text(place)}")
    if document.article.site:
        lines.append(f"DESCRIPTION:{_text(labels.library(document.article.site))}")
    # An address is no text: its commas and semicolons stay bare (RFC 5545, 3.3.13).
    lines += [f"URL:{plain_text(document.article.url)}", "END:VEVENT", "END:VCALENDAR"]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _stamp(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    plain = plain_text(value).replace("\\", "\\\\")
    return plain.replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> list[str]:
    """Pieces of at most 75 octets, never inside a letter; all but the first begin with a space."""
    pieces = [""]
    for character in line:
        if len((pieces[-1] + character).encode()) > FOLD:
            pieces.append(" ")
        pieces[-1] += character
    return pieces
