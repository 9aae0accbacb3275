"""A first look at a site: its content system, languages and sources, as a file to review."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from crawler.crawling import crawl
from crawler.discover.documents import read_source
from crawler.discover.found import SourceError
from crawler.discover.wordpress import newest_posts
from crawler.errors import JarshyError
from crawler.model import Capture
from crawler.options import CrawlOptions
from crawler.sites import SITE_ID, Site, Source, cms_defaults, web_place
from crawler.store.store import Store

LANGUAGES = {
    "kk": "kk",
    "kz": "kk",
    "ka": "kk",
    "kaz": "kk",
    "ru": "ru",
    "rus": "ru",
    "en": "en",
    "eng": "en",
}
MAX_SOURCES = 8


class NotRecognisedError(JarshyError):
    """The site's front page could not be had."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was found: `id` and `toml` of the file to review, `remarks` in words."""

    id: str
    cms: str
    languages: tuple[str, ...]
    sources: tuple[Source, ...]
    remarks: tuple[str, ...]
    toml: str


def recognise(url: str, options: CrawlOptions | None = None, private: bool = False) -> Proposal:
    """Look at a site's front page and its likely sources; about ten polite requests.

    `private` allows addresses of one's own network. Raises NotRecognisedError when the front
    page can't be had, saying why.
    """
    site = _bare_site(url, private)
    front = _captures(site, [site.url], options).get(site.url)
    if front is None or front.status != 200:
        remedy = "Look whether it opens in a browser, and what its robots.txt says."
        raise NotRecognisedError(f"{site.url}: the front page could not be fetched", remedy)
    cms = system_of(front)
    candidates = list(likely_sources(front, site, cms))[:MAX_SOURCES]
    asked = {_address(source): source for source in candidates}
    answers = _captures(site, list(asked), options)
    sources, remarks = _tried(site, asked, answers)
    return proposal(site, front, cms, sources, remarks)


def _bare_site(url: str, private: bool) -> Site:
    address = url if "://" in url else f"https://{url}"
    if web_place(address) is None:
        raise NotRecognisedError(f"{url!r} is no web address", "Give it as https://library.kz/")
    parts = urlsplit(address)
    root = f"{parts.scheme}://{parts.netloc}/"
    name = (parts.hostname or "").removeprefix("www.").rpartition(".")[0].replace(".", "-")
    told = {"id": name if SITE_ID.match(name) else "new-site", "name": {"kk": name or "?"}}
    return Site.model_validate({**told, "url": root, "allow_private_addresses": private})


def _captures(site: Site, urls: list[str], options: CrawlOptions | None) -> dict[str, Capture]:
    """The answers to some addresses, fetched with all manners and guards, by address asked."""
    with tempfile.TemporaryDirectory(prefix="jarshy-look-") as folder:
        crawl([site], Path(folder), options=options, look=urls)
        with Store.open(Path(folder)) as store:
            pages = store.captures.resources(site.id, "page")
            found = (store.captures.read(one) for one in store.captures.latest_ids(site.id))
            by_url = {pair[1].url: pair[1] for pair in found if pair is not None}
    led = {url: (page.state or "").removeprefix("leads to ") for url, page in pages.items()}
    return {url: by_url[goal] for url in urls if (goal := _goal(url, led, by_url)) in by_url}


def _goal(url: str, led: Mapping[str, str], known: Mapping[str, Capture]) -> str:
    return url if url in known else led.get(url, url)


@cache
def _marks() -> Mapping[str, list[str]]:
    return tomllib.loads((files("crawler") / "data" / "systems.toml").read_text("utf-8"))


def system_of(front: Capture) -> str:
    """The content system of a page, by `crawler/data/systems.toml`; `unknown` without a mark."""
    headers = "\n".join(f"{name}: {value}" for name, value in front.headers)
    text = (headers + front.body.decode("utf-8", "replace")).lower()
    score = {cms: sum(mark in text for mark in marks) for cms, marks in _marks().items()}
    best = max(score, key=lambda cms: score[cms])
    return best if score[best] else "unknown"


