"""The records that flow through the crawler: one frozen type per state of the data.

    Link -> Capture -> Draft -> Article + Event -> Document

A `Link` says where a page is, a `Capture` what the server sent, a `Draft` what the page
says before cleaning, an `Article` its clean form, an `Event` what the article tells about,
and a `Document` the two together as the store keeps them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class BlockKind(StrEnum):
    """What a piece of the body is; the text of every kind is shown as a paragraph."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    QUOTE = "quote"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Link:
    """A page that a source of a site points to.

    `url` is canonical (crawler.discover.urls), `found_on` the document that named it,
    `published` and `modified` what that document says of it (zone-aware), if anything.
    """

    url: str
    found_on: str
    title: str | None = None
    published: datetime | None = None
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """One URL at one time, as in WARC: what was asked, when (UTC) and what came back.

    `headers` are the response's, in order, names as sent; `body` is decoded from any
    content-encoding but not from its charset.
    """

    url: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first value of a header, by case-insensitive name."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph-like piece of a body, in reading order; `text` has no line breaks.

    `language` is told only in an article of two languages; None means the article's.
    """

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the story: absolute http(s) `url`; `alt` and `caption` as on the page."""

    url: str
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document offered by the story (PDF, DOCX, ...): absolute http(s) `url`, link text."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class TextLink:
    """A link in the story's text: absolute http(s) `url`, the words that carry it."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Removal:
    """A piece of text that cleaning took out, and why (a cleaner's name)."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a page says, by a layout or the generic extractor, before any text cleaning.

    `layout` names what was used (`joomla`, `wordpress`, `site`, `generic`, `text`, `import`).
    `twins` are (language, url) pairs of the same story in other languages, `doubt` says why
    the page may not have been read whole.
    """

    url: str
    title: str | None
    blocks: tuple[Block, ...]
    layout: str
    site: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    author: str | None = None
    section: str | None = None
    language_hint: str | None = None
    canonical_url: str | None = None
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    twins: tuple[tuple[str, str], ...] = ()
    removed: tuple[Removal, ...] = ()
    links: tuple[TextLink, ...] = ()
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """The clean article: nothing of the story lost, nothing but the story kept.

    `language`, that of most of the text, is ISO 639-1 (`kk`, `ru`, ...) or `und`; `suspect` names
    the doubt when the page had much text but little came out, or breaks off.
    """

    url: str
    title: str | None
    blocks: tuple[Block, ...]
    language: str
    layout: str
    site: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    author: str | None = None
    section: str | None = None
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    twins: tuple[tuple[str, str], ...] = ()
    removed: tuple[Removal, ...] = ()
    suspect: str | None = None
    links: tuple[TextLink, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """The article's language, then any others that blocks are written in."""
        others = (block.language for block in self.blocks if block.language)
        return tuple(dict.fromkeys((self.language, *others)))

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The texts of the blocks, in reading order."""
        return tuple(block.text for block in self.blocks)

    @property
    def text(self) -> str:
        """The paragraphs, parted by blank lines."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words a fact was read from.

    `fact` is the name of the Event's field; `where` is `title` or `text` (Article.text);
    `start` and `end` are character offsets there; `words` the characters between them. A fact
    that the administrator corrected has `correction` for `where`, no offsets, and his note.
    """

    fact: str
    where: str
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Event:
    """What an article tells about.

    `kinds` and `region` are ids of crawler.vocabulary, most specific kind first. `starts` and
    `ends` are ISO 8601: `2019-06-14`, `2019-06` or `2019` where no more is told, `--06-29`
    where the year cannot be known. `confidence` of the dates is between 0 and 1. `topics` are
    campaigns, days and anniversaries; `titles` those of programmes, projects and books as they
    stand in quotation marks; `libraries` the ids of sites whose libraries took part.
    """

    kinds: tuple[str, ...] = ()
    starts: str | None = None
    ends: str | None = None
    confidence: float = 0.0
    venue: str | None = None
    city: str | None = None
    region: str | None = None
    organisers: tuple[str, ...] = ()
    online: bool | None = None
    participants: int | None = None
    topics: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """An article and its event as the store keeps them.

    `id` never changes for a URL; `version` counts from 1; `sequence` is the store's change
    number of the latest change; times are UTC. `gone_since` is set when the page has vanished.
    """

    id: int
    version: int
    sequence: int
    article: Article
    event: Event
    first_seen: datetime
    last_seen: datetime
    gone_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the pages that one site's run saw; the parts add up to `seen`."""

    seen: int = 0
    stored: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    filtered: int = 0
    robots_denied: int = 0
    requests: int = 0
    bytes: int = 0
    notes: tuple[str, ...] = field(default=())

    @property
    def balanced(self) -> bool:
        """Whether every page seen is accounted for."""
        parts = self.stored + self.updated + self.unchanged + self.failed
        return self.seen == parts + self.filtered + self.robots_denied
