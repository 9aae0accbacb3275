"""The articles of the demo sites and the clean answer expected of each.

`articles/<site>/<id>.toml` holds one article; `expected_paragraphs` is what a perfect cleaner
makes of its page.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from crawler.errors import ConfigError

SITES = ("saryarqa", "zhazira", "syrdariya", "mura", "priirtyshye")
FOLDER = Path(str(files("demoweb"))) / "articles"
STRICT = ConfigDict(extra="forbid")
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*\Z")
ORDERED = re.compile(r"(\d{1,3})\. +(\S.*)")

Kind = Literal["paragraph", "heading", "quote", "ordered", "unordered"]


@dataclass(frozen=True, slots=True)
class DemoBlock:
    """One block of a body; `number` is that of an ordered item, else 0."""

    kind: Kind
    text: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class DemoImage:
    """A picture of the story: file name, alternative text, caption ("" for none)."""

    file: str
    alt: str = ""
    caption: str = ""
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class DemoLinks:
    """What the article hangs together with: ids of other articles, names of files."""

    twin: str | None = None
    same_event: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """The facts that a careful reader takes from text and date; labels in Kazakh base form."""

    kinds: tuple[str, ...] = ()
    starts: str | None = None
    ends: str | None = None
    venue: str | None = None
    organisers: tuple[str, ...] = ()
    region: str | None = None
    city: str | None = None
    online: bool | None = None
    participants: int | None = None
    topics: tuple[str, ...] = ()
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """One article of one site; `published` and `modified` are zone-aware.

    `body` is light markup: one block a line, `## ` before a heading, `> ` before a quotation,
    `1. ` and `- ` before items. `literal` takes every line of it as a plain paragraph.
    """

    id: str
    site: str
    language: str
    title: str
    slug: str
    published: datetime
    body: str
    section: str = ""
    author: str | None = None
    images: tuple[DemoImage, ...] = ()
    links: DemoLinks = field(default_factory=DemoLinks)
    event: DemoEvent = field(default_factory=DemoEvent)
    modified: datetime | None = None
    literal: bool = False
    __pydantic_config__ = STRICT

    @property
    def blocks(self) -> tuple[DemoBlock, ...]:
        """The blocks of the body, in reading order."""
        lines = (line.strip() for line in self.body.splitlines())
        read = _plain if self.literal else _marked
        return tuple(read(line) for line in lines if line)


def expected_paragraphs(article: DemoArticle) -> tuple[str, ...]:
    """The clean answer: the text of every block, ordered items with their numbers."""
    return tuple(_spoken(block) for block in article.blocks)


def load_articles(folder: Path = FOLDER) -> tuple[DemoArticle, ...]:
    """Every article below `folder`, by site and id.

    Raises ConfigError, naming file and key, for one that is wrong, and for ids, addresses or
    links between articles that do not fit together.
    """
    paths = sorted(folder.glob("*/*.toml"))
    if not paths:
        raise ConfigError(f"{folder}: no articles", "Each is a file <site>/<id>.toml.")
    articles = tuple(_load(path) for path in paths)
    check_links(articles)
    return tuple(sorted(articles, key=lambda a: (SITES.index(a.site), a.id)))


def check_links(articles: Iterable[DemoArticle]) -> None:
    """Raise ConfigError for ids or slugs used twice and for links that lead nowhere."""
    known: dict[str, DemoArticle] = {}
    slugs: dict[tuple[str, str], str] = {}
    for article in articles:
        if article.id in known:
            raise ConfigError(f"{article.id}: id: used twice")
        other = slugs.setdefault((article.site, article.slug), article.id)
        if other != article.id:
            raise ConfigError(f"{article.id}: slug: {article.slug!r} is {other}'s")
        known[article.id] = article
    for article in known.values():
        _check_neighbours(article, known)


def _check_neighbours(article: DemoArticle, known: dict[str, DemoArticle]) -> None:
    twin = article.links.twin
    if twin is not None and known.get(twin, article).links.twin != article.id:
        raise ConfigError(f"{article.id}: links.twin: {twin!r} does not name it back")
    lost = [name for name in article.links.same_event if name not in known]
    if lost:
        raise ConfigError(f"{article.id}: links.same_event: no article {lost[0]!r}")


def _load(path: Path) -> DemoArticle:
    try:
        told = tomllib.loads(path.read_text("utf-8"))
        article = TypeAdapter(DemoArticle).validate_python(told)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from None
    except ValidationError as error:
        raise ConfigError(f"{path}: {_reasons(error)}") from None
    for key, wrong in _faults(article, path).items():
        if wrong:
            raise ConfigError(f"{path}: {key}: {wrong}")
    return replace(article, title=article.title.strip())


def _reasons(error: ValidationError) -> str:
    rows: list[Any] = error.errors()
    return "; ".join(f"{'.'.join(map(str, row['loc']))}: {row['msg']}" for row in rows)


def _faults(article: DemoArticle, path: Path) -> dict[str, str]:
    return {
        "id": "" if article.id == path.stem else f"{article.id!r} is not the file's name",
        "site": "" if article.site in SITES else f"{article.site!r} is none of {', '.join(SITES)}",
        "slug": "" if SLUG.match(article.slug) else f"{article.slug!r} is no part of an address",
        "published": "" if article.published.tzinfo else "has no offset such as +05:00",
        "title": "" if article.title.strip() else "is empty",
        "body": "" if article.blocks else "is empty",
        "images": "; ".join(i.file for i in article.images if "/" in i.file),
    }


def _plain(line: str) -> DemoBlock:
    return DemoBlock("paragraph", line)


def _marked(line: str) -> DemoBlock:
    ordered = ORDERED.fullmatch(line)
    if ordered:
        return DemoBlock("ordered", ordered[2], int(ordered[1]))
    signs: tuple[tuple[str, Kind], ...] = (
        ("## ", "heading"),
        ("> ", "quote"),
        ("- ", "unordered"),
    )
    for sign, kind in signs:
        if line.startswith(sign):
            return DemoBlock(kind, line.removeprefix(sign).strip())
    return _plain(line)


def _spoken(block: DemoBlock) -> str:
    return f"{block.number}. {block.text}" if block.kind == "ordered" else block.text