def languages_of(front: Capture) -> tuple[str, ...]:
    """The languages that a front page names: its own, its `hreflang`s, its language links."""
    root = _tree(front)
    told = [*root.xpath("/html/@lang"), *root.xpath("//link/@hreflang")]
    links = (urlsplit(urljoin(front.url, str(href))).path for href in root.xpath("//a/@href"))
    told += [path.strip("/").split("/")[0] for path in links]
    codes = (str(one).lower().split("-")[0].split("_")[0] for one in told)
    known = [LANGUAGES[code] for code in codes if code in LANGUAGES]
    return tuple(dict.fromkeys(known)) or ("kk", "ru")


def likely_sources(front: Capture, site: Site, cms: str) -> Iterator[Source]:
    """Sources worth asking: feeds that the page names, then those of its content system."""
    root = _tree(front)
    for link in root.xpath("//link[@type='application/rss+xml' or @type='application/atom+xml']"):
        address = urljoin(front.url, str(link.get("href") or ""))
        if site.covers(address) and "comment" not in address:
            yield Source(kind="feed", url=address)
    base = site.url.rstrip("/")
    for told in cms_defaults(cms).get("sources", ()):
        filled = {
            k: v.replace("{site}", base) if isinstance(v, str) else v for k, v in told.items()
        }
        yield Source.model_validate(filled)
    if cms == "unknown":
        yield Source(kind="wordpress", url=f"{base}/wp-json/wp/v2/posts")
        yield Source(kind="sitemap", url=f"{base}/sitemap.xml")


def _address(source: Source) -> str:
    return newest_posts(source.url) if source.kind == "wordpress" else source.url


def _tried(
    site: Site, asked: Mapping[str, Source], answers: Mapping[str, Capture]
) -> tuple[list[Source], list[str]]:
    working, remarks = [], []
    for url, source in asked.items():
        capture = answers.get(url)
        try:
            found = read_source(source, capture, site) if capture else None
        except SourceError as error:
            remarks.append(str(error))
            continue
        links = len(found.mentions) + len(found.parts) if found else 0
        if links:
            working.append(source)
            remarks.append(f"{source.kind} {source.url}: {links} links")
        else:
            remarks.append(f"{source.kind} {source.url}: nothing there")
    return working, remarks


def proposal(
    site: Site, front: Capture, cms: str, sources: list[Source], remarks: list[str]
) -> Proposal:
    """The file that a site with these findings would have."""
    languages = languages_of(front)
    title = _title(front) or site.id
    lines = [
        f"# Proposed on {datetime.now(UTC):%Y-%m-%d}: look through it, fill in region and names,",
        f"# then try `jarshy sites check {site.id}`.",
        f"url = {_quoted(site.url)}",
        f"cms = {_quoted(cms)}",
        '# region = ""  # an id of crawler/data/regions.toml',
        f"languages = [{', '.join(map(_quoted, languages))}]",
        *_source_lines(sources),
        'guessed = ["cms", "sources", "name"]',
        "",
        "[name]",
        f"kk = {_quoted(title)}",
    ]
    if not sources:
        remarks = [*remarks, "no source was found: name one (docs/adding-a-site.md)"]
    toml = "\n".join(lines) + "\n"
    return Proposal(site.id, cms, languages, tuple(sources), tuple(remarks), toml)


def _source_lines(sources: list[Source]) -> Iterator[str]:
    if not sources:
        return
    yield "sources = ["
    for source in sources:
        told = source.model_dump(exclude_defaults=True, exclude_none=True)
        pairs = ", ".join(f"{key} = {_value(value)}" for key, value in told.items())
        yield f"  {{ {pairs} }},"
    yield "]"


def _value(value: object) -> str:
    return str(value) if isinstance(value, int) else _quoted(str(value))


def _quoted(text: str) -> str:
    plain = "".join(c for c in text if c.isprintable())
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _title(front: Capture) -> str:
    found = _tree(front).findtext(".//title") or ""
    return " ".join(found.split())[:200]


def _tree(front: Capture) -> html.HtmlElement:
    text = front.body.decode("utf-8", "replace").replace("\x00", "")
    try:
        return html.document_fromstring(text or "<html></html>")
    except (etree.ParserError, ValueError):
        return html.document_fromstring("<html></html>")
