"""An event in schema.org's terms (https://schema.org/Event), for machines that read pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawler.model import Document
from crawler.vocabulary import kinds
from searchui.dates import partial_date
from searchui.labels import Labels
from searchui.rows import plain_title, safe_link

TYPES = {
    "exhibition": "ExhibitionEvent",
    "learning": "EducationEvent",
    "reading": "LiteraryEvent",
    "festival": "Festival",
}
ATTENDANCE = {
    True: "https://schema.org/OnlineEventAttendanceMode",
    False: "https://schema.org/OfflineEventAttendanceMode",
}


def linked_data(document: Document, labels: Labels) -> Mapping[str, Any]:
    """A JSON-LD object: an Event about which a NewsArticle tells; unknown things are left out."""
    article, event = document.article, document.event
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _type(document),
        "name": plain_title(document, labels),
        "startDate": _iso(event.starts),
        "endDate": _iso(event.ends),
        "location": _place(document, labels),
        "organizer": [{"@type": "Organization", "name": name} for name in event.organisers],
        "eventAttendanceMode": ATTENDANCE.get(event.online) if event.online is not None else None,
        "keywords": [labels.kind(kind) for kind in event.kinds],
        "inLanguage": article.language,
        "subjectOf": _article(document, labels),
    }
    return {key: value for key, value in told.items() if value}


def _type(document: Document) -> str:
    known = (kinds().get(kind) for kind in document.event.kinds)
    types = (TYPES.get(kind.group) for kind in known if kind)
    return next((one for one in types if one), "Event")


def _iso(text: str | None) -> str | None:
    found = partial_date(text)
    return found.iso if found else None


def _place(document: Document, labels: Labels) -> dict[str, Any] | None:
    event = document.event
    if not (event.venue or event.city or event.region):
        return None
    address = {
        "@type": "PostalAddress",
        "addressCountry": "KZ",
        "addressLocality": event.city,
        "addressRegion": labels.region(event.region) or None,
    }
    told = {key: value for key, value in address.items() if value}
    place: dict[str, Any] = {"@type": "Place", "address": told}
    if event.venue:
        place["name"] = event.venue
    return place


def _article(document: Document, labels: Labels) -> dict[str, Any]:
    article = document.article
    told = {
        "@type": "NewsArticle",
        "headline": plain_title(document, labels),
        "url": safe_link(article.url),
        "datePublished": article.published.isoformat() if article.published else None,
        "publisher": {"@type": "Library", "name": labels.library(article.site)}
        if article.site
        else None,
    }
    return {key: value for key, value in told.items() if value}
