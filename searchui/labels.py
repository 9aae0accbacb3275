"""Names in the reader's language: of libraries, regions, kinds of event and languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from crawler.model import Event
from crawler.sites import Site
from crawler.vocabulary import kinds, regions, russian_places
from searchui.wording import Wording

# Python sorts Қ, Ө and Ұ after Я; this is the order of the Kazakh alphabet. The keys are of the
# private use area: after Latin letters, and never white space.
ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
ORDER = {letter: chr(0xE000 + place) for place, letter in enumerate(ALPHABET)}


@lru_cache(4096)
def sorting_key(text: str) -> str:
    """A key that sorts names as the Kazakh alphabet does, marks and quotes left out."""
    return "".join(ORDER.get(c, c) for c in text.lower() if c.isalnum() or c == " ").strip()


@dataclass(frozen=True, slots=True)
class Labels:
    """What ids are called in one language; `sites` are the configured ones by id."""

    wording: Wording
    sites: Mapping[str, Site]

    def library(self, site: str | None) -> str:
        """A library's name; its id where the site is not configured (imported articles)."""
        if site is None:
            return ""
        known = self.sites.get(site)
        return known.name.in_language(self.wording.language) if known else site

    def region(self, region: str | None) -> str:
        """A region's name of today."""
        known = regions().get(region or "")
        return known.label(self.wording.language) if known else region or ""

    def place(self, name: str | None) -> str:
        """A city or district, stored by its Kazakh name; in Russian where that is known."""
        known = russian_places() if self.wording.language == "ru" else {}
        return known.get(name or "", name or "")

    def where(self, event: Event) -> str:
        """Venue and city of an event, as far as they are known."""
        return ", ".join(part for part in (event.venue, self.place(event.city)) if part)

    def kind(self, kind: str) -> str:
        """A kind of event in base form."""
        known = kinds().get(kind)
        return known.label(self.wording.language) if known else kind

    def language(self, code: str) -> str:
        """The name of a language an article is written in."""
        key = f"languages.{code}"
        return self.wording(key) if self.wording.has(key) else code

    def facet(self, name: str, value: str) -> str:
        """The label of a facet's value."""
        if name in ("year", "month"):
            return value
        label = {
            "site": self.library,
            "region": self.region,
            "kind": self.kind,
            "language": self.language,
        }[name]
        return label(value)
