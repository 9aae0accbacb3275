"""The first look, step by step: front page, sources, news pages, two articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.discover.found import page_address
from crawler.discover.listing import links_in_listing
from crawler.discover.urls import canonical_url, matches
from crawler.errors import JarshyError
from crawler.model import Capture
from crawler.options import CrawlOptions
from crawler.recognition.layouts import Learnt, learn
from crawler.recognition.listings import Listing, listing_on, news_pages
from crawler.recognition.looking import Looked, look
from crawler.recognition.proposal import Findings, Proposal, proposal
from crawler.recognition.sources import SAMPLES, are_usual, likely_sources, sections, tried
from crawler.recognition.systems import (
    language_fronts,
    languages_of,
    system_of,
    title_of,
    tree_of,
)
from crawler.sites import SITE_ID, Site, Source, cms_defaults, web_place

MOST_FRONTS = 4


class NotRecognisedError(JarshyError):
    """The site's front page could not be had."""


def recognise(url: str, options: CrawlOptions | None = None, private: bool = False) -> Proposal:
    """Look at a site's front page, its likely sources and a few articles; some twenty requests.

    `private` allows addresses of one's own network. Raises NotRecognisedError when the front
    page can't be had or is no page, saying why.
    """
    site = _bare_site(url, private)
    robots = f"{site.url}robots.txt"
    looked = look(site, [site.url, robots], options)
    front = _front(site, looked)
    if not site.covers(front.url):
        front = looked.answers[site.url]
    cms = system_of(front)
    site = _with_defaults(site, cms)
    asked = likely_sources(front, looked.answers.get(robots), site, cms)
    fronts = [front, *_other_fronts(front, site, options)]
    news = news_pages(fronts, site)
    answers = look(site, [*asked, *news], options)
    sources, remarks, articles = tried(site, asked, answers)
    pages = [page for url in news if (page := answers.answers.get(url))]
    found = Findings(site, cms, languages_of(front), title_of(front), tuple(sources))
    if cms == "unknown":
        found, more = _by_lists(found, [*pages, *fronts])
        articles = [*more, *articles]
    elif "news_sources" in cms_defaults(cms):
        found = replace(found, news=tuple(sections(pages, site)))
        remarks += [f"yes section {url}" for url in found.news]
    else:
        found = replace(found, usual=are_usual(sources, site, cms))
    learnt = _samples(site, articles, options)
    remarks += [*found.remarks, *_told(learnt)]
    return proposal(replace(found, layout=learnt.layout, remarks=tuple(remarks)))


def _by_lists(found: Findings, pages: Sequence[Capture]) -> tuple[Findings, list[str]]:
    """The findings with the lists that stand on news pages, and the articles they name."""
    site = found.site
    lists = _listings(pages, site)
    remarks = [f"yes listing {one.url}: {len(one.articles)} articles" for one in lists]
    remarks += [text for one in lists for text in _further(one, pages, site)]
    kept = [one for one in found.sources if one.kind != "listing"]
    kept += [Source(kind="listing", url=one.url, links=one.links) for one in lists]
    told = replace(
        found,
        sources=tuple(kept),
        match=tuple(dict.fromkeys(one.match for one in lists)),
        keep=tuple(dict.fromkeys(name for one in lists for name in one.keep)),
        remarks=tuple(remarks),
    )
    return told, [url for one in lists for url in one.articles]


def _bare_site(url: str, private: bool) -> Site:
    address = url if "://" in url else f"https://{url}"
    if web_place(address) is None:
        raise NotRecognisedError(f"{url!r} is no web address", "Give it as https://library.kz/")
    parts = urlsplit(address)
    root = f"{parts.scheme}://{parts.netloc}/"
    name = (parts.hostname or "").removeprefix("www.").rpartition(".")[0].replace(".", "-")
    told = {"id": name if SITE_ID.match(name) else "new-site", "name": {"kk": name or "?"}}
    # One's own machine needs no second of rest between requests.
    own = {"allow_private_addresses": True, "delay_seconds": 0.1} if private else {}
    return Site.model_validate({**told, "url": root, **own})


def _front(site: Site, looked: Looked) -> Capture:
    front = looked.answers.get(site.url) or looked.answers.get(canonical_url(site.url, site))
    if front is None or front.status != 200:
        told = looked.reasons.get(site.url)
        why = told or next(iter(looked.notes), "no answer")
        remedy = "Look whether it opens in a browser, and what its robots.txt says."
        raise NotRecognisedError(f"{site.url}: the front page could not be fetched: {why}", remedy)
    kind = (front.header("Content-Type") or "text/html").lower()
    if "html" not in kind:
        remedy = "Give the address that shows the library's front page in a browser."
        raise NotRecognisedError(f"{site.url}: no web page but {kind[:60]}", remedy)
    return front


def _other_fronts(front: Capture, site: Site, options: CrawlOptions | None) -> list[Capture]:
    """The front pages in other languages, and the pages that one made of frames shows."""
    frames = [node.get("src") or "" for node in tree_of(front).iter("frame", "iframe")]
    urls = (page_address(one, front.url, site) for one in (*frames, *language_fronts(front)))
    here = [url for url in urls if url and site.covers(url) and url not in (front.url, site.url)]
    wanted = list(dict.fromkeys(here))[:MOST_FRONTS]
    return list(look(site, wanted, options).answers.values()) if wanted else []


def _with_defaults(site: Site, cms: str) -> Site:
    """The site with what its system says of article addresses, so that samples are articles."""
    told = cms_defaults(cms)
    keys = ("match", "exclude", "keep_parameters", "identity")
    lists = {key: tuple(told[key]) for key in keys if key in told}
    return site.model_copy(update={**lists, "links": told.get("links")})


def _listings(pages: Sequence[Capture], site: Site) -> list[Listing]:
    """The lists of articles; the front page's only when no news page has one."""
    found: dict[str, Listing] = {}
    for page in pages:
        one = listing_on(page, site)
        if one is not None:
            found.setdefault(one.url, one)
    front = {canonical_url(site.url, site)}
    return [one for one in found.values() if len(found) == 1 or one.url not in front]


def _further(one: Listing, pages: Sequence[Capture], site: Site) -> list[str]:
    page = next(page for page in pages if page.url == one.url)
    source = Source(kind="listing", url=one.url, links=one.links)
    if links_in_listing(page, site, source).more:
        return []
    return [f"!   {one.url}: no link to a second page was found; if there is one, tell `pages`"]


def _samples(site: Site, articles: Sequence[str], options: CrawlOptions | None) -> Learnt:
    urls = [url for url in dict.fromkeys(articles) if matches(url, site)][:SAMPLES]
    answers = look(site, urls, options).answers if urls else {}
    return learn([page for url in urls if (page := answers.get(url))], site)


def _told(learnt: Learnt) -> list[str]:
    """What the sample articles tell, in words."""
    if not learnt.articles:
        return ["!   no article could be read: see that `sources` lead to articles"]
    names = dict.fromkeys(one.layout for one in learnt.articles)
    way = "a layout learnt from them" if learnt.layout else f"layout {', '.join(names)}"
    remarks = [f"yes {len(learnt.articles)} articles were read, by {way}"]
    remarks += [f"    «{one.title}», {len(one.paragraphs)} paragraphs" for one in learnt.articles]
    if not learnt.layout and "generic" in names:
        remarks.append("!   they were read generically; give the site a layout if texts come wrong")
    return remarks
