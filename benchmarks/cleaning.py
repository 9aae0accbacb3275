"""How well and how fast pages become articles, beside trafilatura in the same run.

    python benchmarks/cleaning.py [--news FOLDER] [--rounds N]

Known layouts: every article of the demo web in its system's markup. Unknown layouts: the same
pages without their site, their class names and ids garbled. FOLDER is scrapinghub's
article-extraction-benchmark as `gold.json` and `<page>.html.gz`; the score there is theirs
(runs of four words, precision and recall averaged over pages). Speeds are medians of N rounds
on one core; each tool reads the same bytes and parses them itself.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import trafilatura

from crawler.clean.pipeline import clean
from crawler.errors import ExtractionError
from crawler.extract.page import extract
from crawler.model import Capture
from crawler.sites import Site
from demoweb.articles import expected_paragraphs, load_articles
from demoweb.web import DemoWeb

NAMES = re.compile(r"\b(class|id)=(\"[^\"]*\"|'[^']*')")


@dataclass(frozen=True)
class Page:
    capture: Capture
    site: Site | None
    gold: tuple[str, ...]


def ours(page: Page) -> tuple[str, ...]:
    try:
        return clean(extract(page.capture, page.site)).paragraphs
    except ExtractionError:
        return ()


def theirs(page: Page) -> tuple[str, ...]:
    text = trafilatura.extract(page.capture.body, favor_precision=True, include_comments=False)
    return tuple((text or "").split("\n"))


def demo_pages() -> list[Page]:
    articles = load_articles()
    with DemoWeb(articles, first_port=0) as web:
        sites = {site.id: site for site in web.sites}
        return [
            Page(fetched(web.address_of(a.id)), sites[a.site], expected_paragraphs(a))
            for a in articles
        ]


def fetched(url: str) -> Capture:
    with urlopen(url, timeout=10) as answer:
        return Capture(url, datetime.now(UTC), 200, tuple(answer.headers.items()), answer.read())


def garbled(page: Page) -> Page:
    """The page without the names that layouts go by."""
    old = page.capture
    charset = "windows-1251" if b"windows-1251" in old.body[:2000] else "utf-8"
    text = NAMES.sub("", old.body.decode(charset))
    body = Capture(old.url, old.fetched_at, old.status, old.headers, text.encode(charset))
    return Page(body, None, page.gold)


def news_pages(folder: Path) -> list[Page]:
    gold = json.loads((folder / "gold.json").read_text("utf-8"))
    headers = (("content-type", "text/html; charset=utf-8"),)
    now = datetime.now(UTC)
    return [
        Page(
            Capture(
                told["url"],
                now,
                200,
                headers,
                gzip.decompress((folder / f"{name}.html.gz").read_bytes()),
            ),
            None,
            (told["text"],),
        )
        for name, told in gold.items()
    ]


def word_f1(found: Iterable[str], gold: Iterable[str]) -> float:
    """F1 of bags of words."""
    have, want = (Counter(re.findall(r"\w+", " ".join(t).lower())) for t in (found, gold))
    return 2 * (have & want).total() / max((have.total() + want.total()), 1)


def runs(texts: Iterable[str], size: int = 4) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", " ".join(texts))
    return Counter(tuple(words[i : i + size]) for i in range(max(1, len(words) - size + 1)))


def news_f1(found: list[tuple[str, ...]], pages: list[Page]) -> tuple[float, float, float]:
    """Precision and recall of runs of four words averaged over pages, and their F1."""
    precisions, recalls = [], []
    for texts, page in zip(found, pages, strict=True):
        have, want = runs(texts), runs(page.gold)
        both = (have & want).total()
        precisions.append(both / max(have.total(), 1))
        recalls.append(both / max(want.total(), 1))
    p, r = statistics.mean(precisions), statistics.mean(recalls)
    return p, r, 2 * p * r / (p + r)


def speeds(pages: list[Page], rounds: int) -> dict[str, float]:
    """Pages a second of each tool: median of rounds that take turns."""
    seconds: dict[str, list[float]] = {"ours": [], "trafilatura": []}
    tools: tuple[tuple[str, Callable[[Page], object]], ...] = (
        ("ours", ours),
        ("trafilatura", theirs),
    )
    for _ in range(rounds):
        for name, tool in tools:
            start = time.process_time()
            for page in pages:
                tool(page)
            seconds[name].append(time.process_time() - start)
    return {name: len(pages) / statistics.median(times) for name, times in seconds.items()}


def report(title: str, pages: list[Page], rounds: int) -> None:
    for name, tool in (("ours", ours), ("trafilatura", theirs)):
        found = [tool(page) for page in pages]
        scores = [word_f1(texts, page.gold) for texts, page in zip(found, pages, strict=True)]
        exact = sum(texts == page.gold for texts, page in zip(found, pages, strict=True))
        line = f"{title:16} {name:12} word F1 {statistics.mean(scores):.4f}"
        print(f"{line}  lowest {min(scores):.4f}  to the letter {exact}/{len(pages)}")
    told(title, speeds(pages, rounds))


def told(title: str, speed: dict[str, float]) -> None:
    ratio = speed["ours"] / speed["trafilatura"]
    both = "  ".join(f"{name} {pages:.0f} pages/s" for name, pages in speed.items())
    print(f"{title:16} {both}  ratio {ratio:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="cleaning, beside trafilatura")
    parser.add_argument("--news", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    pages = demo_pages()
    report("known layouts", pages, asked.rounds)
    report("unknown layouts", [garbled(page) for page in pages], asked.rounds)
    if asked.news:
        news = news_pages(asked.news)
        for name, tool in (("ours", ours), ("trafilatura", theirs)):
            found = [tool(page) for page in news]
            p, r, f1 = news_f1(found, news)
            empty = sum(not "".join(texts).strip() for texts in found)
            print(
                f"{'news':16} {name:12} P {p:.3f} R {r:.3f} F1 {f1:.4f}  empty {empty}/{len(news)}"
            )
        told("news", speeds(news, max(asked.rounds // 2, 1)))


if __name__ == "__main__":
    main()
