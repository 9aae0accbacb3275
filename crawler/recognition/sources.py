"""The sources worth asking at a site, and which of them give links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from urllib.parse import urljoin

from crawler.discover.documents import read_source
from crawler.discover.found import SourceError
from crawler.discover.urls import canonical_url, matches
from crawler.discover.wordpress import newest_posts
from crawler.model import Capture
from crawler.recognition.listings import known_words
from crawler.recognition.looking import Looked
from crawler.recognition.systems import tree_of
from crawler.sites import Site, Source, cms_defaults

MAX_SOURCES = 16
SAMPLES = 3
ORDER = ("wordpress", "feed", "sitemap", "listing")
FEED_TYPES = ("application/rss+xml", "application/atom+xml")


def likely_sources(
    front: Capture, robots: Capture | None, site: Site, cms: str
) -> dict[str, Source]:
    """Sources worth asking, by the address to ask: named by the page or robots.txt, then usual."""
    found: dict[str, Source] = {}
    for source in (*_named(front, robots, site), *_usual(site, cms)):
        if site.covers(source.url):
            found.setdefault(_address(source), source)
    return dict(list(found.items())[:MAX_SOURCES])


def _named(front: Capture, robots: Capture | None, site: Site) -> Iterator[Source]:
    root = tree_of(front)
    for link in root.iter("link"):
        address = _joined(front.url, link.get("href") or "")
        if link.get("type") in FEED_TYPES and address and "comment" not in address:
            yield Source(kind="feed", url=address)
    for line in robots.body.decode("utf-8", "replace").splitlines()[:500] if robots else ():
        name, _, value = line.partition(":")
        if name.strip().lower() == "sitemap" and value.strip():
            yield Source(kind="sitemap", url=urljoin(site.url, value.strip()))


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return ""


def _usual(site: Site, cms: str) -> Iterator[Source]:
    base = site.url.rstrip("/")
    for told in cms_defaults(cms).get("sources", ()):
        filled = {
            k: v.replace("{site}", base) if isinstance(v, str) else v for k, v in told.items()
        }
        yield Source.model_validate(filled)
    if cms == "unknown":
        yield Source(kind="wordpress", url=f"{base}/wp-json/wp/v2/posts")
        for kind in ("feed", "sitemap"):
            for path in known_words()[f"{kind}s"]:
                yield Source(kind=kind, url=f"{base}/{path}")


def _address(source: Source) -> str:
    return newest_posts(source.url) if source.kind == "wordpress" else source.url


def tried(
    site: Site, asked: Mapping[str, Source], looked: Looked
) -> tuple[list[Source], list[str], list[str]]:
    """The sources that give links, the articles they name first, and a remark on each source."""
    working: list[Source] = []
    remarks: list[str] = []
    articles: list[str] = []
    for url, source in asked.items():
        capture = looked.answers.get(url)
        try:
            found = read_source(source, capture, site) if capture else None
        except SourceError as error:
            remarks.append(f"no  {source.kind}: {error.message}")
            continue
        links = len(found.mentions) + len(found.parts) if found else 0
        if found is None or not links:
            why = looked.reasons.get(url, "nothing there")
            remarks.append(f"no  {source.kind} {source.url}: {why}")
            continue
        working.append(source)
        remarks.append(f"yes {source.kind} {source.url}: {links} links")
        if source.kind != "sitemap":
            named = (one.link.url for one in found.mentions)
            articles += islice((one for one in named if matches(one, site)), SAMPLES)
    absent = [one for one in remarks if "the server answers 404" in one]
    if absent:
        remarks = [one for one in remarks if one not in absent]
        remarks.append(f"no  {len(absent)} other usual addresses of lists: not there")
    working.sort(key=lambda source: ORDER.index(source.kind))
    return _distinct(working, looked.answers), remarks, articles


def sections(pages: Iterable[Capture], site: Site) -> list[str]:
    """The news pages that list articles as the site's system does."""
    found = []
    for page in pages:
        source = Source(kind="listing", url=page.url)
        try:
            named = [one.link.url for one in read_source(source, page, site).mentions]
        except SourceError:
            continue
        if sum(matches(url, site) for url in named) >= SAMPLES:
            found.append(page.url)
    return found


def are_usual(sources: Sequence[Source], site: Site, cms: str) -> bool:
    """Whether sources are those that every site of the system starts from, or some of them."""
    usual = [_address(source) for source in _usual(site, cms)]
    return cms != "unknown" and all(_address(source) in usual for source in sources)


def _distinct(sources: Sequence[Source], answers: Mapping[str, Capture]) -> list[Source]:
    """Sources without those that only repeat another's document under a second address."""
    kept: dict[tuple[str, object], Source] = {}
    for source in sources:
        answer = answers.get(_address(source))
        same = (source.kind, canonical_url(answer.url) if answer else source.url)
        body = (source.kind, answer.body if answer else b"")
        if same not in kept and body not in kept:
            kept[same] = kept[body] = source
    return list(dict.fromkeys(kept.values()))
