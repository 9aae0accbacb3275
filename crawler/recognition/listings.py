"""Where a site without a known system lists its news, told by the look of its links.

Article links stand together, in elements of one sort, with titles of several words; menus have
short ones. Of the groups of links on a page the one with the most and longest titles is taken.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml.etree import _Element as Element

from crawler.discover.found import page_address
from crawler.discover.urls import trouble_with
from crawler.model import Capture
from crawler.recognition.systems import tree_of
from crawler.sites import Site

MENU = re.compile(r"menu|nav|foot|crumb|pagin|lang|social|share|header|banner|login", re.IGNORECASE)
PLAIN_NAME = re.compile(r"[A-Za-z][\w-]{1,40}\Z")
TITLE = 15  # characters: what is shorter is a menu's word or "read more"
FEWEST = 3
YEAR = r"\d+"  # a folder of figures is most often a year, and next year's is another
MOST_OF_ONE = 4
MOST_PAGES = 8


@dataclass(frozen=True, slots=True)
class Listing:
    """A page that lists articles: `links` selects their links, `match` tells their addresses.

    `keep` are the query parameters that name an article.
    """

    url: str
    links: str
    match: str
    keep: tuple[str, ...]
    articles: tuple[str, ...]


@cache
def known_words() -> Mapping[str, list[str]]:
    """The words and addresses of `crawler/data/news.toml`."""
    return tomllib.loads((files("crawler") / "data" / "news.toml").read_text("utf-8"))


def news_pages(fronts: Sequence[Capture], site: Site) -> list[str]:
    """The links of front pages (or frames) that seem to lead to news, short ones first."""
    named = (url for front in fronts for url in _news_on(front, site)[:MOST_OF_ONE])
    return list(dict.fromkeys(named))[:MOST_PAGES]


def _news_on(front: Capture, site: Site) -> list[str]:
    found: set[str] = set()
    for anchor in tree_of(front).iter("a"):
        url = _address(anchor, front.url, site)
        text = _text(anchor).lower()
        told = f"{text} {url.lower()}" if url and len(text) < 40 else ""
        if url and url != front.url and any(word in told for word in known_words()["words"]):
            found.add(url)
    return sorted(found, key=lambda url: (len(url), url))


def listing_on(page: Capture, site: Site) -> Listing | None:
    """The article links of a page; None when no group of links looks like it."""
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for anchor in tree_of(page).iter("a"):
        url = _address(anchor, page.url, site)
        if url is None or url == page.url or _is_in_menu(anchor):
            continue
        for selector in _selectors(anchor):
            titles = groups[selector]
            titles[url] = max(titles.get(url, 0), len(_text(anchor)))
    good = {name: titles for name, titles in groups.items() if _is_list(titles)}
    if not good:
        return None
    # Among groups as good as each other the narrowest, which the first selectors are.
    best = max(good, key=lambda name: min(len(good[name]), 30) * _mean(good[name].values()))
    urls = [url for url, length in good[best].items() if length >= TITLE]
    match, keep = pattern_of(urls)
    return Listing(page.url, best, match, keep, tuple(urls))


def pattern_of(urls: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """What the addresses of articles have in common: an expression, and naming parameters."""
    queries = [dict(parse_qsl(urlsplit(url).query)) for url in urls]
    shared = set.intersection(*(set(query) for query in queries))
    naming = [name for name in shared if len({query[name] for query in queries}) > 1]
    if naming:
        name = max(naming, key=lambda one: len({query[one] for query in queries}))
        number = all(query[name].isdigit() for query in queries)
        value = r"\d+" if number else "[^&]+"
        return f"[?&]{re.escape(name)}={value}", tuple(sorted(shared))
    paths = [urlsplit(url).path.strip("/").split("/") for url in urls]
    common = _common(paths)
    tails = [path[len(common)] if len(path) > len(common) else "" for path in paths]
    start = "".join(rf"/{YEAR if part.isdigit() else re.escape(part)}" for part in common)
    return f"{start}/{_shape(tails)}", ()


def _shape(tails: Sequence[str]) -> str:
    if all(re.match(r"\d+\Z", tail) for tail in tails):
        return r"\d+"
    begin = r"\d+-" if all(re.match(r"\d+-", tail) for tail in tails) else ""
    end = next((e for e in (".html", ".htm", ".php") if all(t.endswith(e) for t in tails)), "")
    return f"{begin}[^?]+{re.escape(end)}" + ("$" if end else "")


def _common(paths: Sequence[Sequence[str]]) -> list[str]:
    """The folders that all paths begin with; the last part of a path is never one."""
    found = []
    for parts in zip(*(path[:-1] for path in paths), strict=False):
        if len(set(parts)) > 1:
            break
        found.append(parts[0])
    return found


def _is_list(titles: Mapping[str, int]) -> bool:
    long = [length for length in titles.values() if length >= TITLE]
    return len(long) >= FEWEST and 2 * len(long) >= len(titles)


def _mean(lengths: Iterable[int]) -> float:
    told = [min(length, 80) for length in lengths]
    return sum(told) / len(told)


def _address(anchor: Element, base: str, site: Site) -> str | None:
    href = str(anchor.get("href") or "").strip()
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:")):
        return None
    url = page_address(urljoin(base, href), base, site)
    return url if url and site.covers(url) and trouble_with(url) is None else None


def _text(anchor: Element) -> str:
    return " ".join("".join(str(piece) for piece in anchor.itertext()).split())


def _is_in_menu(anchor: Element) -> bool:
    for node in anchor.iterancestors():
        if node.tag in ("nav", "footer", "header"):
            return True
        if node.tag not in ("body", "html") and MENU.search(_names(node)):
            return True
    return False


def _names(node: Element) -> str:
    return f"{node.get('class') or ''} {node.get('id') or ''}"


def _selectors(anchor: Element) -> Iterator[str]:
    """Ways to select a link: by its class, by what it stands in, by the tags around it."""
    yield from (f"a.{name}" for name in _classes(anchor))
    around = list(anchor.iterancestors())[:4]
    for node in around:
        yield from (f".{name} a" for name in _classes(node))
        if node.get("id") and PLAIN_NAME.match(str(node.get("id"))):
            yield f"#{node.get('id')} a"
    yield from (f"{node.tag} a" for node in around if node.tag in ("h2", "h3", "h4", "li", "td"))
    yield "a"


def _classes(node: Element) -> list[str]:
    return [name for name in str(node.get("class") or "").split() if PLAIN_NAME.match(name)]
