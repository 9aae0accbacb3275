"""Collections of any size for measuring: articles of 250-400 words made of real sentences.

The sentences come from a file of passages (JSON Lines with `title`, `text`) and from the demo's
articles; titles, dates, kinds, regions and sites are drawn from the demo's. The same number and
seed always give the same collection. Words keep their true frequencies, as sentences are drawn
with equal chances; word forms are real ones.
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from crawler import vocabulary
from crawler.model import Article, Block, Event
from crawler.store.articles import fingerprint
from crawler.store.codec import to_json
from crawler.store.schema import articles, changes, versions
from crawler.store.store import Store

DEMO = Path(__file__).parent.parent / "demoweb" / "articles"
SEEN = datetime(2026, 11, 1, 12, tzinfo=UTC)
SITES = 97
BATCH = 2_000
KAZAKH = frozenset("әғқңөұүһі")


def passages(path: Path) -> list[tuple[str, list[str]]]:
    """Titles and sentences of a file of passages."""
    found = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            told = json.loads(line)
            found.append((told["title"], _sentences(told["text"])))
    return found


def demo_passages() -> list[tuple[str, list[str]]]:
    """Titles and sentences of the demo's articles."""
    told = (tomllib.loads(path.read_text("utf-8")) for path in sorted(DEMO.glob("*/*.toml")))
    return [(one["title"], _sentences(one["body"])) for one in told]


def _sentences(text: str) -> list[str]:
    return [part.strip() + "." for part in text.replace("\n", " ").split(". ") if part.strip()]


def made_articles(
    count: int, source: list[tuple[str, list[str]]], seed: int = 1
) -> Iterator[tuple[Article, Event]]:
    """`count` articles; every one tells of two or three of the passages."""
    draw = random.Random(seed)
    kazakh = [one for one in source if not KAZAKH.isdisjoint("".join(one[1]).lower())]
    russian = [one for one in source if KAZAKH.isdisjoint("".join(one[1]).lower())]
    kinds, regions = list(vocabulary.kinds()), list(vocabulary.regions())
    for number in range(count):
        language = draw.choices(("kk", "ru"), (9, 1))[0]
        told = russian if language == "ru" and russian else kazakh
        title, lead = draw.choice(told)
        sentences = list(lead)
        length = draw.randint(250, 400)
        while sum(len(sentence.split()) for sentence in sentences) < length:
            sentences.extend(draw.choice(told)[1])
        published = SEEN - timedelta(days=draw.randint(0, 3_000))
        article = Article(
            url=f"https://example.kz/{number}",
            title=f"{title} {number}",
            blocks=tuple(
                Block(" ".join(sentences[at : at + 4])) for at in range(0, len(sentences), 4)
            ),
            language=language,
            layout="made",
            site=f"site{draw.randint(1, SITES):02}",
            published=published,
        )
        event = Event(
            kinds=tuple(dict.fromkeys(draw.choices(kinds, k=draw.randint(0, 2)))),
            starts=(published - timedelta(days=draw.randint(0, 9))).date().isoformat(),
            region=draw.choice(regions),
        )
        yield article, event


def fill(data: Path, made: Iterator[tuple[Article, Event]]) -> None:
    """Put articles into a fresh store, many in one transaction."""
    with Store.open(data):
        pass
    engine = sa.create_engine(f"sqlite:///{data / 'store.sqlite'}")
    rows: list[tuple[int, Article, Event]] = []
    for number, (article, event) in enumerate(made, 1):
        rows.append((number, article, event))
        if len(rows) == BATCH:
            _insert(engine, rows)
            rows = []
    if rows:
        _insert(engine, rows)
    engine.dispose()


def _insert(engine: sa.Engine, rows: list[tuple[int, Article, Event]]) -> None:
    with engine.begin() as connection:
        connection.execute(
            articles.insert(),
            [
                {
                    "id": number,
                    "url": article.url,
                    "site": article.site,
                    "version": 1,
                    "sequence": number,
                    "fingerprint": fingerprint(article),
                    "first_seen": SEEN,
                    "last_seen": SEEN,
                }
                for number, article, _ in rows
            ],
        )
        connection.execute(
            versions.insert(),
            [
                {
                    "article_id": number,
                    "version": 1,
                    "created_at": SEEN,
                    "article": to_json(article),
                    "event": to_json(event),
                }
                for number, article, event in rows
            ],
        )
        connection.execute(
            changes.insert(),
            [{"sequence": n, "article_id": n, "what": "stored"} for n, _, _ in rows],
        )
