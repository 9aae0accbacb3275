"""Stores for the tests of index and search: the demo's articles, and articles made on the spot."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from crawler import vocabulary
from crawler.model import Article, Block, Event
from crawler.store.store import Store

DEMO = Path(__file__).parent.parent / "demoweb" / "articles"
SEEN = datetime(2026, 11, 1, 12, tzinfo=UTC)


def article(number: int, title: str, text: str = "", **told: Any) -> Article:
    """An article at a URL of its own; paragraphs parted by blank lines."""
    blocks = tuple(Block(part) for part in text.split("\n\n") if part)
    facts = {"language": "kk", "site": "mura", "layout": "test", **told}
    return Article(url=f"https://mura.example/{number}", title=title, blocks=blocks, **facts)


def fill(data: Path, articles: Iterable[tuple[Article, Event]]) -> Store:
    """A store of a data folder with the articles, all seen at the same time."""
    store = Store.open(data)
    for one, event in articles:
        store.articles.save(one, event, SEEN)
    return store


@cache
def demo_articles() -> tuple[tuple[Article, Event], ...]:
    """The articles that the demo sites publish, with the facts written beside them."""
    return tuple(_demo(path) for path in sorted(DEMO.glob("*/*.toml")))


def _demo(path: Path) -> tuple[Article, Event]:
    told = tomllib.loads(path.read_text("utf-8"))
    event = dict(told.get("event", {}))
    kinds = (vocabulary.kind_id(kind) for kind in event.pop("kinds", ()))
    region = vocabulary.region_id(event.pop("region", ""))
    known = {
        key: event[key] for key in ("starts", "ends", "venue", "city", "online") if key in event
    }
    made = Article(
        url=f"https://{told['site']}.example/{told['slug']}",
        title=told["title"],
        blocks=tuple(Block(part) for part in told["body"].strip().split("\n\n")),
        language=told["language"],
        layout="demo",
        site=told["site"],
        published=told["published"],
    )
    organisers = tuple(event.get("organisers", ()))
    facts = Event(
        kinds=tuple(kind for kind in kinds if kind), region=region, organisers=organisers, **known
    )
    return made, facts


@cache
def demo_names() -> dict[str, str]:
    """The file names of the demo's articles by the URLs they have here."""
    return {_demo(path)[0].url: path.stem for path in sorted(DEMO.glob("*/*.toml"))}
